"""The clock on PostgreSQL: raised once whatever the number of processes, and an officer's digest holds what is in view."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from backend.cases.case import Actor, DuePromise, Resolution
from backend.cases.workflow import State, Step, standing_at
from backend.conversations.deadlines import WORKED_ON, Deadlines
from backend.persistence.alert_rows import SqlAlerts
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.reference.escalation import stages
from tests.persistence.test_desk_uow import ADMIN, OFFICE, desk, stored
from tests.support.builders import NOW, a_case
from tests.support.fakes import services
from tests.support.talk import Talk

pytestmark = pytest.mark.database

AT_VERIFICATION = {"unverified": standing_at(Step.VERIFY)}
SOON = DuePromise(date(2026, 11, 24), "tes")


def clocks(database: Database) -> Deadlines:
    talk = Talk(database)
    return Deadlines(
        opener(database.workers, database.keys.vault), services(), stages(), talk.pipeline.wakeups
    )


async def test_two_processes_warn_once_and_the_digest_keeps_to_the_view(database: Database) -> None:
    mine = a_case(1, state=State.ASSIGNED, due=SOON, at=NOW - timedelta(days=20))
    other = replace(mine.assignment, agency="dlh-64.08")
    await stored(
        database,
        mine,
        a_case(2, state=State.ASSIGNED, due=SOON, at=NOW - timedelta(days=20), assignment=other),
        a_case(3, state=State.ASSIGNED, due=SOON, at=NOW - timedelta(days=20), sensitive=True),
        a_case(4, state=State.ASSIGNED),
    )
    raised = await asyncio.gather(clocks(database).watch(NOW), clocks(database).watch(NOW))
    assert sum(raised) == 9  # two stages of the promise and one of the step, of three cases
    async with desk(database, OFFICE) as uow:
        found = await SqlAlerts(uow.transaction).digest(["soon", "urgent"], WORKED_ON, uow.scope)
        assert [(one.number, set(one.kinds)) for one in found] == [(mine.number, {"soon", "urgent"})]
    async with desk(database, ADMIN) as uow:
        assert len(await SqlAlerts(uow.transaction).digest(["urgent"], WORKED_ON, uow.scope)) == 3


async def test_a_case_that_lies_unverified_is_told_once_and_only_while_it_lies(database: Database) -> None:
    await stored(database, a_case(1), a_case(2, state=State.ASSIGNED))
    late = NOW + timedelta(days=4)
    assert sum(await asyncio.gather(clocks(database).watch(late), clocks(database).watch(late))) == 1
    assert await clocks(database).watch(late + timedelta(hours=1)) == 0
    await stored(
        database, a_case(3, state=State.RESOLVED, at=late + timedelta(hours=1))
    )  # what moves elsewhere changes nothing
    async with desk(database, ADMIN) as uow:
        digest = partial(
            SqlAlerts(uow.transaction).digest, [], WORKED_ON, uow.scope, of_steps=AT_VERIFICATION
        )
        assert [(one.number, one.kinds) for one in await digest()] == [(a_case(1).number, ("unverified",))]
        case = await uow.cases.by_id(a_case(1).id)
        assert case is not None
        taken_up = case.moved_to(
            State.IN_VERIFICATION, Actor(ADMIN.mover, ADMIN.id), late + timedelta(hours=2)
        )
        await uow.cases.save(taken_up)
        assert await digest() == ()
        await uow.commit()
    # Three working days later it lies at the next state of the same step.
    assert (
        await clocks(database).watch(late + timedelta(days=7)) == 1 + 1
    )  # and the other one's office is late


async def test_a_silent_reporter_is_reminded_before_the_end(database: Database) -> None:
    case = a_case(1, state=State.ANSWERED)
    await stored(database, case)
    clock = clocks(database)
    assert await clock.watch(NOW + timedelta(days=40)) == 1
    assert await clock.watch(NOW + timedelta(days=41)) == 0
    assert await clock.watch(NOW + timedelta(days=55)) == 1
    async with desk(database, OFFICE) as uow:
        closed = await uow.cases.by_id(case.id)
    assert closed is not None and (closed.state, closed.resolution) == (
        State.RESOLVED,
        Resolution.UNCONFIRMED,
    )
