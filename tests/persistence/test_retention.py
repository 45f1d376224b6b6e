"""What is older than it may be is found by the moment of closing first: it must be what looking at every history finds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backend.cases.case import REPORTER, SYSTEM, Event
from backend.cases.workflow import State
from backend.persistence.database import Database
from backend.persistence.retention import n_too_old, old_cases
from backend.persistence.unit_of_work import SqlUnitOfWork
from tests.bench.seeding import fill

pytestmark = pytest.mark.database

NOW = datetime.now(UTC)


async def test_old_cases_are_those_whose_history_ended_before(database: Database) -> None:
    await fill(database, 300)
    async with SqlUnitOfWork(database.requests, database.keys.vault) as uow:
        closed = [one for one in await uow.cases.page(limit=400) if one.is_closed]
        for case in closed[:5]:  # closed long ago, and something was written since
            await uow.cases.save(case.noted("noted", SYSTEM, NOW - timedelta(days=3)))
        for case in [one for one in closed[5:] if one.state is State.RESOLVED][:5]:  # opened again
            event = Event(
                len(case.events) + 1, "contest", case.state, State.REOPENED, NOW - timedelta(days=2), REPORTER
            )
            opened = replace(case, state=State.REOPENED, resolution=None, events=(*case.events, event))
            await uow.cases.save(opened)
        await uow.commit()
    async with SqlUnitOfWork(database.requests, database.keys.vault) as uow:
        register = await uow.cases.page(limit=400)
        for days in (1, 2.5, 30, 200, 365, 700, 1825):
            before = NOW - timedelta(days=days)
            expected = [
                one.id for one in register if one.is_closed and max(e.at for e in one.events) < before
            ]
            assert await old_cases(uow.transaction, before, 400) == sorted(expected), days
            assert await n_too_old(uow.transaction, "case_words", before) == len(expected)
        assert (
            await old_cases(uow.transaction, NOW, 7)
            == sorted(one.id for one in register if one.is_closed)[:7]
        )
