"""Answers that officers marked stand at LAPOR! once, in their order, whatever the line does; others never leave."""

from collections import deque
from dataclasses import replace

import pytest

from backend.cases.case import IdentityLevel
from backend.usecases.hand_on import mark_for_lapor
from backend.usecases.ports import Author, ThreadMessage
from tests.fake_lapor.server import FAULTS
from tests.lapor.test_bridge import Stand
from tests.support.builders import a_case, later

PHONE = "0812" + "5550" + "1779"
NUMBER = "7000001"


async def say(stand: Stand, n: int, text: str, *, marked: bool = True) -> str:
    """An officer's words in the thread of case 1."""
    message = ThreadMessage(f"{n:032x}", a_case(1).id, Author.OFFICER, text, later(minutes=n))
    async with stand.open_uow() as uow:
        await uow.thread.add(message)
        if marked:
            await mark_for_lapor(message, "dinas-1", uow)  # type: ignore[arg-type]
        await uow.commit()
    return message.id


@pytest.fixture
def stand() -> Stand:
    return Stand()


async def test_only_what_is_marked_is_told_and_only_when_the_case_is_there(stand: Stand) -> None:
    await stand.file(1)
    await say(stand, 1, "ini untuk pelapor saja", marked=False)
    await say(stand, 2, "lampu sudah diganti")
    assert await stand.bridge.tell_answers() == 0 and stand.lapor.n_calls == 0
    await stand.bridge.once()
    assert await stand.bridge.tell_answers() == 1
    assert stand.lapor.answers == {NUMBER: ["lampu sudah diganti"]}
    assert await stand.bridge.tell_answers() == 0
    assert [one.action for one in stand.store.audit] == ["case_handed_on", "reply_told_lapor"]


# A reply gets no number of its own: an answer without one is a good answer.
FAILING = [(call, fault) for call in (0, 1) for fault in FAULTS if (call, fault) != (1, "no_number_after")]


@pytest.mark.parametrize(("call", "fault"), FAILING)
async def test_after_any_fault_they_stand_there_once_and_in_order(
    stand: Stand, fault: str, call: int
) -> None:
    await stand.file(1)
    await stand.bridge.once()
    first = await say(stand, 1, "petugas dijadwalkan besok")
    await say(stand, 2, "lampu sudah diganti")
    stand.lapor.faults = deque([None] * call + [fault])
    assert await stand.bridge.tell_answers() == 0, "the second one waits for the first"
    line = stand.store.replies_there[first]
    assert line.told_at is None and line.last_error and not line.refused
    stand.now = later(hours=2)
    assert await stand.new_bridge().tell_answers() == 2
    assert stand.lapor.answers == {NUMBER: ["petugas dijadwalkan besok", "lampu sudah diganti"]}
    assert stand.store.replies_there[first].last_error is None


async def test_of_one_who_is_not_named_no_number_leaves(stand: Stand) -> None:
    await stand.file(1, identity_level=IdentityLevel.ANONYMOUS)
    await stand.bridge.once()
    await say(stand, 1, f"hubungi {PHONE} untuk jadwal")
    assert await stand.bridge.tell_answers() == 1
    (told,) = stand.lapor.answers[NUMBER]
    assert told.startswith("hubungi") and PHONE not in told


async def test_what_lapor_refuses_waits_for_an_officer_and_holds_up_nothing(stand: Stand) -> None:
    await stand.file(1)
    await stand.bridge.once()
    first = await say(stand, 1, "jawaban yang ditolak")
    await say(stand, 2, "lampu sudah diganti")
    stand.lapor.faults = deque(["400"])
    assert await stand.bridge.tell_answers() == 1
    assert stand.store.replies_there[first].refused
    async with stand.open_uow() as uow:
        assert [one.message_id for one in await uow.replies_there.waiting()] == [first]
        await uow.replies_there.write(replace(stand.store.replies_there[first], told_at=later(hours=1)))
        assert await uow.replies_there.waiting() == ()
