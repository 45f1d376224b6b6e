"""Asks what is the matter."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft


class AskDescription(Action):
    """One open question with an example; when the matter is sensitive so far, with a word of reassurance."""

    def name(self) -> str:
        return "action_ask_complaint_form_description"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        slots = tracker.slots
        if asking.is_again(slots, draft.DESCRIPTION):
            response = "utter_ask_description_again"
        elif (slots.get("before_change") or {}).get("what"):
            response = "utter_ask_description_anew"
        elif slots.get(draft.IDENTITY) in ("confidential", "anonymous"):
            response = "utter_ask_description_protected"
        else:
            response = "utter_ask_description"
        dispatcher.utter_message(response=response, json_message=asking.extras(slots))
        return asking.asked(slots, draft.DESCRIPTION)
