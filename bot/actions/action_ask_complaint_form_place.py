"""Asks where it is: openly, by district when only a landmark is known, or which of several places is meant."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft, words
from bot.actions.draft import Slots


class AskPlace(Action):
    """Never asks for what was said: known words for the spot are repeated back and only the area is asked."""

    def name(self) -> str:
        return "action_ask_complaint_form_place"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        slots = tracker.slots
        options = slots.get("place_options") or []
        response = _response(slots)
        dispatcher.utter_message(
            response=response,
            place_words=slots.get("place_words") or "",
            place_label=options[0]["label"] if options else "",
            buttons=_buttons(slots),
            json_message=asking.extras(slots, ask=None if options else "location"),
        )
        return asking.asked(slots, draft.PLACE)


def _response(slots: Slots) -> str:
    options = slots.get("place_options") or []
    if len(options) == 1:
        return "utter_ask_place_sure"
    if options:
        return "utter_ask_place_which"
    if slots.get("place_words") and not draft.is_sensitive(slots):
        return "utter_ask_place_district"
    again = asking.is_again(slots, draft.PLACE)
    if draft.is_sensitive(slots):
        return "utter_ask_place_sensitive_again" if again else "utter_ask_place_sensitive"
    return "utter_ask_place_again" if again else "utter_ask_place"


def _buttons(slots: Slots) -> list[dict[str, str]]:
    options = slots.get("place_options") or []
    if options:
        chosen = [
            {"title": short(o["label"]), "payload": f'/pilih{{"option": "{n}"}}'}
            for n, o in enumerate(options, 1)
        ]
        return [*chosen, words.button("button", "none_of_these", '/pilih{"option": "none"}')]
    if asking.is_again(slots, draft.PLACE) or draft.is_sensitive(slots):
        return [words.button("button", "do_not_know", "/tidak_tahu")]
    return []


def short(title: str, most: int = 72) -> str:
    """A title from data, cut only where no channel could show it; an adapter moves what is too long for a button."""
    return title if len(title) <= most else f"{title[: most - 1].rstrip(' ,')}…"
