"""What time does to a case: warnings up the chain of office, a reminder to a silent reporter, and only then an end that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from backend.cases.case import SYSTEM, Case, ReportClass
from backend.cases.sla import Limit, Question, find_limit
from backend.cases.urgency import Stage, stages_reached
from backend.cases.workdays import add_workdays, n_workdays_between
from backend.cases.workflow import CLOCK, State
from backend.reference.loader import Reference
from backend.usecases.move_case import MoveOrder, move_case
from backend.usecases.ports import Author, News, Notice, ThreadMessage, UnitOfWork
from backend.usecases.services import Services

REMINDED = "reminded"
# Working days that a reporter has after the reminder, however late it came.
AFTER_REMINDER = 3
ENDS = {State.ANSWERED: State.RESOLVED, State.AWAITING_REPORTER: State.ARCHIVED}
REMINDERS = {State.ANSWERED: News.REMIND_ANSWERED, State.AWAITING_REPORTER: News.REMIND_AWAITING}
REASONS = {State.ARCHIVED: "closed_unanswered"}


class Alerts(Protocol):
    """What was raised, once for one promise (or one limit of a waiting case)."""

    async def add(self, case_id: str, kind: str, due_on: date, at: datetime) -> bool:
        """Whether it is new."""

    async def raised_at(self, case_id: str, kind: str, due_on: date) -> datetime | None: ...


class HasPromise(Protocol):
    """What the clock needs of an open case."""

    @property
    def id(self) -> str: ...
    @property
    def desk(self) -> str: ...
    @property
    def filed_at(self) -> datetime: ...
    @property
    def due_on(self) -> date: ...


class Stands(Protocol):
    """A case that stands in one state `since` then."""

    @property
    def desk(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    @property
    def report_class(self) -> str: ...
    @property
    def oversight(self) -> bool: ...


class Standing(HasPromise, Stands, Protocol):
    """Both of one case."""


def running_limit(case: Stands, reference: Reference) -> tuple[date, Limit] | None:
    """The limit of the state that the case stands in, and the day on which it began to run; None when the policy sets none."""
    step, began = CLOCK.get(State(case.state)), reference.today(case.since, case.desk)
    about = Question(ReportClass(case.report_class), case.oversight, case.desk)
    limit = find_limit(reference.limits, step, about, began) if step else None
    return (began, limit) if limit else None


def step_span(case: Stands, reference: Reference) -> tuple[date, date] | None:
    """First and last day of the step that the case stands in; None when the policy sets it no limit."""
    running = running_limit(case, reference)
    return (running[0], running[1].end(running[0], reference.calendar(case.desk))) if running else None


async def warn_of_step(
    case: Standing, stages: tuple[Stage, ...], alerts: Alerts, reference: Reference, now: datetime
) -> tuple[str, ...]:
    """Codes of the stages that were reached and not raised before, for a case that lies at one step of its way."""
    span = step_span(case, reference)
    if span is None:
        return ()
    today, calendar = reference.today(now, case.desk), reference.calendar(case.desk)
    reached = stages_reached(stages, *span, today, calendar, CLOCK[State(case.state)])
    return tuple([one.code for one in reached if await alerts.add(case.id, one.code, span[1], now)])


async def warn_offices(
    promise: HasPromise, stages: tuple[Stage, ...], alerts: Alerts, reference: Reference, now: datetime
) -> tuple[str, ...]:
    """Codes of the stages that were reached and not raised before, for a case that an office works on."""
    today, filed_on = reference.today(now, promise.desk), reference.today(promise.filed_at, promise.desk)
    reached = stages_reached(stages, filed_on, promise.due_on, today, reference.calendar(promise.desk))
    return tuple([one.code for one in reached if await alerts.add(promise.id, one.code, promise.due_on, now)])


@dataclass(frozen=True)
class Wait:
    """How long a case waits for its reporter: `remind_on` is half of the limit, `ends_on` its last day."""

    remind_on: date
    ends_on: date


def wait_of(case: Case, reference: Reference) -> Wait | None:
    """None when it does not wait for the reporter, or the policy sets no limit."""
    running = running_limit(case, reference) if case.state in ENDS else None
    if running is None:
        return None
    began, limit = running
    calendar = reference.calendar(case.desk)
    return Wait(add_workdays(began, max(1, limit.amount // 2), calendar), limit.end(began, calendar))


def shortest_silence(reference: Reference) -> int:
    """Whole days that pass in any case before a reporter is reminded: half of the shortest limit, but the first, which has begun."""
    steps = {CLOCK[state] for state in ENDS}
    return max(
        0, min((limit.amount // 2 for limit in reference.limits if limit.step in steps), default=1) - 1
    )


async def mind_silence(
    case: Case, alerts: Alerts, uow: UnitOfWork, services: Services, now: datetime
) -> bool:
    """Whether the reporter was reminded, or the case ended: silent for the whole limit and a while after the reminder had gone out.

    Raises `StaleCase` when somebody moved it at the same moment.
    """
    reference = services.reference
    wait, today = wait_of(case, reference), reference.today(now, case.desk)
    if wait is None or today < wait.remind_on:
        return False
    if await alerts.add(case.id, REMINDED, wait.ends_on, now):
        await _remind(case, wait.ends_on, uow, services, now)
        return True
    reminded = await _reminded_at(case, wait.ends_on, alerts, uow)
    calendar = reference.calendar(case.desk)
    if reminded is None or today <= wait.ends_on:
        return False
    if n_workdays_between(reference.today(reminded, case.desk), today, calendar) <= AFTER_REMINDER:
        return False
    end = ENDS[case.state]
    reason = reference.sentence(REASONS[end]) if end in REASONS else ""
    await move_case(MoveOrder(case.id, case.version, end, SYSTEM, reason), uow, services, now)
    return True


async def _reminded_at(case: Case, ends_on: date, alerts: Alerts, uow: UnitOfWork) -> datetime | None:
    """When the reminder had gone out; None as long as it waits on its way, say for a window of WhatsApp."""
    raised = await alerts.raised_at(case.id, REMINDED, ends_on)
    conversation = await uow.contacts.recipient(case.id)
    if raised is None or conversation is None:
        return raised
    return await uow.outbox.settled_at(conversation, raised)


async def _remind(case: Case, ends_on: date, uow: UnitOfWork, services: Services, now: datetime) -> None:
    """To the channel, and into the thread, where the code finds it: who left no address, or is out of reach, has no other way."""
    reference, kind = services.reference, REMINDERS[case.state]
    text = reference.sentence(kind, number=case.number, day=reference.date_label(ends_on))
    conversation = await uow.contacts.recipient(case.id)
    if conversation is not None:
        await uow.outbox.add(Notice(services.random.token_hex(16), case.id, conversation, kind, text, now))
    await uow.thread.add(
        ThreadMessage(services.random.token_hex(16), case.id, Author.SYSTEM, text, case.time_kept(now))
    )
