"""After *kirim*: asks the turn to file the draft (or to support a similar report); the receipt follows the result."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import draft


class FileComplaint(Action):
    """Says nothing: only the backend's answer may be followed by thanks. The draft stays until then."""

    def name(self) -> str:
        return "action_file_complaint"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        data = draft.filing(tracker.slots, tracker.get_slot("language"))
        kind = "file_complaint"
        if case_ref := tracker.get_slot("support_ref"):
            kind, data = "support_case", {**data, "case_ref": case_ref}
        return [SlotSet("pending_effect", {"kind": kind, "data": data})]
