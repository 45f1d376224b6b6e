"""A deadline as officers read it: a day, how many working days are left, and how much of the time is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from backend.cases.case import Case
from backend.cases.sla import is_overdue
from backend.cases.workdays import n_workdays_between
from backend.cases.workflow import CLOCK, KIND, Kind, State, Step
from backend.reference.loader import Reference
from backend.usecases.watch_deadlines import step_span

SOON, NOW = 75, 90
# Of the officers' own: what else runs is the promise itself, or waits for the reporter.
STEPS = frozenset({Step.VERIFY, Step.RESPOND})


class Dated(Protocol):
    """A case or a row of the list."""

    @property
    def state(self) -> str: ...
    @property
    def due_on(self) -> date: ...
    @property
    def filed_at(self) -> datetime: ...


@dataclass(frozen=True)
class Deadline:
    """`label` as in "Sen 24 Nov, 3 hari kerja lagi"; `percent` of the time gone (0 … 100); `heat` is calm, soon, now, late or over."""

    label: str
    percent: int
    heat: str


@dataclass(frozen=True)
class StepDeadline:
    """Until when the office at this step of the way has to act; `name` is the step as officers call it."""

    name: str
    deadline: Deadline


@dataclass(frozen=True)
class _Span:
    state: str
    due_on: date
    filed_at: datetime


def step_deadline(case: Case, today: date, reference: Reference) -> StepDeadline | None:
    """How the step of a case stands; None where the only limit is that of the whole promise."""
    step, span = CLOCK.get(case.state), step_span(case, reference)
    if step not in STEPS or span is None:
        return None
    shown = deadline(_Span(case.state, span[1], case.since), today, reference, case.desk)
    return StepDeadline(reference.sentence(f"step_{step}"), shown)


def deadline(dated: Dated, today: date, reference: Reference, desk: str) -> Deadline:
    """How the promise of a case stands today."""
    due, calendar = dated.due_on, reference.calendar(desk)
    weekday, months = reference.sentence("weekdays").split("|"), reference.sentence("months").split("|")
    day = f"{weekday[due.weekday()][:3]} {due.day} {months[due.month - 1][:3]}"
    if KIND[State(dated.state)] is Kind.CLOSED:
        return Deadline(day, 100, "over")
    if is_overdue(due, today, is_closed=False):
        n = n_workdays_between(due, today, calendar)
        return Deadline(reference.sentence("deadline_late", day=day, n=n), 100, "late")
    filed = reference.today(dated.filed_at, desk)
    whole, gone = n_workdays_between(filed, due, calendar), n_workdays_between(filed, today, calendar)
    percent = min(100, round(100 * gone / whole)) if whole else 100
    left = n_workdays_between(today, due, calendar)
    key = "deadline_today" if due == today else "deadline_left"
    heat = "now" if percent >= NOW else "soon" if percent >= SOON else "calm"
    return Deadline(reference.sentence(key, day=day, n=left), percent, heat)
