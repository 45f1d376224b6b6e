"""Warnings up the chain, and no end without a reminder: on the fakes, with the real policy rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from backend.cases.access import Role
from backend.cases.case import Case, DuePromise, IdentityLevel, Resolution
from backend.cases.workflow import State
from backend.reference.escalation import stages
from backend.reference.loader import load
from backend.usecases.ports import Author
from backend.usecases.watch_deadlines import mind_silence, wait_of, warn_of_step, warn_offices
from tests.support.builders import NOW, a_case, digest
from tests.support.fakes import FakeUnitOfWork, Store, services

REFERENCE = load()


@dataclass
class FakeAlerts:
    raised: dict[tuple[str, str, date], datetime] = field(default_factory=dict)

    async def add(self, case_id: str, kind: str, due_on: date, at: datetime) -> bool:
        new = (case_id, kind, due_on) not in self.raised
        self.raised.setdefault((case_id, kind, due_on), at)
        return new

    async def raised_at(self, case_id: str, kind: str, due_on: date) -> datetime | None:
        return self.raised.get((case_id, kind, due_on))


@dataclass(frozen=True)
class Promise:
    due_on: date
    id: str = "a"
    desk: str = "64.08"
    filed_at: datetime = NOW


@dataclass
class Waiting:
    """One case that waits for its reporter, and the days that pass."""

    case: Case
    store: Store = field(default_factory=Store)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)

    async def day(self, on: date) -> bool:
        now = datetime.combine(on, NOW.timetz())
        async with FakeUnitOfWork(self.store) as uow:
            if not self.store.cases:
                await uow.cases.add(self.case, digest())
                if self.case.identity_level is not IdentityLevel.ANONYMOUS:
                    await uow.contacts.link(self.case.id, "percakapan")
            case = await uow.cases.by_id(self.case.id)
            assert case is not None
            done = await mind_silence(case, self.alerts, uow, services(), now)
            await uow.commit()
        return done

    @property
    def now(self) -> Case:
        return self.store.cases[self.case.id]


async def test_each_stage_is_raised_once() -> None:
    alerts, promise = FakeAlerts(), Promise(DuePromise(date(2026, 12, 11), "tes").on)
    found = [
        await warn_offices(promise, stages(), alerts, REFERENCE, NOW + timedelta(days=n)) for n in range(30)
    ]
    assert [one for one in found if one] == [("soon",), ("urgent",), ("late",), ("very_late",)]
    assert await warn_offices(promise, stages(), alerts, REFERENCE, NOW + timedelta(days=30)) == ()


async def test_a_new_promise_is_warned_of_anew() -> None:
    alerts, later = FakeAlerts(), NOW + timedelta(days=17)
    assert await warn_offices(Promise(date(2026, 12, 11)), stages(), alerts, REFERENCE, later)
    assert await warn_offices(Promise(date(2026, 12, 14)), stages(), alerts, REFERENCE, later)


@dataclass(frozen=True)
class Lying(Promise):
    """Received and left alone since Monday 23 November."""

    state: str = "received"
    since: datetime = NOW
    report_class: str = "complaint"
    oversight: bool = False


async def test_three_working_days_to_verify_and_five_to_respond() -> None:
    found = {}
    for state in ("received", "assigned", "reporter_replied", "in_progress"):
        alerts, case = FakeAlerts(), Lying(date(2026, 12, 11), state=state)
        on = [NOW + timedelta(days=n) for n in range(20)]
        told = [(day, await warn_of_step(case, stages(), alerts, REFERENCE, day)) for day in on]
        found[state] = [(day.date().isoformat(), *codes) for day, codes in told if codes]
    assert found == {
        "received": [("2026-11-27", "unverified")],
        "assigned": [("2026-12-01", "unanswered")],
        "reporter_replied": [("2026-12-01", "unanswered")],
        "in_progress": [],  # the promise itself runs
    }


def test_the_chain_ends_at_the_top_and_begins_at_the_office() -> None:
    by_code = {stage.code: stage.roles for stage in stages()}
    assert Role.AGENCY in by_code["soon"] and Role.LEADER not in by_code["late"]
    assert Role.LEADER in by_code["very_late"]
    assert all(Role.INSPECTOR in roles for roles in by_code.values())


async def test_reminder_first_then_closed_without_confirmation() -> None:
    waiting = Waiting(a_case(state=State.ANSWERED))
    wait = wait_of(waiting.case, REFERENCE)
    assert wait is not None
    assert not await waiting.day(wait.remind_on - timedelta(days=1))
    assert await waiting.day(wait.remind_on)
    assert waiting.now.state is State.ANSWERED
    assert [one.sentence for one in waiting.store.notices] == ["remind_answered"]
    assert not await waiting.day(wait.ends_on)
    assert await waiting.day(wait.ends_on + timedelta(days=3))
    assert (waiting.now.state, waiting.now.resolution) == (State.RESOLVED, Resolution.UNCONFIRMED)


async def test_after_a_late_reminder_there_is_still_time() -> None:
    waiting = Waiting(a_case(state=State.ANSWERED))
    wait = wait_of(waiting.case, REFERENCE)
    assert wait is not None
    late = wait.ends_on + timedelta(days=30)
    assert await waiting.day(late) and waiting.now.state is State.ANSWERED
    assert not await waiting.day(late + timedelta(days=1))
    assert await waiting.day(late + timedelta(days=10)) and waiting.now.state is State.RESOLVED


async def test_while_the_reminder_waits_on_its_way_nothing_ends() -> None:
    waiting = Waiting(a_case(state=State.ANSWERED))
    wait = wait_of(waiting.case, REFERENCE)
    assert wait is not None and await waiting.day(wait.remind_on)
    waiting.store.line_is_cut = True
    mended = wait.ends_on + timedelta(days=20)
    assert not await waiting.day(mended) and waiting.now.state is State.ANSWERED
    waiting.store.line_is_cut, waiting.store.line_was_mended_at = (
        False,
        datetime.combine(mended, NOW.timetz()),
    )
    assert not await waiting.day(mended + timedelta(days=1)), "it came today: there must be time to answer"
    assert await waiting.day(mended + timedelta(days=10)) and waiting.now.state is State.RESOLVED


async def test_missing_details_end_in_the_archive_with_a_reason() -> None:
    waiting = Waiting(a_case(state=State.AWAITING_REPORTER))
    wait = wait_of(waiting.case, REFERENCE)
    assert wait is not None
    await waiting.day(wait.remind_on)
    await waiting.day(wait.ends_on + timedelta(days=7))
    assert waiting.now.state is State.ARCHIVED
    assert waiting.now.events[-1].public_note == REFERENCE.sentence("closed_unanswered")


async def test_whoever_comes_back_by_code_finds_the_reminder_too() -> None:
    waiting = Waiting(a_case(state=State.ANSWERED))
    wait = wait_of(waiting.case, REFERENCE)
    assert wait is not None and await waiting.day(wait.remind_on)
    (notice,), (message,) = waiting.store.notices, waiting.store.thread
    assert message.text == notice.text and message.author is Author.SYSTEM


async def test_who_left_no_address_finds_the_reminder_in_the_thread() -> None:
    waiting = Waiting(a_case(state=State.ANSWERED, identity_level=IdentityLevel.ANONYMOUS))
    wait = wait_of(waiting.case, REFERENCE)
    assert wait is not None and await waiting.day(wait.remind_on)
    assert waiting.store.notices == []
    assert [one.author for one in waiting.store.thread] == [Author.SYSTEM]


async def test_an_open_case_is_nobodys_silence() -> None:
    waiting = Waiting(a_case(state=State.IN_PROGRESS))
    assert not await waiting.day(date(2030, 1, 1)) and waiting.alerts.raised == {}
