"""Hands over to a person, with what is known so far."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft, summary
from bot.actions.draft import Slots


class RequestHuman(Action):
    """The sentence follows when the backend has done it."""

    def name(self) -> str:
        return "action_request_human"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        return [*human_requested(tracker.slots, "asked"), *asking.own_question(tracker)]


def human_requested(slots: Slots, reason: str) -> list[dict[str, Any]]:
    """The effect; a summary goes with it unless the matter is sensitive or the person anonymous."""
    told = draft.is_open(slots) and not draft.is_sensitive(slots) and draft.level_of(slots) != "anonymous"
    known = summary.as_text(summary.rows(slots)) if told else ""
    effect = {"kind": "request_human", "data": {"reason": reason, "summary": known}}
    return [SlotSet("pending_effect", effect), SlotSet("misses", 0), SlotSet("open_question", None)]
