"""Asks what is to be added, or what is not finished."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking
from bot.actions.follow_up import NOTE


class AskNote(Action):
    """Words or a photo, as the person likes."""

    def name(self) -> str:
        return "action_ask_follow_up_form_note"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        again = "_again" if asking.is_again(tracker.slots, NOTE) else ""
        dispatcher.utter_message(
            response=f"utter_ask_note_{tracker.get_slot('follow_up')}{again}", json_message={"ask": "photo"}
        )
        return asking.asked(tracker.slots, NOTE)
