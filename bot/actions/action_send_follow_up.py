"""After the follow-up form: asks the turn to do it; the sentence follows the result."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft
from bot.actions.action_cancel import slot_events
from bot.actions.follow_up import CASE, RATING, SURE, effect, nothing_followed


class SendFollowUp(Action):
    """A withdrawal or an erasure that was not meant changes nothing."""

    def name(self) -> str:
        return "action_send_follow_up"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        slots = tracker.slots
        # The rating stays until the result: who has given one is not asked for it.
        after = {
            **nothing_followed(),
            "last_case_ref": slots.get(CASE),
            "last_asked": None,
            RATING: slots.get(RATING),
        }
        if slots.get(SURE) == "no":
            dispatcher.utter_message(response=f"utter_{slots['follow_up']}_declined")
            more = asking.resumed() if draft.is_open(slots) else []
            return [*slot_events(after), *more]
        return [SlotSet("pending_effect", effect(slots)), *slot_events(after)]
