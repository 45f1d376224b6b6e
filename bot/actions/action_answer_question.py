"""Answers a question people ask (how long, who reads this, is it free …), with numbers from reference data."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import clock
from bot.actions import asking, fact_rows
from bot.actions.action_ask_complaint_form_identity_level import channel_note
from bot.actions.backend_client import backend
from bot.actions.reading import read

TOPICS = frozenset(
    "lama_proses cara_lapor siapa_berwenang apa_itu privasi beda_anonim_rahasia biaya syarat_identitas kode_hilang"
    " foto_wajib jam_layanan kontak_kantor beda_sp4n robot luar_daerah wakil_orang_lain arti_status terlambat"
    " cara_dibalas banyak_laporan laporan_palsu bahasa nomor_darurat whatsapp_aman ombudsman bisa_apa tindak_lanjut"
    " lampiran".split()
)
# Topics whose answer has numbers: the backend's topic, and which of its facts are listed (none: they stand in the text).
FACTS_OF: dict[str, tuple[str, frozenset[str]]] = {
    "lama_proses": ("limits", frozenset()),
    "terlambat": ("limits", frozenset()),
    "tindak_lanjut": ("service", frozenset()),
    "lampiran": ("service", frozenset()),
    "foto_wajib": ("service", frozenset()),
    "biaya": ("service", frozenset()),
    "whatsapp_aman": ("service", frozenset()),
    "ombudsman": ("contacts", frozenset()),
    "beda_sp4n": ("contacts", frozenset()),
    "kontak_kantor": (
        "contacts",
        frozenset({"pln", "pertamina", "bpjs_kesehatan", "dukcapil", "ojk", "sapa"}),
    ),
    "nomor_darurat": ("emergency", frozenset()),
}


# "anonim aja" reads like a question about the levels and is a choice: taking it for a question would expose a person.
ABOUT_IDENTITY = frozenset({"beda_anonim_rahasia", "privasi", "whatsapp_aman", "cara_dibalas"})


class AnswerQuestion(Action):
    """Short answer; an open form then asks its question again, outside one the way to go on is said."""

    def name(self) -> str:
        return "action_answer_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        reading = read(tracker.latest_message)
        topic = reading.topic or ""
        if topic in ABOUT_IDENTITY and reading.chosen_identity:
            return _chosen(reading.chosen_identity, tracker)
        if topic not in TOPICS:
            dispatcher.utter_message(response="utter_tanya_unknown")
            return [SlotSet("unsure_reason", "low_confidence")]
        facts = await _facts(topic, tracker)
        named = {name: value for name, value in facts.items() if name in FACTS_OF[topic][1]} if facts else {}
        dispatcher.utter_message(
            response=f"utter_tanya_{topic}",
            **{**facts, "fact_rows": fact_rows.as_text(named or facts), "channel_note": channel_note()},
        )
        if not tracker.active_loop_name:
            dispatcher.utter_message(response="utter_what_next")
        return []


def _chosen(level: str, tracker: Tracker) -> list[dict[str, Any]]:
    view = {**(tracker.get_slot("draft_view") or {}), "identity_level": level}
    resumed = [] if tracker.active_loop_name == "complaint_form" else asking.resumed()
    return [SlotSet("identity_level", level), SlotSet("draft_view", view), *resumed]


async def _facts(topic: str, tracker: Tracker) -> dict[str, Any]:
    if topic not in FACTS_OF:
        return {}
    regency = (tracker.get_slot("place") or {}).get("regency_code") or clock.home()
    answer = await backend().ask("facts", topic=FACTS_OF[topic][0], regency_code=regency)
    found: dict[str, Any] = answer["facts"]
    return found
