"""The three identity levels: explained in one message, or taken when the person names one before a report is open."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking
from bot.actions.action_ask_complaint_form_identity_level import channel_note, identity_buttons
from bot.actions.reading import read


class ChooseIdentity(Action):
    """Inside the form a named level is the extractor's; here come the wish without a level and the first word."""

    def name(self) -> str:
        return "action_choose_identity"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        level = read(tracker.latest_message).identity_level
        if level and tracker.active_loop_name != "complaint_form":
            return [SlotSet("identity_level", level), *asking.resumed()]
        explain(dispatcher)
        return asking.own_question(tracker)


def explain(dispatcher: CollectingDispatcher) -> None:
    """Who sees what at each level, with the levels as choices."""
    dispatcher.utter_message(
        response="utter_explain_identity", channel_note=channel_note(), buttons=identity_buttons()
    )
