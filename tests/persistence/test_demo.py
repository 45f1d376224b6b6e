"""The demo: every state and every role, in an empty database only."""

from collections import Counter
from dataclasses import replace

import pytest

from backend.cases.access import Role
from backend.cases.workflow import State
from backend.demo import POSITIONS, Demo, NotEmpty
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from tests.support.builders import NOW
from tests.support.fakes import services

pytestmark = pytest.mark.database


async def test_every_state_is_there_and_a_second_time_is_refused(database: Database) -> None:
    vault = database.keys.vault
    demo = Demo(database, replace(services(), codes=vault, refs=SealedCaseRefs(vault)), NOW)
    links = await demo.fill()
    async with opener(database.requests, vault)() as uow:
        cases = await uow.cases.page()
        assert await uow.audit.broken_chains() == ()
    states = Counter(case.state for case in cases)
    assert len(cases) >= 60 and set(states) == set(State) - {State.MERGED}
    assert all(case.filed_at <= case.events[-1].at <= NOW for case in cases)
    assert {role for _, _, role, _ in POSITIONS} == set(Role) and len(links) == len(POSITIONS)
    with pytest.raises(NotEmpty):
        await demo.fill()
