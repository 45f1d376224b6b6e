"""Every interruption × every open question: answered, the question asked again in other words, nothing lost."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from bot.actions.draft import DRAFT_SLOTS
from tests.bot.fake_backend import FakeBackend
from tests.bot.talking import Talk

pytestmark = pytest.mark.model

Say = dict[str, Any]


def _to_description(talk: Talk) -> None:
    talk.say("min mau lapor", "mau_lapor")


def _to_identity(talk: Talk) -> None:
    talk.say(
        "pak lurah minta uang tiap urus surat", "keluhan", issue="korupsi_pungli", flags={"oversight": True}
    )


def _to_place(talk: Talk) -> None:
    talk.say("lampu jalan mati semua", "keluhan", issue="lampu_jalan")


def _to_place_options(talk: Talk) -> None:
    talk.say("lampu jalan mati di sukamaju", "keluhan", issue="lampu_jalan", place="sukamaju")


def _to_happened(talk: Talk) -> None:
    _to_identity(talk)
    talk.say("rahasia saja", "identitas", identity_level="confidential")
    talk.say("sangatta utara", "beri_lokasi")


def _to_clarification(talk: Talk) -> None:
    talk.say("jalan rusak parah di bengalon", "keluhan", issue="jalan_rusak", place="bengalon")


def _to_confirmation(talk: Talk) -> None:
    talk.say("lampu jalan mati di bengalon", "keluhan", issue="lampu_jalan", place="bengalon")


OPEN_QUESTIONS: dict[str, tuple[str, Callable[[Talk], None]]] = {
    "what": ("description", _to_description),
    "identity": ("identity_level", _to_identity),
    "where": ("place", _to_place),
    "which place": ("place", _to_place_options),
    "when": ("happened", _to_happened),
    "whose": ("clarification", _to_clarification),
    "read-back": ("confirm_submission", _to_confirmation),
}
TOPICS = ("lama_proses", "privasi", "biaya", "nomor_darurat", "lampiran", "robot")
# Answered by a sentence, then the open question comes again.
ANSWERED: dict[str, Say] = {
    **{f"asks {topic}": {"text": "mau tanya dong", "intent": "tanya", "topic": topic} for topic in TOPICS},
    "asks what nobody knows": {"text": "kenapa langit biru", "intent": "tanya"},
    "greets": {"text": "halo min", "intent": "salam"},
    "thanks": {"text": "makasih ya", "intent": "terima_kasih"},
    "leaves": {"text": "udah dulu ya", "intent": "pamit"},
    "is angry": {"text": "dasar lelet semua", "intent": "marah"},
    "jokes": {"text": "kamu jomblo ya", "intent": "bercanda"},
    "tests": {"text": "tes 123", "intent": "uji_coba"},
    "advertises": {"text": "pinjaman cepat cair klik", "intent": "promosi"},
    "wants a song": {"text": "putar lagu dong", "intent": "luar_cakupan"},
    "wants another language": {"text": "bisa basa jawa", "intent": "ganti_bahasa"},
    "speaks Javanese": {"text": "kula badhe takon", "intent": "salam", "language": "jv"},
    "wants help": {"text": "bantuan", "intent": "bantuan"},
    "wants it repeated": {"text": "apa tadi", "intent": "ulangi_pertanyaan"},
    "goes on": {"text": "lanjut", "intent": "ulangi_pertanyaan"},
    "wants to report, again": {"text": "mau lapor", "intent": "mau_lapor"},
    "asks for a status by code": {
        "text": "cek 4821 0937 5516 2048 7313",
        "intent": "cek_status",
        "tracking_code": "48210937551620487313",
    },
    "asks for a status, mistyped": {"text": "cek 4821", "intent": "cek_status", "tracking_code": "4821"},
    "asks for own reports": {"text": "laporan saya", "intent": "laporan_saya"},
    "announces a photo": {"text": "ini fotonya ya", "intent": "kirim_bukti"},
    "wants to support": {"text": "saya juga dukung", "intent": "dukung"},
    "types gibberish": {"text": "asdfgh", "intent": "nlu_fallback"},
    "types slashes": {"text": "/restart", "intent": "nlu_fallback"},
    "sends only signs": {"text": "😀😀😀", "intent": "nlu_fallback"},
}
EVENTS = ("silence_reminder", "took_too_long")
# Asks a question of its own; the draft waits.
OWN: dict[str, tuple[Say, str]] = {
    "cancels": ({"text": "batal", "intent": "batal"}, "utter_cancel_sure"),
    "withdraws": ({"text": "cabut aja", "intent": "cabut_laporan"}, "utter_cancel_sure"),
    "starts over": ({"text": "ulang dari awal", "intent": "ulang"}, "utter_start_over_sure"),
    "wants to be forgotten": ({"text": "hapus data saya", "intent": "hapus_data"}, "utter_forget_sure"),
    "wishes for protection": (
        {"text": "identitas saya gimana", "intent": "identitas"},
        "utter_explain_identity",
    ),
    "wants to change something": ({"text": "ubah", "intent": "ubah"}, "utter_ask_change"),
}
# Facts of another question, said out of turn: taken, and the open question stays.
FACTS: dict[str, tuple[Say, str]] = {
    "sends a photo": ({"attachments": ["f1"]}, "attachments"),
    "sends a photo with words": (
        {"text": "ini fotonya", "intent": "kirim_bukti", "attachments": ["f1"]},
        "attachments",
    ),
    "says anonymous": (
        {"text": "anonim aja", "intent": "identitas", "identity_level": "anonymous"},
        "identity_level",
    ),
    "says when": ({"text": "dari kemarin", "intent": "beri_waktu", "time": "dari kemarin"}, "happened"),
    "says where": ({"text": "di kongbeng", "intent": "beri_lokasi", "place": "kongbeng"}, "place"),
    "sends a pin": ({"location": {"latitude": 0.5, "longitude": 117.5, "accuracy_m": 20}}, "place"),
}


@cache
def _brought_to(question: str) -> Talk:
    talk = Talk(FakeBackend())
    slot, bring = OPEN_QUESTIONS[question]
    bring(talk)
    assert talk.asked == slot
    return talk


@pytest.fixture(params=OPEN_QUESTIONS)
def talk(request: pytest.FixtureRequest) -> Talk:
    """A talk in which each question in turn is open."""
    return copy.deepcopy(_brought_to(request.param))


def _drafted(talk: Talk) -> dict[str, Any]:
    passing = {"trail", "times_asked", "last_asked", "emergency_told", "draft_id"}
    return {
        name: talk.slot(name) for name in DRAFT_SLOTS if name not in passing and talk.slot(name) is not None
    }


def _sentences(reply: dict[str, Any]) -> set[str]:
    return set(reply["text"].split("\n\n"))


def _asks_again(reply: dict[str, Any]) -> bool:
    return reply["responses"][-1].startswith(("utter_ask_", "utter_summary"))


@pytest.mark.parametrize("interruption", ANSWERED)
def test_answered_and_asked_again_in_other_words(talk: Talk, interruption: str) -> None:
    before, drafted, asked = talk.replies[-1], _drafted(talk), talk.asked
    reply = talk.say(**ANSWERED[interruption])
    assert _asks_again(reply), reply["responses"]
    assert not _sentences(before) & _sentences(reply)
    assert (talk.asked, _drafted(talk)) == (asked, drafted)
    again = talk.say(**ANSWERED[interruption])
    assert not _sentences(reply) & _sentences(again)
    assert _drafted(talk) == drafted


@pytest.mark.parametrize("event", EVENTS)
def test_events_keep_the_draft(talk: Talk, event: str) -> None:
    drafted, asked = _drafted(talk), talk.asked
    reply = talk.event(event)
    assert not reply or _asks_again(reply)
    assert (talk.asked, _drafted(talk)) == (asked, drafted)


def test_news_of_another_report_is_told_and_the_question_comes_again(talk: Talk) -> None:
    drafted, asked = _drafted(talk), talk.asked
    reply = talk.event(
        "notice", notice="reply", case_ref="r9", label="Sampah", agency_name="DLH", text="Sudah diangkut."
    )
    assert "“Sudah diangkut.”" in reply["text"] and _asks_again(reply)
    assert (talk.asked, _drafted(talk)) == (asked, drafted)


def test_an_old_choice_is_explained_and_the_question_comes_again(talk: Talk) -> None:
    drafted, asked = _drafted(talk), talk.asked
    assert talk.state is not None
    talk.state["offered"].append({"id": "q99-1", "label": "Lama", "payload": "/ya"})
    offered = talk.state["offered"].pop()
    reply = talk._take([{"id": "old", "choice": offered["id"]}], {})
    assert reply["responses"][0] == "utter_stale_choice_meanwhile" and _asks_again(reply)
    assert (talk.asked, _drafted(talk)) == (asked, drafted)


@pytest.mark.parametrize("interruption", OWN)
def test_own_questions_leave_the_draft_waiting(talk: Talk, interruption: str) -> None:
    said, response = OWN[interruption]
    drafted, asked = _drafted(talk), talk.asked
    reply = talk.say(**said)
    if asked == "description" and response in ("utter_cancel_sure", "utter_start_over_sure"):
        return  # Nothing told yet: there is nothing to lose, and nothing is asked.
    assert response in reply["responses"]
    assert (talk.asked, _drafted(talk)) == (asked, drafted)
    reply = talk.say("lanjut", "lanjut")
    assert talk.asked in (asked, "place"), reply["responses"]


@pytest.mark.parametrize("no", ["batal", "ulang", "hapus_data"])
def test_a_no_goes_on_with_the_draft(talk: Talk, no: str) -> None:
    if talk.asked == "description" and no != "hapus_data":
        return
    drafted, asked = _drafted(talk), talk.asked
    talk.say(no, no)
    reply = talk.say("tidak", "tidak")
    assert _asks_again(reply)
    assert (talk.asked, _drafted(talk)) == (asked, drafted)


def test_a_yes_cancels(talk: Talk) -> None:
    if talk.asked != "description":
        talk.say("batal", "batal")
    reply = talk.say("ya", "ya") if talk.slot("open_question") else talk.say("batal", "batal")
    assert reply["responses"] == ["utter_cancelled"]
    assert talk.asked is None and _drafted(talk) == {}
    assert talk.draft["open"] is False


@pytest.mark.parametrize("fact", FACTS)
def test_facts_said_out_of_turn_are_taken(talk: Talk, fact: str) -> None:
    said, slot = FACTS[fact]
    drafted = _drafted(talk)
    reply = talk.say(**said)
    assert talk.slot(slot), reply
    assert reply["text"]
    kept = {
        name: value for name, value in drafted.items() if name in ("description", "issue", "report_class")
    }
    assert {name: talk.slot(name) for name in kept} == kept


def test_danger_is_answered_first_and_the_report_goes_on(talk: Talk) -> None:
    drafted = _drafted(talk)
    reply = talk.say(
        "tolong kebakaran rumah sebelah", "darurat", issue="bencana_darurat", flags={"emergency": True}
    )
    assert reply["responses"][0] == "utter_emergency" and "110" in reply["text"]
    assert talk.slot("emergency") is True
    assert talk.asked and str(drafted.get("description") or "") in talk.slot("description")


def test_a_person_is_asked_for_and_the_draft_waits(talk: Talk) -> None:
    drafted, asked = _drafted(talk), talk.asked
    assert talk.say("mau ngomong sama orang", "bicara_petugas") == {}
    assert talk.effects[-1]["kind"] == "request_human"
    reply = talk.filed()
    assert reply["responses"][0] == "utter_result_request_human" and _asks_again(reply)
    assert (talk.asked, _drafted(talk)) == (asked, drafted)


def test_another_complaint_in_the_middle_is_kept_for_later(talk: Talk) -> None:
    if talk.asked == "description":
        return
    drafted, asked = _drafted(talk), talk.asked
    said = "sekalian lapor juga sampah di pasar induk numpuk tidak pernah diangkut petugas"
    reply = talk.say(said, "keluhan", issue="sampah")
    assert "utter_second_kept" in reply["responses"]
    assert (talk.asked, _drafted(talk)) == (asked, drafted)
    assert talk.slot("second_matter")[0]["text"] == said


def test_a_follow_up_in_the_middle_comes_back_to_the_draft(talk: Talk) -> None:
    drafted, asked = _drafted(talk), talk.asked
    talk.backend.cases = FakeBackend(cases=1).cases
    reply = talk.say("mau nambahin info laporan kemarin", "tambah_info")
    assert reply["responses"] == ["utter_ask_note_add"]
    assert talk.say("ternyata tiga lampu yang mati", "keluhan", issue="lampu_jalan") == {}
    assert talk.effects[-1] == {
        "kind": "add_to_case",
        "data": {"case_ref": "ref-1", "text": "ternyata tiga lampu yang mati", "attachments": []},
    }
    reply = talk.filed(state_label="Dikerjakan")
    assert reply["responses"][0] == "utter_result_add_to_case"
    if drafted.get("description"):
        assert _asks_again(reply)
        assert (talk.asked, _drafted(talk)) == (asked, drafted)


def test_three_times_not_understood_leads_to_a_person(talk: Talk) -> None:
    drafted, asked = _drafted(talk), talk.asked
    said = [talk.say("asdfgh", "nlu_fallback")["responses"] for _ in range(3)]
    assert [names[0] for names in said] == [
        "utter_fallback_meanwhile",
        "utter_fallback_menu_meanwhile",
        "utter_offer_person",
    ]
    assert (talk.asked, _drafted(talk)) == (asked, drafted)
    assert talk.unsure == "fallback"
    talk.say("ya", "ya")
    assert talk.effects[-1]["kind"] == "request_human"
