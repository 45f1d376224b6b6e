"""Officers move and answer: by the table, audited, and the reporter hears of it where an address may be kept."""

import pytest

from backend.cases.case import Actor
from backend.cases.errors import CaseNotFound, MoveRefused, ReasonMissing, StaleCase
from backend.cases.workflow import Mover, State
from backend.usecases.move_case import MoveOrder, move_case
from backend.usecases.reply_to_reporter import reply_to_reporter
from tests.support.builders import draft_data, later
from tests.usecases.conftest import Town

DESK, AGENCY = Actor(Mover.DESK, "verifier-1"), Actor(Mover.AGENCY, "dishub-1")


async def moved(town: Town, order: MoveOrder, *, days: float = 0) -> None:
    async with town.open_uow() as uow:
        await move_case(order, uow, town.services, later(days=days, hours=1))
        await uow.commit()


async def replied(town: Town, case_id: str, text: str) -> None:
    async with town.open_uow() as uow:
        await reply_to_reporter(case_id, text, AGENCY, uow, town.services, later(hours=1))
        await uow.commit()


async def test_a_move_is_audited_and_told(town: Town) -> None:
    await town.effect("file_complaint", draft_data())
    case = town.only_case()
    await moved(town, MoveOrder(case.id, case.version, State.IN_VERIFICATION, DESK))
    entry = town.store.audit[-1]
    assert (entry.actor, entry.action, dict(entry.details)) == (
        "verifier-1",
        "case_moved",
        {"old": "received", "new": "in_verification"},
    )
    (notice,) = town.store.notices
    assert (notice.conversation, notice.sentence) == ("talk-1", "notice_move")
    assert case.number in notice.text
    assert "Diverifikasi" in notice.text


async def test_the_second_of_two_officers_is_told(town: Town) -> None:
    await town.effect("file_complaint", draft_data())
    case = town.only_case()
    await moved(town, MoveOrder(case.id, case.version, State.IN_VERIFICATION, DESK))
    with pytest.raises(StaleCase):
        await moved(town, MoveOrder(case.id, case.version, State.IN_VERIFICATION, DESK))


@pytest.mark.parametrize(
    ("new", "by", "note", "error"),
    [
        (State.RESOLVED, DESK, "selesai", MoveRefused),
        (State.WITHDRAWN, DESK, "batal", MoveRefused),
        (State.IN_VERIFICATION, AGENCY, "", MoveRefused),
    ],
    ids=["no officer closes unanswered", "only the reporter withdraws", "an agency does not verify"],
)
async def test_a_move_outside_the_table_leaves_nothing(town: Town, new, by, note, error) -> None:
    await town.effect("file_complaint", draft_data())
    case = town.only_case()
    with pytest.raises(error):
        await moved(town, MoveOrder(case.id, case.version, new, by, note))
    assert town.only_case() == case
    assert town.store.notices == []


async def test_an_unknown_case_is_not_found(town: Town) -> None:
    with pytest.raises(CaseNotFound):
        await moved(town, MoveOrder("f" * 32, 1, State.IN_VERIFICATION, DESK))


async def test_merging_is_reversible_and_tells_followers(town: Town) -> None:
    await town.effect("file_complaint", draft_data(1), who="talk-1")
    await town.effect("file_complaint", draft_data(2), who="talk-2")
    leader, double = town.store.cases.values()
    await moved(town, MoveOrder(double.id, 1, State.IN_VERIFICATION, DESK))
    order = MoveOrder(double.id, 2, State.MERGED, DESK, "tempat dan waktu sama", parent_id=leader.id)
    await moved(town, order)
    town.store.notices.clear()
    await moved(town, MoveOrder(leader.id, 1, State.IN_VERIFICATION, DESK))
    assert {(notice.conversation, notice.sentence) for notice in town.store.notices} == {
        ("talk-1", "notice_move"),
        ("talk-2", "notice_follow"),
    }
    await moved(town, MoveOrder(double.id, 3, State.IN_VERIFICATION, DESK, "ternyata lain"))
    assert town.store.cases[double.id].parent_id is None


async def test_a_case_never_follows_itself_or_a_follower(town: Town) -> None:
    await town.effect("file_complaint", draft_data(1))
    case = town.only_case()
    await moved(town, MoveOrder(case.id, 1, State.IN_VERIFICATION, DESK))
    with pytest.raises(CaseNotFound):
        await moved(town, MoveOrder(case.id, 2, State.MERGED, DESK, "sama", parent_id=case.id))


async def test_a_pause_ended_by_an_officer_moves_the_promise_on(town: Town) -> None:
    await town.effect("file_complaint", draft_data())
    case = await town.worked_on(State.AWAITING_REPORTER)
    await moved(town, MoveOrder(case.id, case.version, State.IN_VERIFICATION, DESK, "datanya cukup"), days=2)
    assert (town.only_case().due.on - case.due.on).days == 4  # Friday 11 + 2 workdays = Tuesday 15 December


async def test_a_reply_reaches_the_channel_and_the_thread(town: Town) -> None:
    code = (await town.effect("file_complaint", draft_data())).code
    await replied(town, town.only_case().id, "Tim kami datang besok.")
    (notice,) = town.store.notices
    assert "Tim kami datang besok." in notice.text
    assert "Dinas Perhubungan" in notice.text
    seen = await town.ask("status", {"code": code})
    assert seen["case"]["replies"] == [{"on": "2026-11-23", "text": "Tim kami datang besok."}]


async def test_an_answer_to_an_anonymous_reporter_waits_behind_the_code(town: Town) -> None:
    code = (await town.effect("file_complaint", draft_data(identity_level="anonymous"))).code
    await replied(town, town.only_case().id, "Terima kasih, kami periksa.")
    assert town.store.notices == []
    seen = await town.ask("status", {"code": code}, who="talk-9")
    assert [reply["text"] for reply in seen["case"]["replies"]] == ["Terima kasih, kami periksa."]


async def test_an_empty_reply_is_refused(town: Town) -> None:
    await town.effect("file_complaint", draft_data())
    with pytest.raises(ReasonMissing):
        await replied(town, town.only_case().id, " ")
    assert town.store.thread == []
