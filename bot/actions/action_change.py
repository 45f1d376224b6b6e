"""*Ubah* without a field that is a question of the form: the menu, the identity levels, or how to send proof."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking
from bot.actions.action_ask_complaint_form_confirm_submission import change_buttons
from bot.actions.action_choose_identity import explain
from bot.actions.reading import read


class Change(Action):
    """Outside a draft there is nothing to change, and the way to a filed report is told."""

    def name(self) -> str:
        return "action_change"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if tracker.active_loop_name != "complaint_form":
            dispatcher.utter_message(response="utter_nothing_to_change")
            return []
        field = read(tracker.latest_message).value("field")
        if field == "identity":
            explain(dispatcher)
        elif field == "proof":
            dispatcher.utter_message(response="utter_send_proof")
        else:
            dispatcher.utter_message(response="utter_ask_change", buttons=change_buttons())
            return [SlotSet("open_question", "change"), *asking.own_question(tracker)]
        return asking.own_question(tracker)
