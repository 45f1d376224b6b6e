"""Intake from the first message to the receipt, with the real rules, forms, actions and responses."""

from __future__ import annotations

import pytest

from bot.engine.in_process import ActionFailed
from tests.bot.fake_backend import FakeBackend
from tests.bot.talking import Talk, complete_first_message

pytestmark = pytest.mark.model


def _filed_draft(talk: Talk) -> dict[str, object]:
    assert talk.effects[-1]["kind"] in ("file_complaint", "support_case")
    draft: dict[str, object] = talk.effects[-1]["data"]
    return draft


def test_a_complete_first_message_leads_straight_to_the_read_back_and_kirim_files_it() -> None:
    talk = Talk()
    reply = complete_first_message(talk)
    assert reply["responses"] == ["utter_summary"]
    assert [c["label"] for c in reply["choices"]] == ["Kirim", "Ubah", "Batal"]
    assert talk.say("kirim", "kirim") == {}
    draft = _filed_draft(talk)
    assert draft["issue"] == "lampu_jalan"
    assert draft["identity_level"] == "confidential"
    assert draft["place"]["district_code"] == "64.08.04"  # type: ignore[index]
    assert draft["happened"] == {"text": "udh seminggu", "on": "2026-11-16", "precision": "week"}
    receipt = talk.filed()
    assert "\n⟦code⟧\n" in receipt["text"]
    assert "11 Desember 2026" in receipt["text"] and "Dinas Perhubungan" in receipt["text"]
    assert receipt["card"]["rows"][0]["value"] == "⟦code⟧"
    assert talk.draft["open"] is False
    assert talk.slot("description") is None


def test_nothing_is_thanked_for_before_the_backend_answered() -> None:
    talk = Talk()
    complete_first_message(talk)
    assert talk.say("kirim", "kirim") == {}
    assert talk.slot("description"), "the draft stays until the result is known"


def test_a_question_the_backend_does_not_answer_fails_the_turn() -> None:
    talk = Talk()
    talk.backend.down = True
    with pytest.raises(ActionFailed):
        complete_first_message(talk)
    assert talk.state is None


def test_only_what_is_missing_is_asked_and_words_add_up() -> None:
    talk = Talk()
    talk.say("mau lapor", "mau_lapor")
    talk.say("air pdam mati", "keluhan", issue="air_bersih")
    assert talk.asked == "place"
    talk.say("udah 3 hari ga ngalir, anak kecil kasian", "keluhan", issue="air_bersih", time="udah 3 hari")
    assert talk.asked == "place"
    talk.say("depan masjid", "beri_lokasi")
    assert talk.replies[-1]["responses"] == ["utter_ask_place_district"]
    talk.say("bengalon", "beri_lokasi")
    assert talk.asked == "confirm_submission"
    talk.say("kirim", "kirim")
    draft = _filed_draft(talk)
    assert draft["description"] == "air pdam mati\nudah 3 hari ga ngalir, anak kecil kasian"
    assert draft["place"]["text"] == "depan masjid, bengalon"  # type: ignore[index]
    assert draft["happened"]["text"] == "udah 3 hari"  # type: ignore[index]


def test_order_does_not_matter() -> None:
    talk = Talk()
    talk.say(attachments=["f1"])
    assert talk.asked == "description"
    talk.say(location={"latitude": 0.5, "longitude": 117.5, "accuracy_m": 12})
    talk.say("dari kemarin", "beri_waktu", time="dari kemarin")
    reply = talk.say("pohon tumbang nutup jalan", "keluhan", issue="pohon_taman")
    assert reply["responses"] == ["utter_summary"]
    talk.say("kirim", "kirim")
    draft = _filed_draft(talk)
    assert draft["attachments"] == ["f1"]
    place = draft["place"]
    assert (place["latitude"], place["source"], place["accuracy_m"]) == (0.5, "pin", 12)  # type: ignore[index]


def test_the_draft_id_is_minted_when_the_form_opens_and_stays() -> None:
    talk = Talk()
    talk.say("mau lapor", "mau_lapor")
    minted = talk.slot("draft_id")
    assert len(minted) == 32
    talk.say("lampu mati di bengalon", "keluhan", issue="lampu_jalan", place="bengalon")
    talk.say("ulang", "ulang")
    talk.say("ya", "ya")
    assert talk.asked == "description"
    assert talk.slot("draft_id") not in (None, minted)


@pytest.mark.parametrize(
    ("said", "slot", "expected"),
    [
        ({"text": "bukan, itu di kongbeng", "intent": "koreksi", "place": "kongbeng"}, "place", "64.08.15"),
        (
            {"text": "ubah lokasi ke kongbeng", "intent": "ubah", "field": "where", "place": "kongbeng"},
            "place",
            "64.08.15",
        ),
        ({"text": "eh rt 14", "intent": "koreksi", "place": "rt 14"}, "place", "64.08.06"),
        ({"text": "baru kemarin kok", "intent": "koreksi", "time": "kemarin"}, "happened", "kemarin"),
        (
            {"text": "pakai anonim", "intent": "identitas", "identity_level": "anonymous"},
            "identity_level",
            "anonymous",
        ),
    ],
    ids=["another place", "change the place", "only the rt", "the time", "the identity"],
)
def test_anything_is_corrected_by_saying_it(said: dict[str, str], slot: str, expected: str) -> None:
    talk = Talk()
    talk.say("lampu mati di bengalon", "keluhan", issue="lampu_jalan", place="bengalon", time="seminggu")
    reply = talk.say(**said)  # type: ignore[arg-type]
    assert reply["responses"] == ["utter_summary_again"]
    assert expected in str(talk.slot(slot))


@pytest.mark.parametrize("field", ["Isi laporan", "Lokasi", "Waktu kejadian"])
def test_a_field_is_changed_by_the_menu_and_kept_when_skipped(field: str) -> None:
    talk = Talk()
    complete_first_message(talk)
    before = {name: talk.slot(name) for name in ("place", "happened")}
    talk.choose("Ubah")
    talk.choose(field)
    assert talk.asked in ("description", "place", "happened")
    if field != "Isi laporan":
        talk.say("lewati", "lewati")
        assert {name: talk.slot(name) for name in before} == before
    else:
        talk.say("tiangnya roboh", "keluhan", issue="lampu_jalan")
        assert talk.slot("description") == "tiangnya roboh"
    assert talk.asked == "confirm_submission"


def test_identity_is_changed_by_the_menu() -> None:
    talk = Talk()
    talk.say("lampu mati di bengalon", "keluhan", issue="lampu_jalan", place="bengalon")
    talk.choose("Ubah")
    reply = talk.choose("Identitas")
    assert reply["responses"] == ["utter_explain_identity"]
    talk.choose("Anonim")
    assert talk.draft["identity_level"] == "anonymous"
    assert talk.asked == "confirm_submission"


def test_back_asks_the_question_before_again() -> None:
    talk = Talk()
    talk.say("lampu mati", "keluhan", issue="lampu_jalan")
    talk.say("bengalon", "beri_lokasi")
    talk.say("kembali", "kembali")
    assert talk.asked == "place"
    talk.say("kongbeng", "beri_lokasi")
    assert talk.slot("place")["district_code"] == "64.08.15"


def test_at_most_one_clarifying_question_and_it_changes_whose_job_it_is() -> None:
    talk = Talk()
    talk.say("jalan rusak di bengalon", "keluhan", issue="jalan_rusak", place="bengalon")
    assert talk.replies[-1]["responses"] == ["utter_ask_clarification"]
    talk.say("2", "nlu_fallback")
    assert talk.asked == "confirm_submission"
    talk.say("kirim", "kirim")
    assert _filed_draft(talk)["attributes"] == {"road_status": "provinsi"}
    assert talk.backend.asked("assignment")[-1]["attributes"] == {"road_status": "provinsi"}


def test_a_road_status_that_was_said_is_not_asked() -> None:
    talk = Talk()
    talk.say("jalan provinsi rusak", "keluhan", issue="jalan_rusak", place="bengalon", road_status="provinsi")
    assert talk.asked == "confirm_submission"


def test_which_place_is_chosen_by_number_or_denied() -> None:
    talk = Talk()
    talk.say("lampu mati di sukamaju", "keluhan", issue="lampu_jalan", place="sukamaju")
    assert talk.replies[-1]["responses"] == ["utter_ask_place_which"]
    talk.say("1")
    assert talk.slot("place")["district_code"] == "64.08.04"
    assert talk.slot("place")["text"] == "sukamaju"
    talk = Talk()
    talk.say("lampu mati di sukamaju", "keluhan", issue="lampu_jalan", place="sukamaju")
    talk.choose("Bukan semuanya")
    assert talk.replies[-1]["responses"] == ["utter_ask_place_district"]
    talk.say("kongbeng", "beri_lokasi")
    assert talk.slot("place")["district_code"] == "64.08.15"


def test_a_place_nobody_knows_is_asked_once_more_and_then_taken_as_said() -> None:
    talk = Talk()
    talk.say("lampu mati dekat warung bu siti", "keluhan", issue="lampu_jalan", place="dekat warung bu siti")
    assert talk.asked == "place"
    talk.say("pokoknya situ lah dekat lapangan", "beri_lokasi")
    assert talk.asked == "confirm_submission"
    assert talk.slot("place")["landmark"] == "dekat warung bu siti, pokoknya situ lah dekat lapangan"


@pytest.mark.parametrize("said", ["tidak_tahu", "lewati", "tidak"])
def test_not_knowing_the_place_is_accepted(said: str) -> None:
    talk = Talk()
    talk.say("thr belum dibayar", "keluhan", issue="upah_thr_phk")
    talk.say(said.replace("_", " "), said)
    assert talk.asked == "confirm_submission"
    assert talk.slot("place")["source"] == "unknown"


def test_outside_the_area_is_taken_all_the_same() -> None:
    talk = Talk()
    talk.say("lampu mati di samarinda", "keluhan", issue="lampu_jalan", place="samarinda")
    assert talk.asked == "confirm_submission"
    assert talk.slot("place")["regency_code"] == "64.72"


def test_sensitive_matters_ask_identity_first_start_at_confidential_and_are_never_echoed() -> None:
    talk = Talk()
    said = "pak lurah wijoyo minta 50rb tiap urus surat"
    reply = talk.say(said, "keluhan", issue="korupsi_pungli", flags={"oversight": True, "sensitive": True})
    assert reply["responses"] == ["utter_ask_identity"]
    assert talk.draft == {"identity_level": "confidential", "sensitive": True, "open": True}
    talk.say("terserah", "tidak_tahu")
    talk.say("kantor lurah simpang, sangatta utara", "beri_lokasi")
    talk.say("kemarin", "beri_waktu", time="kemarin")
    assert talk.asked == "confirm_submission"
    talk.say("kirim", "kirim")
    assert _filed_draft(talk)["identity_level"] == "confidential"
    talk.filed()
    for reply in talk.replies:
        assert "wijoyo" not in str(reply).casefold()
        assert "kantor lurah" not in str(reply).casefold()
    assert talk.backend.asked("similar") == []


def test_similar_reports_are_offered_and_supported_with_a_code_of_their_own() -> None:
    talk = Talk(FakeBackend(similar=1))
    reply = talk.say("lampu mati di bengalon", "keluhan", issue="lampu_jalan", place="bengalon")
    assert reply["responses"] == ["utter_summary_similar"]
    talk.choose("Dukung yang ada")
    assert talk.effects[-1]["kind"] == "support_case"
    assert talk.effects[-1]["data"]["case_ref"] == "ref-1"
    assert "⟦code⟧" in talk.filed()["text"]


def test_a_refused_filing_never_looks_like_a_receipt_and_loses_nothing() -> None:
    talk = Talk(FakeBackend(similar=1))
    talk.say("lampu mati di bengalon", "keluhan", issue="lampu_jalan", place="bengalon")
    talk.choose("Dukung yang ada")
    reply = talk.filed(outcome="refused", reason="Laporan itu sudah ditutup.")
    assert reply["responses"] == ["utter_result_refused", "utter_summary"]
    assert "⟦code⟧" not in reply["text"] and "Laporan itu sudah ditutup." in reply["text"]
    talk.say("kirim", "kirim")
    assert talk.effects[-1]["kind"] == "file_complaint"


def test_a_second_matter_is_offered_at_the_end_with_what_is_known() -> None:
    talk = Talk()
    first = "lampu jalan mati di bengalon terus juga sampah di pasar numpuk berhari hari"
    ranking = [{"code": "lampu_jalan", "confidence": 0.5}, {"code": "sampah", "confidence": 0.3}]
    talk.say(first, "keluhan", issue_ranking=ranking, place="bengalon", identity_level="confidential")
    talk.say("kirim", "kirim")
    reply = talk.filed()
    assert reply["responses"] == ["utter_receipt_confidential", "utter_second_offer"]
    talk.choose("Ya, laporkan")
    assert talk.asked == "confirm_submission"
    talk.say("kirim", "kirim")
    draft = _filed_draft(talk)
    assert draft["description"] == "sampah di pasar numpuk berhari hari"
    assert draft["issue"] == "sampah"
    assert draft["identity_level"] == "confidential"
    assert talk.filed()["responses"] == ["utter_receipt_confidential"]


def test_kirim_before_everything_was_asked_reads_back_with_what_is_known() -> None:
    talk = Talk()
    talk.say("jalan rusak", "keluhan", issue="jalan_rusak")
    talk.say("kirim aja", "kirim")
    talk.say("kirim aja", "kirim")
    assert talk.asked == "confirm_submission"


def test_a_tracking_code_inside_a_complaint_is_removed() -> None:
    talk = Talk()
    code = "4821 0937 5516 2048 7313"
    reply = talk.say(f"lampu mati lagi {code} di bengalon", "keluhan", issue="lampu_jalan", place="bengalon")
    assert reply["responses"][0] == "utter_code_removed"
    assert "4821" not in str(talk.state)


@pytest.mark.parametrize("language", ["jv", "su", "bjn", "en"])
def test_another_language_gets_one_courteous_line_and_the_report_is_taken(language: str) -> None:
    talk = Talk()
    reply = talk.say("dalane rusak kabeh nang ndeso", "keluhan", issue="jalan_rusak", language=language)
    assert reply["responses"][0] == f"utter_language_{language}"
    reply = talk.say("dalane bolong kabeh", "keluhan", issue="jalan_rusak", language=language)
    assert f"utter_language_{language}" not in reply["responses"]
    talk.say("bengalon", "beri_lokasi")
    talk.say("ora ngerti", "tidak_tahu")
    talk.say("kirim", "kirim")
    assert _filed_draft(talk)["language"] == language


def test_danger_mentioned_in_a_complaint_is_answered_once() -> None:
    talk = Talk()
    reply = talk.say("kabel listrik jatuh percik api", "keluhan", issue="listrik", flags={"emergency": True})
    assert reply["responses"] == ["utter_emergency", "utter_ask_place"]
    reply = talk.say(
        "di bengalon masih percik", "keluhan", issue="listrik", place="di bengalon", flags={"emergency": True}
    )
    assert "utter_emergency" not in reply["responses"]


@pytest.mark.parametrize(
    ("intent", "kind"), [("aspirasi", "aspiration"), ("minta_informasi", "information_request")]
)
def test_wishes_and_requests_for_information_have_their_own_class(intent: str, kind: str) -> None:
    talk = Talk()
    talk.say("usul taman bermain di bengalon", intent, issue="pohon_taman", place="bengalon")
    talk.say("kirim", "kirim")
    assert _filed_draft(talk)["report_class"] == kind


def test_identity_before_anything_else_is_kept() -> None:
    talk = Talk()
    reply = talk.say("mau lapor tapi jangan sebut nama saya", "identitas", identity_level="anonymous")
    assert reply["responses"] == ["utter_ask_description_protected"]
    talk.say("lampu mati di bengalon", "keluhan", issue="lampu_jalan", place="bengalon")
    talk.say("kirim", "kirim")
    assert talk.filed()["responses"] == ["utter_receipt_anonymous"]


def test_two_readings_then_a_menu_then_a_person() -> None:
    talk = Talk()
    ranking = [{"name": "nlu_fallback", "confidence": 0.4}, {"name": "keluhan", "confidence": 0.3}]
    ranking.append({"name": "cek_status", "confidence": 0.28})
    issues = [{"code": "lampu_jalan", "confidence": 0.3}]
    reply = talk.say("lmp dpn", "nlu_fallback", intent_ranking=ranking, issue_ranking=issues)
    assert [c["label"] for c in reply["choices"]] == [
        "Melaporkan masalah",
        "Cek status laporan",
        "Bukan keduanya",
    ]
    talk.choose("Melaporkan masalah")
    assert talk.slot("description") == "lmp dpn" and talk.asked == "place"
    talk = Talk()
    said = [talk.say("zzz", intent_ranking=ranking)["responses"] for _ in range(3)]
    assert said == [["utter_fallback_readings"], ["utter_menu_not_understood"], ["utter_offer_person"]]
    talk.say("ya", "ya")
    assert talk.effects[-1]["kind"] == "request_human"


def test_whatsapp_is_told_what_whatsapp_knows() -> None:
    web, whatsapp = Talk(), Talk(channel="whatsapp")
    for talk in (web, whatsapp):
        talk.say("identitas saya gimana", "identitas")
    assert "WhatsApp" in whatsapp.replies[-1]["text"] and "WhatsApp" not in web.replies[-1]["text"]


def test_forgetting_is_done_after_one_confirmation() -> None:
    talk = Talk()
    talk.say("lampu mati", "keluhan", issue="lampu_jalan")
    talk.say("hapus data saya", "hapus_data")
    assert talk.effects == []
    talk.say("ya", "ya")
    assert talk.effects == [{"kind": "forget", "data": {}}]
    assert talk.filed()["responses"] == ["utter_result_forget"]
    assert talk.slot("description") is None and talk.asked is None


@pytest.mark.parametrize("intent", ["belum_selesai", "tambah_info"])
def test_words_that_sound_like_a_follow_up_belong_to_the_open_draft(intent: str) -> None:
    talk = Talk(FakeBackend(cases=1))
    talk.say("lampu jalan mati", "keluhan", issue="lampu_jalan")
    talk.say("sampai sekarang masih mati juga", intent)
    assert talk.asked == "place"
    assert talk.slot("description") == "lampu jalan mati\nsampai sekarang masih mati juga"
    talk.say("kok laporan kemarin ditutup padahal belum beres", "belum_selesai")
    assert talk.effects[-1]["kind"] == "contest_case"
    assert talk.slot("description").startswith("lampu jalan mati")


def test_a_yes_never_answers_an_offer_that_was_passed_over() -> None:
    talk = Talk()
    talk.say("lampu mati di bengalon", "keluhan", issue="lampu_jalan", place="bengalon")
    talk.say("di pasar juga sampahnya numpuk terus tidak diangkut", "keluhan", issue="sampah")
    talk.say("kirim", "kirim")
    assert talk.filed()["responses"][-1] == "utter_second_offer"
    talk.say("jembatan putus di kongbeng", "keluhan", issue="jembatan_rusak", place="kongbeng")
    talk.say("ya", "ya")
    assert _filed_draft(talk)["issue"] == "jembatan_rusak"
    assert talk.filed()["responses"][-1] == "utter_second_offer"


def test_two_kinds_of_matter_about_equally_likely_are_asked_about_once() -> None:
    talk = Talk()
    close = [{"code": "listrik", "confidence": 0.4}, {"code": "lampu_jalan", "confidence": 0.35}]
    talk.say("lampu mati di bengalon", "keluhan", issue_ranking=close, place="bengalon")
    assert talk.asked == "clarification"
    talk.say("lampu jalan", "keluhan", issue="lampu_jalan")
    assert (talk.slot("issue"), talk.asked) == ("lampu_jalan", "confirm_submission")
    assert talk.slot("description") == "lampu mati di bengalon"
    assert talk.backend.asked("assignment")[-1]["issue"] == "lampu_jalan"
