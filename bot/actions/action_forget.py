"""*Hapus data saya*: says what goes and what stays, and asks once before it is done."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, words
from bot.actions.action_cancel import yes_or_no

FORGET, REPORT = "forget", "report"


class Forget(Action):
    """Only asks; the effect follows the yes."""

    def name(self) -> str:
        return "action_forget"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        yes, no = yes_or_no("forget_yes", "keep")
        report = words.button("button", "forget_report", f'/pilih{{"option": "{REPORT}"}}')
        dispatcher.utter_message(response="utter_forget_sure", buttons=[yes, report, no])
        return [SlotSet("open_question", FORGET), *asking.own_question(tracker)]
