"""Asks once before a filed report is withdrawn."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking
from bot.actions.action_cancel import yes_or_no
from bot.actions.follow_up import SURE


class AskWithdrawal(Action):
    """Says that the report is closed by it and stays on record."""

    def name(self) -> str:
        return "action_ask_follow_up_form_follow_up_confirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        again = "_again" if asking.is_again(tracker.slots, SURE) else ""
        dispatcher.utter_message(
            response=f"utter_withdraw_sure{again}", buttons=yes_or_no("withdraw_yes", "withdraw_no")
        )
        return asking.asked(tracker.slots, SURE)
