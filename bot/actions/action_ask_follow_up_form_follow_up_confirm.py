"""Asks once before a filed report is withdrawn or its words are erased."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking
from bot.actions.action_cancel import yes_or_no
from bot.actions.follow_up import SURE


class AskWhetherSure(Action):
    """Says what will be gone and what stays."""

    def name(self) -> str:
        return "action_ask_follow_up_form_follow_up_confirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        kind, again = tracker.get_slot("follow_up"), "_again" if asking.is_again(tracker.slots, SURE) else ""
        dispatcher.utter_message(
            response=f"utter_{kind}_sure{again}", buttons=yes_or_no(f"{kind}_yes", f"{kind}_no")
        )
        return asking.asked(tracker.slots, SURE)
