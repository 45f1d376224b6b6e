"""Runs before everything else in every turn: danger is answered first, then another language gets its courteous line."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import clock
from bot.actions import fact_rows
from bot.actions.backend_client import backend
from bot.actions.draft import Slots
from bot.actions.reading import Reading, read

# Who speaks of ending their life hears first of somebody to talk to (services of the emergency rows, in this order).
COMPANY = ("mental", "medical", "general", "police")
COURTEOUS_IN = frozenset({"jv", "su", "bjn", "en"})
# Short answers and place names look like any of the neighbouring languages; a courteous line in the wrong one is none.
ANSWERS = frozenset(
    "koreksi beri_lokasi beri_waktu ubah identitas kirim_bukti tidak_tahu ya tidak lewati kirim pilih".split()
)


# Three words of Indonesian may pass for Javanese, and the address of a page for English.
FEWEST_WORDS_OF_A_LANGUAGE = 4
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


class ValidateSlotMappings(Action):
    """Rasa's hook after slot extraction, in every turn; called again when a form opens, which then changes nothing."""

    def name(self) -> str:
        return "action_validate_slot_mappings"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if _has_begun(tracker.events):
            return []
        reading, slots = read(tracker.latest_message), tracker.slots
        changes: Slots = {"unsure_reason": None}
        if reading.intent != "nlu_fallback" and slots.get("misses"):
            changes["misses"] = 0
        if _is_emergency(reading, slots):
            response, services = (
                ("utter_own_life", COMPANY) if _is_own_life(reading) else ("utter_emergency", ())
            )
            answer = await backend().ask("facts", topic="emergency", regency_code=_regency(slots))
            lines = fact_rows.of_services(answer["facts"], services) if services else answer["facts"]
            dispatcher.utter_message(response=response, fact_rows=fact_rows.as_text(lines))
            changes["emergency_told"] = True
        if language := _new_language(reading, slots):
            dispatcher.utter_message(response=f"utter_language_{language}")
            changes |= {"language": language, "language_told": language, "unsure_reason": "other_language"}
        return [SlotSet(name, value) for name, value in changes.items()]


def _has_begun(events: list[dict[str, Any]]) -> bool:
    for event in reversed(events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "slot" and event.get("name") == "unsure_reason":
            return True
    return False


def _is_emergency(reading: Reading, slots: Slots) -> bool:
    """Always when the message is a cry for help; when it only mentions danger, once per report."""
    return (
        reading.intent == "darurat"
        or _is_own_life(reading)
        or bool(reading.flags.get("emergency") and not slots.get("emergency_told"))
    )


def _is_own_life(reading: Reading) -> bool:
    return bool(reading.flags.get("own_life"))


def _regency(slots: Slots) -> str:
    return (slots.get("place") or {}).get("regency_code") or clock.home()


def _new_language(reading: Reading, slots: Slots) -> str | None:
    """A language that deserves its one courteous line now."""
    language = reading.language
    spoken = (
        reading.words >= FEWEST_WORDS_OF_A_LANGUAGE
        and not _ADDRESS.search(reading.text)
        and reading.intent not in ANSWERS
        and not reading.intent.startswith("EXTERNAL_")
    )
    return (
        language if spoken and language in COURTEOUS_IN and language != slots.get("language_told") else None
    )
