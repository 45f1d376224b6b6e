"""A form of three questions, written the way the real one is: one extractor, one validator, effects by slot."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from bot import clock

Events = list[dict[str, Any]]
NO_ANSWERS = {"tanya", "salam", "batal", "gagal", "EXTERNAL_stale_choice", "EXTERNAL_silence_reminder"}


class ActionRead(Action):
    """Fills the requested slot with the text, or the place with a pin."""

    def name(self) -> str:
        return "action_read"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        message = tracker.latest_message
        if message["intent"]["name"] in NO_ANSWERS:
            return []
        pins = [one["value"] for one in message["entities"] if one["entity"] == "pin"]
        answers = [one["value"] for one in message["entities"] if one["entity"] == "jawaban"]
        events = [SlotSet("place", f"{pins[-1]['latitude']},{pins[-1]['longitude']}")] if pins else []
        if answers:
            return [*events, SlotSet("sure", answers[0])]
        requested = tracker.get_slot("requested_slot")
        if message["intent"]["name"] == "lapor" and not tracker.get_slot("description"):
            requested = "description"
        if message["text"] and requested in ("description", "place"):
            events.append(SlotSet(requested, message["text"]))
        return events


class ValidateComplaintForm(FormValidationAction):
    """Keeps the draft's view up to date; `ubah` asks for the place again."""

    def name(self) -> str:
        return "validate_complaint_form"

    def validate_sure(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        return {"sure": None, "place": None} if value == "ubah" else {"sure": value}

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        events: Events = await super().run(dispatcher, tracker, domain)
        # Only when it changes: a form that sets nothing rejects, and lets a rule answer a question in between.
        view = {"identity_level": "confidential", "open": True}
        return events if tracker.get_slot("draft_view") == view else [*events, SlotSet("draft_view", view)]


class ActionSubmit(Action):
    """Asks for an effect; does nothing itself."""

    def name(self) -> str:
        return "action_submit"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        data = {"draft_id": clock.seed(), "description": tracker.get_slot("description")}
        return [SlotSet("pending_effect", {"kind": "file_complaint", "data": data})]


class ActionReceipt(Action):
    """Tells the result of the effect."""

    def name(self) -> str:
        return "action_receipt"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        result = tracker.get_slot("event_data")
        dispatcher.utter_message(
            response="utter_sent",
            agency=result["agency_name"],
            json_message={"card": {"kind": "receipt", "rows": []}},
        )
        return [SlotSet(name, None) for name in ("description", "place", "sure", "draft_view")]


class ActionForgetDraft(Action):
    """Empties the draft."""

    def name(self) -> str:
        return "action_forget_draft"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        return [SlotSet(name, None) for name in ("description", "place", "sure", "draft_view")]
