"""The one reminder after a silence: the draft is still there."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft


class RemindSilence(Action):
    """Says nothing when nothing is being told; the words themselves are never repeated in a reminder."""

    def name(self) -> str:
        return "action_remind_silence"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if not draft.is_open(tracker.slots):
            return asking.own_question(tracker)
        dispatcher.utter_message(response="utter_silence_reminder")
        return [] if tracker.active_loop_name else asking.resumed()
