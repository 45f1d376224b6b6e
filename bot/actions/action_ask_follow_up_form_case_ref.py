"""Asks which report is meant: from the sender's own list, or by code."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking
from bot.actions.action_ask_complaint_form_place import short
from bot.actions.follow_up import CASE


class AskCase(Action):
    """A wrong code is told at once, without saying whether such a report exists."""

    def name(self) -> str:
        return "action_ask_follow_up_form_case_ref"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        options = tracker.get_slot("case_options") or []
        problem = tracker.get_slot("follow_up_problem")
        if problem:
            dispatcher.utter_message(
                response=f"utter_code_{problem['outcome']}", wait_s=problem.get("wait_s") or 0
            )
        elif options:
            buttons = [
                {"title": short(o["label"]), "payload": f'/pilih{{"option": "{n}"}}'}
                for n, o in enumerate(options, 1)
            ]
            dispatcher.utter_message(response="utter_ask_which_report", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_ask_code")
        return [*asking.asked(tracker.slots, CASE), SlotSet("follow_up_problem", None)]
