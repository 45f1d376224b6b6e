"""Not understood: two readings, then a menu, then a person."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, words
from bot.actions.action_cancel import yes_or_no
from bot.actions.reading import Reading, read

READINGS, PERSON = "readings", "person"
MOST_READINGS = 2


class Fallback(Action):
    """While a form is open its question is asked again in other words first; the words are kept for a later reading."""

    def name(self) -> str:
        return "action_fallback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        misses = int(tracker.get_slot("misses") or 0)
        counted = [SlotSet("misses", misses + 1), SlotSet("unsure_reason", "fallback")]
        reading = read(tracker.latest_message)
        if reading.is_map_link:
            dispatcher.utter_message(response="utter_map_link")
            return counted
        if misses >= 2:
            dispatcher.utter_message(
                response="utter_offer_person", buttons=yes_or_no("person_yes", "person_no")
            )
            return [*counted, SlotSet("open_question", PERSON), *asking.own_question(tracker)]
        if tracker.active_loop_name:
            if misses == 0:
                dispatcher.utter_message(response="utter_fallback_meanwhile")
                return counted
            dispatcher.utter_message(response="utter_fallback_menu_meanwhile")
            return [*counted, *asking.own_question(tracker)]
        if misses == 0 and len(readings(reading)) == MOST_READINGS:
            return [*counted, *offer_readings(dispatcher, reading)]
        dispatcher.utter_message(response="utter_menu_not_understood")
        return counted


def offer_readings(dispatcher: CollectingDispatcher, reading: Reading) -> list[dict[str, Any]]:
    """Asks which of two readings is meant; the words are kept for the answer."""
    neither = words.button("button", "neither", "/bantuan")
    dispatcher.utter_message(response="utter_fallback_readings", buttons=[*readings(reading), neither])
    kept = {"text": reading.text, "issue_ranking": [dict(r) for r in reading.issue_ranking[:3]]}
    return [SlotSet("open_question", READINGS), SlotSet("unread", kept)]


def readings(reading: Reading) -> list[dict[str, str]]:
    """The two likeliest meanings that have words of their own, as choices."""
    names = dict.fromkeys(
        str(r.get("name") or r.get("intent")).partition("/")[0] for r in reading.intent_ranking
    )
    known = [name for name in names if words.has_label("reading", name)][:MOST_READINGS]
    return [words.button("reading", name, _payload(name)) for name in known]


def _payload(intent: str) -> str:
    # A matter told keeps the words it was told in; every other reading is simply that intent.
    return (
        '/pilih{"option": "keluhan"}'
        if intent in ("keluhan", "aspirasi", "minta_informasi")
        else f"/{intent}"
    )
