"""An officer keys a case in at LAPOR! and tells us its number; both numbers answer afterwards, as far as disclosure allows."""

import pytest

from backend.cases.case import IdentityLevel
from backend.cases.errors import HandOverRefused
from backend.cases.submission import HandOver, Progress, Way
from backend.cases.workflow import State
from backend.reference.loader import load
from backend.usecases.find_status import find_status
from backend.usecases.hand_on import record_by_hand
from backend.usecases.ports import Asker
from tests.support.builders import NOW, a_case, digest, later
from tests.support.fakes import FakeUnitOfWork, Store, services

REFERENCE = load()


async def register(store: Store, **changes: object) -> None:
    async with FakeUnitOfWork(store) as uow:
        await uow.cases.add(a_case(1, **changes), digest(1))
        await uow.cases.add(a_case(2), digest(2))
        await uow.commit()


async def mark(store: Store, n: int, typed: str) -> None:
    async with FakeUnitOfWork(store) as uow:
        case = await uow.cases.by_id(a_case(n).id)
        assert case is not None
        await record_by_hand(case, typed, "desk-1", uow, REFERENCE, NOW)
        await uow.commit()


async def test_the_number_is_kept_once() -> None:
    store = Store()
    await register(store)
    await mark(store, 1, " #7654321 ")
    await mark(store, 1, "7654321")
    line, case = store.handovers[a_case(1).id], store.cases[a_case(1).id]
    assert (line.way, line.by, line.their_number, line.progress) == (
        Way.MANUAL,
        "desk-1",
        "7654321",
        Progress.HANDED_ON,
    )
    assert case.lapor_tracking_id == "7654321"
    assert [event.what for event in case.events] == ["filed", "handed_on"] and len(store.audit) == 1


@pytest.mark.parametrize(
    ("n", "typed", "why"),
    [
        (2, "abc", "lapor_number_wrong"),
        (2, "1234", "lapor_number_wrong"),
        (2, "7654321", "lapor_number_taken"),
        (1, "7654322", "lapor_already"),
    ],
)
async def test_a_wrong_number_is_refused_with_a_sentence(n: int, typed: str, why: str) -> None:
    store = Store()
    await register(store)
    await mark(store, 1, "7654321")
    with pytest.raises(HandOverRefused) as refusal:
        await mark(store, n, typed)
    assert refusal.value.sentence == why and REFERENCE.sentence(why)


async def test_a_case_that_the_bridge_is_sending_is_left_to_it() -> None:
    store = Store()
    await register(store, state=State.ASSIGNED)
    case_id = a_case(1).id
    store.handovers[case_id] = HandOver(
        case_id, Way.API, Progress.SENDING, "bridge", NOW, tried_until=later(minutes=5)
    )
    with pytest.raises(HandOverRefused, match="lapor_busy"):
        await mark(store, 1, "7654321")


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "found"),
        ({"identity_level": IdentityLevel.CONFIDENTIAL}, "unknown"),
        ({"identity_level": IdentityLevel.ANONYMOUS}, "unknown"),
        ({"sensitive": True}, "unknown"),
        ({"oversight": True}, "unknown"),
    ],
)
async def test_lapors_number_opens_only_what_anybody_may_know(
    changes: dict[str, object], outcome: str
) -> None:
    store = Store()
    await register(store, **changes)
    await mark(store, 1, "7654321")
    async with FakeUnitOfWork(store) as uow:
        told = await find_status(Asker("asker"), "7654321", None, uow, services(), NOW)
        assert told.outcome == outcome
        if told.case:
            assert [told.case[name] for name in ("case_ref", "replies", "may")] == ["", [], []]
        strange = await find_status(Asker("asker"), "7654399", None, uow, services(), NOW)
        assert strange.outcome == "unknown"
        assert len(await uow.lookups.failures("asker", NOW)) == (1 if outcome == "found" else 2)
