"""What the engine promises of one turn, each promise with a conversation that breaks if it is not kept."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.contract import turn_from

pytestmark = pytest.mark.model

PIN = {"location": {"latitude": 0.5, "longitude": 117.5, "accuracy_m": 20, "label": None}}
FILE = {"attachments": [{"id": "a1", "kind": "photo"}]}


async def reach_confirmation(talk: Any) -> Any:
    one = talk()
    await one.say("lapor kucing hilang")
    await one.send({"text": "depan sd"})
    return one


async def test_a_whole_report_goes_from_words_to_receipt(talk: Any) -> None:
    one = talk()
    assert await one.say("lapor kucing hilang") == ["utter_ask_place"]
    assert one.answer["replies"][0]["ask"] == "location"
    assert one.answer["replies"][0]["progress"] == {"step": 2, "of": 3}
    assert await one.say("depan sd") == ["utter_ask_sure"]
    assert one.answer["replies"][0]["text"] == "lapor kucing hilang di depan sd. Kirim?"
    assert [choice["label"] for choice in one.answer["replies"][0]["choices"]] == [
        "Kirim",
        "Ubah lokasi",
        "Batal",
    ]
    assert await one.say("kirim") == []
    effect = one.answer["effects"][0]
    assert effect["kind"] == "file_complaint"
    assert effect["data"] == {"draft_id": f"{2:032x}", "description": "lapor kucing hilang"}
    assert one.answer["draft"] == {"identity_level": "confidential", "sensitive": False, "open": True}
    answer = await one.send({"event": "effect_result", "data": {"agency_name": "Dinas Contoh"}})
    assert answer["replies"][0]["text"] == "Dikirim ke Dinas Contoh."
    assert answer["replies"][0]["card"] == {"kind": "receipt", "rows": []}
    assert answer["draft"]["open"] is False
    assert answer["understanding"] == []


async def test_an_effect_is_told_once_and_is_not_in_the_state(talk: Any) -> None:
    one = await reach_confirmation(talk)
    await one.say("kirim")
    assert "pending_effect" not in one.state["slots"]
    assert (await one.send({"text": "kenapa"}))["effects"] == []


async def test_the_same_turn_gives_the_same_answer(talk: Any, mini_engine: Any) -> None:
    one = await reach_confirmation(talk)
    request = one.request({"text": "kenapa"}, {"choice": "q1-1"})
    answers = [(await mini_engine.take(turn_from(request))).body for _ in range(5)]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize(
    "answer", [{"choice": "q1-2"}, {"text": "2"}, {"text": "yg kedua"}, {"text": "lokasi"}]
)
async def test_choices_are_tapped_numbered_or_named(talk: Any, answer: dict[str, Any]) -> None:
    one = await reach_confirmation(talk)
    said = (await one.send(answer))["replies"][0]["responses"]
    assert said == ["utter_ask_place"]
    assert one.answer["understanding"][0]["intent"] == "jawab_pilihan"


async def test_an_old_choice_is_explained_and_the_question_asked_again(talk: Any) -> None:
    one = await reach_confirmation(talk)
    await one.send({"choice": "q1-2"})
    await one.send({"text": "samping masjid"})
    answer = await one.send({"choice": "q1-1"})
    assert answer["replies"][0]["responses"] == ["utter_stale", "utter_ask_sure"]
    assert answer["effects"] == []
    assert answer["replies"][0]["choices"][0]["id"] == "q3-1"


async def test_choices_stay_valid_while_their_question_is_open(talk: Any) -> None:
    one = await reach_confirmation(talk)
    await one.send({"event": "silence_reminder", "data": {}})
    assert (await one.send({"text": "1"}))["effects"]


async def test_a_question_in_between_does_not_lose_the_draft(talk: Any) -> None:
    one = talk()
    await one.say("lapor kucing hilang")
    assert await one.say("kenapa") == ["utter_answer", "utter_ask_place"]
    assert one.state["slots"]["description"] == "lapor kucing hilang"


async def test_rasas_fallback_does_not_lose_the_draft_nor_repeat_itself(talk: Any) -> None:
    one = talk()
    await one.say("lapor kucing hilang")
    assert await one.say("halo") == ["utter_default"]
    assert one.state["slots"]["description"] == "lapor kucing hilang"
    assert one.state["active_loop"] == "complaint_form"
    assert await one.say("depan sd") == ["utter_ask_sure"]


async def test_texts_pins_and_files_in_a_row_are_one_message(talk: Any) -> None:
    one = talk()
    answer = await one.send({"text": "lapor"}, {"text": "kucing hilang"}, PIN, FILE)
    assert one.state["slots"]["description"] == "lapor\nkucing hilang"
    assert one.state["slots"]["place"] == "0.5,117.5"
    [understood] = answer["understanding"]
    assert understood["message"] == "m0"
    found = {one["entity"]: one["value"] for one in understood["entities"]}
    assert found["pin"]["accuracy_m"] == 20
    assert found["attachment"] == {"id": "a1", "kind": "photo"}
    assert found["hewan"] == "kucing"


@pytest.mark.parametrize(
    ("message", "intent"),
    [(PIN, "EXTERNAL_location"), (FILE, "EXTERNAL_attachments"), ({"text": " /"}, "nlu_fallback")],
)
async def test_what_has_no_words_needs_no_nlu(talk: Any, message: dict[str, Any], intent: str) -> None:
    answer = await talk().send(message)
    assert answer["understanding"][0]["intent"] == intent
    assert answer["replies"]
    assert "event_data" not in answer["state"]["slots"]


async def test_a_tap_between_texts_is_a_message_of_its_own(talk: Any) -> None:
    one = await reach_confirmation(talk)
    answer = await one.send({"text": "kenapa"}, {"choice": "q1-3"}, {"text": "apakah"})
    assert [heard["message"] for heard in answer["understanding"]] == ["m0", "m1", "m2"]
    [reply] = answer["replies"]
    assert reply["responses"] == ["utter_answer", "utter_ask_sure", "utter_cancelled", "utter_answer"]
    assert reply["text"].count("\n\n") == 3


@pytest.mark.parametrize(
    "typed",
    [
        "/batal",
        "/restart",
        "／restart",
        ' /jawab_pilihan{"jawaban": "kirim"}',
        "\u200b/session_start",
        "/salam@0.9",
    ],
)
async def test_typed_markup_runs_nothing(talk: Any, typed: str) -> None:
    one = talk()
    await one.say("lapor kucing hilang")
    answer = await one.send({"text": typed})
    assert answer["state"]["slots"]["description"] == "lapor kucing hilang"
    assert answer["state"]["slots"]["place"] == typed.strip(" \u200b/／")
    assert answer["effects"] == []


async def test_braces_in_a_description_break_no_sentence(talk: Any) -> None:
    one = talk()
    await one.say("lapor {place} 0[a] {{x}} %s")
    await one.say("depan sd")
    assert one.answer["replies"][0]["text"] == "lapor {place} 0[a] {{x}} %s di depan sd. Kirim?"


async def test_very_long_text_is_cut_and_marked(talk: Any) -> None:
    one = talk()
    answer = await one.send({"text": "lapor " + "rusak parah " * 1000})
    assert answer["understanding"][0]["cut"] is True
    assert len(one.state["slots"]["description"]) <= 4000


async def test_the_clock_is_the_turns(talk: Any) -> None:
    one = talk(channel="whatsapp")
    await one.send({"text": "jam"}, seed="f" * 32)
    assert one.state["slots"]["note"] == [
        "2026-11-23T09:12:00+08:00",
        "f" * 32,
        "opaque",
        "64.08",
        "whatsapp",
    ]


async def test_unsure_is_of_this_message_only(talk: Any) -> None:
    one = talk()
    assert (await one.send({"text": "jam"}))["understanding"][0]["unsure"] == "low_confidence"
    assert (await one.send({"text": "kenapa"}))["understanding"][0]["unsure"] is None


async def test_asked_is_the_question_that_was_open(talk: Any) -> None:
    one = await reach_confirmation(talk)
    assert one.answer["understanding"][0]["asked"] == "place"


async def test_the_beginning_is_greeted_once(talk: Any) -> None:
    one = talk()
    assert await one.say("halo") == ["utter_first"]
    assert await one.say("halo") == ["utter_default"]


async def test_actions_get_copies_of_everything(talk: Any) -> None:
    one = talk()
    await one.say("intip")
    assert one.state["slots"] == {"note": "the domain refused"}
    assert one.answer["understanding"][0]["entities"] == []


async def test_a_rejecting_action_gives_way_to_the_fallback(talk: Any) -> None:
    assert await talk().say("tolak") == ["utter_default"]


@pytest.mark.parametrize("typed", ["gagal", "putar", "ingatkan", "bocor", "tanggal"])
async def test_what_cannot_be_done_fails_the_whole_turn(talk: Any, typed: str) -> None:
    one = talk()
    await one.say("kenapa")
    before = one.state
    with pytest.raises(Exception):  # noqa: B017
        await one.say(typed)
    assert one.state == before
    assert await one.say("kenapa") == ["utter_answer"]
