"""The pure parts of the dialogue as tables: what a message says with a question in mind."""

from __future__ import annotations

from typing import Any

import pytest

from bot.actions import answers, draft, fact_rows, matters, places, receipt, status_view, summary
from bot.actions.action_answer_open_question import YES
from bot.actions.facts import Facts, facts_in
from bot.actions.reading import Reading, heard_since, read

RESOLVED = {"status": "resolved", "place": {"regency_code": "64.08", "label": "Kec. X", "landmark": None}}
UNKNOWN = {"status": "unknown", "place": None, "choices": []}


def _reading(text: str, intent: str, **entities: Any) -> Reading:
    return Reading(
        text=text, intent=intent, entities=tuple({"entity": n, "value": v} for n, v in entities.items())
    )


@pytest.mark.parametrize(
    ("said", "asked", "expected"),
    [
        (_reading("halo", "salam"), "place", Facts()),
        (_reading("berapa lama", "tanya"), "description", Facts()),
        (_reading("tidak", "tidak"), "happened", Facts({"happened": draft.NO_TIME})),
        (_reading("tidak", "tidak"), "place", Facts({"place": draft.NO_PLACE, "place_options": None})),
        (_reading("tidak", "tidak"), "clarification", Facts({"clarification": "unknown"})),
        (_reading("tidak", "tidak"), "confirm_submission", Facts({"open_question": "change"})),
        (_reading("ya", "ya"), "identity_level", Facts({"identity_level": "confidential"})),
        (_reading("ya", "ya"), "place", Facts()),
        (_reading("km 12 poros", "beri_lokasi"), "description", Facts(place_text="km 12 poros")),
        (
            _reading("km 12 poros", "luar_cakupan"),
            "place",
            Facts(place_text="km 12 poros", if_unknown="nothing"),
        ),
        (_reading("km 12 poros", "luar_cakupan"), "confirm_submission", Facts()),
        (
            _reading("tadi pagi", "beri_waktu"),
            None,
            Facts({"happened": {**draft.NO_TIME, "text": "tadi pagi"}}),
        ),
    ],
    ids=lambda v: v.text if isinstance(v, Reading) else str(v)[:30],
)
def test_bare_words_mean_what_the_moment_makes_of_them(
    said: Reading, asked: str | None, expected: Facts
) -> None:
    assert facts_in(said, {"description": "x"}, asked) == expected


def test_three_is_an_amount_when_an_amount_was_asked() -> None:
    slots = {"question": {"attribute": "points", "ask": "Berapa titik?", "options": []}}
    changes = answers.to_question(_reading("3", "nlu_fallback", amount=3), slots)
    assert changes == {"clarification": 3, "attributes": {"points": 3}}


def test_a_pending_question_of_the_rules_is_answered_first() -> None:
    slots = {"open_question": "cancel", "description": "x"}
    assert facts_in(_reading("ya", "ya"), slots, "confirm_submission").empty
    assert set(YES) == {"cancel", "start_over", "forget", "person", "second"}


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({}, {"place": None, "place_options": None, "place_words": "rt 12"}),
        ({"place_words": "gg mawar"}, {"landmark": "gg mawar, rt 12"}),
        (
            {"place": {"regency_code": "64.08", "text": "bengalon"}},
            {"landmark": "rt 12", "regency_code": "64.08"},
        ),
    ],
    ids=["asked once more", "then taken as said", "a correction keeps the area"],
)
def test_an_unknown_place(slots: dict[str, Any], expected: dict[str, Any]) -> None:
    changes = places.after_text(UNKNOWN, "rt 12", slots)
    if changes["place"] is None:
        assert changes == expected
    else:
        assert expected.items() <= changes["place"].items()


def test_earlier_words_stay_in_the_place() -> None:
    changes = places.after_text(RESOLVED, "sangatta utara", {"place_words": "depan SD 004"})
    assert changes["place"]["text"] == "depan SD 004, sangatta utara"
    assert places.said_so_far({"place_words": "gg mawar"}, "di GG Mawar blok c") == "di GG Mawar blok c"


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("lampu mati di gang terus juga sampah numpuk depan pasar", "sampah numpuk depan pasar"),
        ("jalan rusak. selain itu air pdam keruh sejak senin", "air pdam keruh sejak senin"),
        ("jalan rusak dan juga gelap", None),
        ("lampu jalan mati sudah lama", None),
    ],
)
def test_where_one_message_changes_the_subject(text: str, second: str | None) -> None:
    ranking = ({"code": "a", "confidence": 0.5}, {"code": "b", "confidence": 0.3})
    found = matters.two_in(Reading(text=text, issue_ranking=ranking))
    assert (found and found.text) == second


def test_a_code_never_becomes_text() -> None:
    reading = read(
        {"text": "lampu 4821-0937-5516-2048-7313 mati", "intent": {"name": "keluhan", "confidence": 1}}
    )
    assert reading.had_code and reading.text == "lampu mati"
    assert not read({"text": "nik 1234567890123456", "intent": {"name": "keluhan"}}).had_code


def test_the_full_intent_name_gives_the_topic() -> None:
    reading = read({"text": "x", "intent": {"name": "tanya/biaya", "confidence": 1.0}})
    assert (reading.intent, reading.topic) == ("tanya", "biaya")


def test_a_message_that_was_answered_is_not_read_again() -> None:
    events = [
        {"event": "action", "name": "action_cancel"},
        {"event": "user"},
        {"event": "action", "name": "complaint_form"},
    ]
    assert heard_since(events, "complaint_form") == set()
    assert heard_since([*events, {"event": "action", "name": "action_small_talk"}], "complaint_form")


def test_sensitive_matters_start_confidential_and_are_read_back_without_their_words() -> None:
    slots = {
        "issue": "disiplin_asn",
        "description": "pak rahmat memukul",
        "place": {"label": "Kec. X", "landmark": "rumah pak rahmat"},
        "happened": {"text": "waktu pak rahmat datang", "on": None},
    }
    assert draft.level_of(slots) == "confidential"
    assert "rahmat" not in summary.as_text(summary.rows(slots))
    assert draft.needed(slots)[1] == "identity_level"


def test_an_ordinary_draft_needs_only_what_and_where() -> None:
    assert draft.needed({"issue": "lampu_jalan"}) == ["description", "place", "confirm_submission"]


def test_a_draft_id_cannot_be_chosen_and_follows_the_seed() -> None:
    assert draft.draft_id("a") == draft.draft_id("a") != draft.draft_id("b")
    assert len(draft.draft_id("a")) == 32


def test_the_filed_draft_has_every_key_of_the_contract() -> None:
    filed = draft.filing({"draft_id": "d", "description": "x"}, None)
    assert set(filed) == set(
        "draft_id report_class issue issue_ranking description oversight emergency sensitive place happened attributes"
        " objection identity_level attachments language".split()
    )
    assert set(filed["place"]) == set(
        "text landmark regency_code district_code village_code label latitude longitude accuracy_m source confidence".split()
    )


def test_an_anonymous_status_shows_only_what_is_there() -> None:
    rows = status_view.rows(
        {"case_ref": "r", "state_label": "Dijawab", "month": "November 2026", "replies": []}
    )
    assert [row["field"] for row in rows] == ["state", "filed"]
    assert (
        status_view.buttons({"case_ref": "r", "may": ["add"]})[0]["payload"]
        == '/tambah_info{"case_ref": "r"}'
    )


def test_facts_are_named_by_their_own_label() -> None:
    assert (
        fact_rows.as_text({"police": "110", "police_label": "Polres", "pln": "123"})
        == "Polres: 110\nPLN: 123"
    )


def test_a_second_matter_inherits_place_and_identity_but_never_from_an_anonymous_report() -> None:
    slots = {"place": {"label": "Kec. X"}, "identity_level": "confidential"}
    assert receipt.inherited([{"text": "y"}], slots)[0] == {"text": "y", **slots}
    anonymous = receipt.inherited([{"text": "y"}], {**slots, "identity_level": "anonymous"})[0]
    assert anonymous == {"text": "y", "place": None, "identity_level": "anonymous"}
