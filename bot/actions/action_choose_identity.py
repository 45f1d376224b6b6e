"""The three identity levels: explained in one message, or taken when the person names one before a report is open."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking
from bot.actions.action_ask_complaint_form_identity_level import channel_note, identity_buttons
from bot.actions.reading import read
from bot.actions.telling import tells_within


class ChooseIdentity(Action):
    """Inside the form a named level is the extractor's; here come the wish without a level and the first word."""

    def name(self) -> str:
        return "action_choose_identity"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        reading = read(tracker.latest_message)
        level = reading.identity_level
        if tracker.active_loop_name != "complaint_form" and (level or tells_within(reading)):
            chosen = [SlotSet("identity_level", level)] if level else []
            return [*chosen, *asking.resumed()]
        explain(dispatcher)
        return asking.own_question(tracker)


def explain(dispatcher: CollectingDispatcher) -> None:
    """Who sees what at each level, with the levels as choices."""
    dispatcher.utter_message(
        response="utter_explain_identity", channel_note=channel_note(), buttons=identity_buttons()
    )
