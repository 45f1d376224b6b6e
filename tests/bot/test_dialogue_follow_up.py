"""Filed reports: status, list, additions, contest, satisfaction, withdrawal, news."""

from __future__ import annotations

import pytest

from tests.bot.fake_backend import GOOD_CODE, FakeBackend
from tests.bot.talking import Talk

pytestmark = pytest.mark.model


def test_status_by_code_says_who_holds_it_what_is_next_and_until_when() -> None:
    talk = Talk()
    reply = talk.say(GOOD_CODE, "cek_status", tracking_code=GOOD_CODE)
    for part in ("Dikerjakan", "Dinas Perhubungan", "4 Desember 2026", "“Teknisi berangkat besok.”"):
        assert part in reply["text"]
    assert [c["label"] for c in reply["choices"]] == ["Sudah beres", "Belum selesai", "Tambah info"]
    assert reply["card"]["kind"] == "status"


def test_an_overdue_report_is_said_to_be_overdue() -> None:
    backend = FakeBackend()
    backend.cases = [{"case_ref": "ref-1", "label": "x", "state_label": "y"}]
    answer = backend._status(case_ref="ref-1")
    answer["case"]["overdue"] = True
    backend._status = lambda **_: answer  # type: ignore[method-assign]
    reply = Talk(backend).say("laporan saya gimana", "cek_status")
    assert reply["responses"] == ["utter_status_overdue"] and "sudah lewat batas" in reply["text"]


def test_a_mistyped_code_is_told_at_once() -> None:
    assert Talk().say("cek 123", "cek_status", tracking_code="123")["responses"] == ["utter_code_mistyped"]


@pytest.mark.parametrize(
    ("cases", "response"), [(0, "utter_no_reports"), (1, "utter_status"), (3, "utter_my_reports")]
)
def test_status_without_a_code_looks_at_the_own_reports(cases: int, response: str) -> None:
    talk = Talk(FakeBackend(cases=cases))
    assert talk.say("laporan saya sampai mana", "cek_status")["responses"] == [response]
    if cases == 3:
        talk.say("2")
        assert talk.backend.asked("status") == [{"case_ref": "ref-2"}]


def test_the_status_buttons_lead_to_that_report() -> None:
    talk = Talk()
    talk.say(GOOD_CODE, "cek_status", tracking_code=GOOD_CODE)
    talk.choose("Tambah info")
    assert talk.replies[-1]["responses"] == ["utter_ask_note_add"]
    talk.say(attachments=["f1"])
    assert talk.effects[-1]["data"] == {"case_ref": "ref-1", "text": "", "attachments": ["f1"]}
    assert talk.filed(state_label="Dikerjakan")["responses"] == ["utter_result_add_to_case"]


def test_a_contest_that_says_why_is_sent_at_once() -> None:
    talk = Talk(FakeBackend(cases=1))
    talk.say("kok ditutup lampunya masih mati", "belum_selesai")
    assert talk.effects[-1] == {
        "kind": "contest_case",
        "data": {"case_ref": "ref-1", "text": "kok ditutup lampunya masih mati", "rating": None},
    }
    assert talk.filed()["responses"] == ["utter_result_contest_case"]


def test_a_refusal_is_told_with_its_reason() -> None:
    talk = Talk(FakeBackend(cases=1))
    talk.say("kok ditutup lampunya masih mati", "belum_selesai")
    reply = talk.filed(outcome="refused", reason="Sudah lewat 30 hari.")
    assert reply["responses"] == ["utter_result_refused"] and "Sudah lewat 30 hari." in reply["text"]


def test_satisfaction_closes_the_report() -> None:
    talk = Talk(FakeBackend(cases=1))
    talk.say("sudah beres makasih", "puas")
    assert talk.effects[-1]["kind"] == "confirm_resolved"


def test_stars_given_with_the_confirmation_are_sent_and_not_asked_for() -> None:
    talk = Talk(FakeBackend(cases=1))
    talk.say("sudah beres, bintang 4", "puas", rating=4)
    assert talk.effects[-1]["data"]["rating"] == 4
    reply = talk.filed()
    assert reply["responses"] == ["utter_result_rated"] and not reply["choices"]


@pytest.mark.parametrize("answer", ["5", "lima", "bintang 5"])
def test_stars_may_follow_the_confirmation_once(answer: str) -> None:
    talk = Talk(FakeBackend(cases=1))
    talk.say("sudah beres makasih", "puas")
    assert talk.effects[-1]["data"]["rating"] is None
    reply = talk.filed()
    assert [c["label"] for c in reply["choices"]] == ["1 ⭐", "2 ⭐", "3 ⭐", "4 ⭐", "5 ⭐"]
    talk.say(answer, "puas", rating=5)
    assert talk.effects[-1]["data"] == {"case_ref": "ref-1", "text": "", "rating": 5}
    assert talk.filed()["responses"] == ["utter_result_rated"]


@pytest.mark.parametrize(("answer", "kinds"), [("ya", ["withdraw_case"]), ("tidak", [])])
def test_a_withdrawal_is_confirmed_first(answer: str, kinds: list[str]) -> None:
    talk = Talk(FakeBackend(cases=1))
    assert talk.say("cabut laporan saya", "cabut_laporan")["responses"] == ["utter_withdraw_sure"]
    talk.say(answer, answer)
    assert [e["kind"] for e in talk.effects] == kinds
    assert talk.asked is None


@pytest.mark.parametrize(("answer", "kinds"), [("ya", ["erase_case"]), ("tidak", [])])
def test_the_words_of_a_report_are_erased_only_when_it_is_chosen_and_confirmed(
    answer: str, kinds: list[str]
) -> None:
    talk = Talk(FakeBackend(cases=1))
    assert talk.say("hapus data saya", "hapus_data")["responses"] == ["utter_forget_sure"]
    assert talk.say("2")["responses"] == ["utter_ask_which_report"], "a single one is chosen too"
    assert talk.say("1")["responses"] == ["utter_erase_sure"]
    reply = talk.say(answer, answer)
    assert [e["kind"] for e in talk.effects] == kinds
    assert talk.asked is None
    assert kinds or reply["responses"] == ["utter_erase_declined"]


def test_which_report_is_asked_only_when_there_are_several() -> None:
    talk = Talk(FakeBackend(cases=2))
    assert talk.say("nambah info", "tambah_info")["responses"] == ["utter_ask_which_report"]
    talk.say("2")
    assert talk.slot("case_ref") == "ref-2" and talk.asked == "note"


def test_without_a_list_the_code_is_asked_and_a_wrong_one_told() -> None:
    talk = Talk()
    assert talk.say("nambah info", "tambah_info")["responses"] == ["utter_ask_code"]
    assert talk.say("12", "cek_status", tracking_code="12")["responses"][0] == "utter_code_mistyped"
    talk.say(GOOD_CODE, "cek_status", tracking_code=GOOD_CODE)
    assert talk.asked == "note"


def test_a_question_in_a_follow_up_is_answered_and_it_goes_on() -> None:
    talk = Talk(FakeBackend(cases=1))
    talk.say("nambah info", "tambah_info")
    reply = talk.say("bayar ga", "tanya", topic="biaya")
    assert reply["responses"] == ["utter_tanya_biaya", "utter_ask_note_add_again"]
    assert talk.say("batal", "batal")["responses"] == ["utter_follow_up_cancelled"]
    assert talk.asked is None


@pytest.mark.parametrize("notice", ["reply", "question", "overdue", "state"])
def test_news_is_told_and_the_next_words_go_to_that_report(notice: str) -> None:
    talk = Talk()
    reply = talk.event(
        "notice",
        notice=notice,
        case_ref="ref-7",
        label="Sampah",
        state_label="Dijawab",
        text="Sudah diangkut.",
        agency_name="DLH",
        due_label="4 Desember 2026",
        may=["contest", "confirm"],
    )
    assert "Sampah" in reply["text"]
    talk.say("bohong masih numpuk itu", "belum_selesai")
    assert talk.effects[-1]["data"]["case_ref"] == "ref-7"


def test_silence_without_a_draft_is_left_alone() -> None:
    talk = Talk()
    talk.say("halo", "salam")
    assert talk.event("silence_reminder") == {}


def test_after_silence_the_draft_goes_on() -> None:
    talk = Talk()
    talk.say("lampu mati", "keluhan", issue="lampu_jalan")
    reply = talk.event("silence_reminder")
    assert reply["responses"] == ["utter_silence_reminder", "utter_ask_place_again"]
    talk.say("bengalon", "beri_lokasi")
    assert talk.asked == "confirm_submission"


@pytest.mark.parametrize("intent", ["ya", "tidak", "kirim", "kembali", "lewati", "pilih", "koreksi"])
def test_an_answer_without_a_question_gets_the_menu(intent: str) -> None:
    reply = Talk().say("hmm", intent)
    assert reply["responses"] == ["utter_no_such_answer"] and len(reply["choices"]) == 3
