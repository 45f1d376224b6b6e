"""What a reporter can do later: add, contest, confirm, withdraw, support, ask for a person, be forgotten."""

from dataclasses import replace

import pytest

from backend.cases.case import Resolution
from backend.cases.errors import DraftInvalid
from backend.cases.workflow import State
from backend.usecases.ports import Author
from tests.support.builders import draft_data, later
from tests.usecases.conftest import Town


async def filed_ref(town: Town, **changes: object) -> str:
    code = (await town.effect("file_complaint", draft_data(**changes))).code
    assert code
    return await town.ref(code)


ADDED = [
    (State.RECEIVED, State.RECEIVED, "nobody has looked yet: it stays where it is"),
    (State.IN_VERIFICATION, State.IN_VERIFICATION, "while it is verified: likewise"),
    (State.AWAITING_REPORTER, State.IN_VERIFICATION, "an officer waits for it: the officer goes on"),
    (State.ANSWERED, State.REPORTER_REPLIED, "the agency answered: it reads the reply"),
]


@pytest.mark.parametrize(("before", "after"), [row[:2] for row in ADDED], ids=[row[2] for row in ADDED])
async def test_adding_words_and_files(town: Town, before: State, after: State) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(before)
    town.uploaded("a1")
    data = {"case_ref": case_ref, "text": "tiang nomor 14", "attachments": ["a1"]}
    result = await town.effect("add_to_case", data, now=later(hours=2))
    assert result.data["outcome"] == "done"
    assert result.data["state_label"] == town.services.reference.states[after].label
    assert town.only_case().state is after
    (message,) = town.store.thread
    assert (message.author, message.text, message.attachments) == (Author.REPORTER, "tiang nomor 14", ("a1",))


async def test_answering_moves_the_promise_on_by_the_days_of_waiting(town: Town) -> None:
    case_ref = await filed_ref(town)
    before = (await town.worked_on(State.AWAITING_REPORTER)).due.on
    await town.effect("add_to_case", {"case_ref": case_ref, "text": "di tiang 14"}, now=later(days=3))
    assert (town.only_case().due.on - before).days == 5  # Friday 11 + 3 workdays = Wednesday 16 December


async def test_a_closed_case_takes_no_additions(town: Town) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(State.ARCHIVED)
    result = await town.effect("add_to_case", {"case_ref": case_ref, "text": "halo"})
    assert result.data["outcome"] == "refused"
    assert result.data["reason"]
    assert town.store.thread == []


async def test_additions_to_an_anonymous_case_are_masked_and_keep_the_hour_only(town: Town) -> None:
    case_ref = await filed_ref(town, identity_level="anonymous")
    phone = "08" + "4" * 10
    await town.effect(
        "add_to_case", {"case_ref": case_ref, "text": f"hubungi {phone}"}, now=later(minutes=20)
    )
    (message,) = town.store.thread
    assert message.text == "hubungi [TELEPON]"
    assert message.at.minute == 0


async def test_a_foreign_reference_is_refused_like_an_unknown_one(town: Town) -> None:
    case_ref = await filed_ref(town)
    results = [
        await town.effect("add_to_case", {"case_ref": one, "text": "halo"}, who="talk-9")
        for one in (case_ref, "nonsense")
    ]
    assert results[0].data == results[1].data
    assert results[0].data["outcome"] == "refused"


async def test_contesting_an_answer_goes_back_to_the_agency(town: Town) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(State.ANSWERED)
    result = await town.effect("contest_case", {"case_ref": case_ref, "text": "lampunya masih mati"})
    assert result.data["outcome"] == "done"
    assert town.only_case().state is State.REPORTER_REPLIED
    assert town.only_case().events[-1].public_note == "lampunya masih mati"


@pytest.mark.parametrize(
    ("days", "outcome"),
    [(30, "done"), (31, "refused")],
    ids=["thirty days later: reopened", "after that: refused"],
)
async def test_an_end_can_be_contested_for_thirty_days(town: Town, days: int, outcome: str) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(State.ANSWERED)
    await town.effect("confirm_resolved", {"case_ref": case_ref, "rating": 4}, now=later(hours=2))
    result = await town.effect(
        "contest_case", {"case_ref": case_ref, "text": "mati lagi"}, now=later(days=days, hours=2)
    )
    assert result.data["outcome"] == outcome
    assert town.only_case().state is (State.REOPENED if outcome == "done" else State.RESOLVED)


async def test_archiving_can_be_contested(town: Town) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(State.ARCHIVED)
    await town.effect("contest_case", {"case_ref": case_ref, "text": "ini bukan iseng"})
    assert town.only_case().state is State.IN_VERIFICATION


async def test_contesting_needs_words(town: Town) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(State.ANSWERED)
    result = await town.effect("contest_case", {"case_ref": case_ref, "text": "  "})
    assert result.data["outcome"] == "refused"
    assert result.data["reason"] == town.services.reference.sentence("needs_reason")
    assert town.only_case().state is State.ANSWERED


async def test_contesting_while_it_is_worked_on_is_refused(town: Town) -> None:
    case_ref = await filed_ref(town)
    assert (await town.effect("contest_case", {"case_ref": case_ref, "text": "lama"})).data[
        "outcome"
    ] == "refused"


async def test_confirming_closes_with_a_rating(town: Town) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(State.ANSWERED)
    await town.effect("confirm_resolved", {"case_ref": case_ref, "rating": 5})
    case = town.only_case()
    assert (case.state, case.resolution, case.rating) == (State.RESOLVED, Resolution.CONFIRMED, 5)


async def test_a_rating_may_follow_the_confirmation(town: Town) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(State.ANSWERED)
    await town.effect("confirm_resolved", {"case_ref": case_ref, "rating": None})
    confirmed = town.only_case()
    result = await town.effect("confirm_resolved", {"case_ref": case_ref, "rating": 3})
    assert result.data["outcome"] == "done" and town.only_case().rating == 3
    assert town.only_case().events == confirmed.events


@pytest.mark.parametrize("rating", [0, 6, "5", True])
async def test_a_rating_out_of_range_fails_the_turn(town: Town, rating: object) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(State.ANSWERED)
    with pytest.raises(DraftInvalid):
        await town.effect("confirm_resolved", {"case_ref": case_ref, "rating": rating})
    assert town.only_case().state is State.ANSWERED


@pytest.mark.parametrize(
    ("state", "outcome"),
    [(State.RECEIVED, "done"), (State.IN_VERIFICATION, "done"), (State.ANSWERED, "refused")],
)
async def test_withdrawing_is_possible_until_an_agency_has_it(town: Town, state: State, outcome: str) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(state)
    result = await town.effect("withdraw_case", {"case_ref": case_ref, "text": "sudah menyala"})
    assert result.data["outcome"] == outcome


async def test_what_may_be_done_is_what_succeeds(town: Town) -> None:
    case_ref = await filed_ref(town)
    await town.worked_on(State.ANSWERED)
    case = (await town.ask("status", {"case_ref": case_ref}))["case"]
    assert case["may"] == ["add", "contest", "confirm"]


async def similar(town: Town, who: str = "talk-2", **changes: object) -> list[dict[str, object]]:
    draft = draft_data(9, **changes)
    asked = {key: draft[key] for key in ("issue", "place", "happened")} | {"text": draft["description"]}
    return (await town.ask("similar", asked, who=who))["cases"]


async def test_a_double_is_offered_in_words_for_strangers(town: Town) -> None:
    await filed_ref(town)
    (row,) = await similar(town)
    assert set(row) == {"case_ref", "label", "filed_on", "state_label", "distance_m"}
    assert row["label"] == "Lampu jalan mati, Kec. Sangatta Utara, Kab. Kutai Timur"
    assert "pasar" not in repr(row)


@pytest.mark.parametrize(
    "hidden", [{"identity_level": "anonymous"}, {"identity_level": "confidential"}, {"oversight": True}]
)
async def test_sealed_and_oversight_cases_are_never_offered(town: Town, hidden: dict[str, object]) -> None:
    await filed_ref(town, **hidden)
    assert await similar(town) == []


async def test_a_sensitive_draft_is_not_compared(town: Town) -> None:
    await filed_ref(town, issue="perempuan_anak")
    assert await similar(town, issue="perempuan_anak") == []


async def test_supporting_gives_an_own_code_and_follows(town: Town) -> None:
    await filed_ref(town)
    (row,) = await similar(town)
    result = await town.effect("support_case", {**draft_data(9), "case_ref": row["case_ref"]}, who="talk-2")
    first, second = town.store.cases.values()
    assert result.code
    assert (second.state, second.parent_id) == (State.MERGED, first.id)
    seen = await town.ask("status", {"code": result.code}, who="talk-2")
    assert seen["case"]["what_next"] == town.services.reference.states[State.RECEIVED].what_next
    again = await town.effect("support_case", {**draft_data(9), "case_ref": row["case_ref"]}, who="talk-2")
    assert again.code is None
    assert len(town.store.cases) == 2


async def test_a_suggestion_opens_nothing(town: Town) -> None:
    await filed_ref(town)
    (row,) = await similar(town)
    assert (await town.ask("status", {"case_ref": row["case_ref"]}, who="talk-2"))["outcome"] == "unknown"
    added = await town.effect("add_to_case", {"case_ref": row["case_ref"], "text": "halo"}, who="talk-2")
    assert added.data["outcome"] == "refused"


async def test_an_own_reference_is_no_suggestion(town: Town) -> None:
    case_ref = await filed_ref(town)
    result = await town.effect("support_case", {**draft_data(9), "case_ref": case_ref})
    assert result.data["outcome"] == "refused"
    assert len(town.store.cases) == 1


async def test_asking_for_a_person_is_seen_masked(town: Town) -> None:
    phone = "08" + "3" * 10
    result = await town.effect("request_human", {"reason": "asked", "summary": f"telepon saya {phone}"})
    assert result.data == {"kind": "request_human", "outcome": "done"}
    assert town.store.human_requests[0].summary == "telepon saya [TELEPON]"


async def test_being_forgotten_keeps_cases_and_cuts_the_way_back(town: Town) -> None:
    await filed_ref(town)
    result = await town.effect("forget", {})
    assert result.forgets
    assert town.store.forgotten == {"talk-1"}
    assert town.store.contacts == {}
    assert len(town.store.cases) == 1


async def test_a_late_look_at_a_case_that_is_not_mine_changes_nothing(town: Town) -> None:
    await filed_ref(town)
    before = replace(town.only_case())
    await town.ask("my_reports", {}, who="talk-9")
    assert town.only_case() == before
