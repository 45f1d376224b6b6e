"""*Ulang*: begins the report anew, after asking when something would be lost."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft
from bot.actions.action_cancel import slot_events, yes_or_no

START_OVER = "start_over"


class StartOver(Action):
    """A new draft with a new id; the old words are gone."""

    def name(self) -> str:
        return "action_start_over"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        slots = tracker.slots
        if draft.is_open(slots) and slots.get("open_question") != START_OVER:
            dispatcher.utter_message(
                response="utter_start_over_sure", buttons=yes_or_no("start_over_yes", "keep")
            )
            return [SlotSet("open_question", START_OVER), *asking.own_question(tracker)]
        return started_over(dispatcher)


def started_over(dispatcher: CollectingDispatcher) -> list[dict[str, Any]]:
    """An empty draft whose first question is asked."""
    dispatcher.utter_message(response="utter_started_over")
    gone = {**draft.nothing_drafted(), "open_question": None, "requested_slot": None}
    return [*slot_events(gone), *asking.resumed()]
