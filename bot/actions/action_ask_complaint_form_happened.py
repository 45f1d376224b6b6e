"""Asks when it happened, only where a day decides something."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft, words


class AskHappened(Action):
    """An approximate answer or none is fine, and the question says so."""

    def name(self) -> str:
        return "action_ask_complaint_form_happened"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        again = asking.is_again(tracker.slots, draft.HAPPENED)
        dispatcher.utter_message(
            response="utter_ask_happened_again" if again else "utter_ask_happened",
            buttons=[words.button("button", "skip", "/lewati")],
            json_message=asking.extras(tracker.slots),
        )
        return asking.asked(tracker.slots, draft.HAPPENED)
