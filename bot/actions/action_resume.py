"""*Lanjut*: goes on with the draft where it was left."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft


class Resume(Action):
    """With no draft, what can be done is told instead."""

    def name(self) -> str:
        return "action_resume"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if tracker.active_loop_name:
            dispatcher.utter_message(response="utter_resumed")
            return [SlotSet("open_question", None)]
        if draft.is_open(tracker.slots):
            dispatcher.utter_message(response="utter_resumed")
            return [SlotSet("open_question", None), *asking.resumed()]
        dispatcher.utter_message(response="utter_menu")
        return []
