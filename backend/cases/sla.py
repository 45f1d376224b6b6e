"""Time limits: dated policy rows (3 / 5 / 10, 5 / 14 / 60, 30), and the date that a reporter is promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from backend.cases.case import Case, DuePromise, ReportClass
from backend.cases.workdays import Calendar, Zone, add_workdays, local_date, n_workdays_between
from backend.cases.workflow import PAUSED, Step


class Unit(StrEnum):
    """How a limit counts."""

    WORKDAYS = "workdays"
    DAYS = "days"


@dataclass(frozen=True)
class Limit:
    """One policy row. `report_class`, `oversight` and `area` are None or empty for *any*; `is_outer` marks the regency's own
    outer promise, which may shorten a date and never lengthens it."""

    step: Step
    amount: int
    unit: Unit
    legal_source: str
    valid_from: date
    valid_until: date | None = None
    report_class: ReportClass | None = None
    oversight: bool | None = None
    area: str = ""
    is_outer: bool = False

    def covers(self, step: Step, report_class: ReportClass, oversight: bool, area: str, on: date) -> bool:
        """True when the row is meant for this."""
        return (
            self.step is step
            and self.report_class in (None, report_class)
            and self.oversight in (None, oversight)
            and area.startswith(self.area)
            and self.valid_from <= on
            and (self.valid_until is None or on <= self.valid_until)
        )

    def end(self, start: date, calendar: Calendar) -> date:
        """The last day of the limit when it starts to run on `start`."""
        if self.unit is Unit.WORKDAYS:
            return add_workdays(start, self.amount, calendar)
        return start + timedelta(days=self.amount)


@dataclass(frozen=True)
class Question:
    """What a limit is asked for."""

    report_class: ReportClass
    oversight: bool
    area: str


class NoLimit(LookupError):
    """The policy has no row: a gap in the reference data, found when it is loaded."""


def find_limit(
    limits: Sequence[Limit], step: Step, about: Question, on: date, *, outer: bool = False
) -> Limit | None:
    """The first row that covers this on that day: rows are ordered from special to general."""
    for limit in limits:
        if limit.is_outer is outer and limit.covers(
            step, about.report_class, about.oversight, about.area, on
        ):
            return limit
    return None


def promise(limits: Sequence[Limit], about: Question, filed_on: date, calendar: Calendar) -> DuePromise:
    """The promised date of an answer for something filed that day, cut to the regency's outer promise; raises `NoLimit`."""
    limit = find_limit(limits, Step.ANSWER, about, filed_on)
    if limit is None:
        raise NoLimit(f"no answer limit for {about.report_class} in {about.area or 'any area'} on {filed_on}")
    due = DuePromise(limit.end(filed_on, calendar), limit.legal_source)
    outer = find_limit(limits, Step.ANSWER, about, filed_on, outer=True)
    if outer and (last := outer.end(filed_on, calendar)) < due.on:
        due = DuePromise(last, outer.legal_source)
    return replace(due, provisional=not calendar.knows(filed_on, due.on))


@dataclass(frozen=True)
class Pause:
    """Days on which the office could not go on; `end` is None while it lasts."""

    start: date
    end: date | None


def pauses_of(case: Case, zone: Zone) -> tuple[Pause, ...]:
    """When the case waited for its reporter, read from its history."""
    pauses: list[Pause] = []
    for event in case.events:
        if event.old is event.new:
            continue
        day = local_date(event.at, zone)
        if event.new in PAUSED:
            pauses.append(Pause(day, None))
        elif event.old in PAUSED and pauses:
            pauses[-1] = replace(pauses[-1], end=day)
    return tuple(pauses)


def extended(
    due: DuePromise, pauses: Sequence[Pause], today: date, calendar: Calendar, cap_workdays: int
) -> DuePromise:
    """The promise moved on by the working days of all pauses, at most `cap_workdays` of them."""
    n_paused = sum(n_workdays_between(pause.start, pause.end or today, calendar) for pause in pauses)
    return replace(due, on=add_workdays(due.on, min(n_paused, cap_workdays), calendar)) if n_paused else due


def is_overdue(due_on: date, today: date, *, is_closed: bool) -> bool:
    """True from the day after the due date while somebody still has to do something."""
    return not is_closed and today > due_on
