"""Reads the report back: send, change or drop it, or support a similar one."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft, summary, words
from bot.actions.draft import Slots

FIELDS = ("what", "where", "when", "proof", "identity")


class AskConfirmSubmission(Action):
    """The summary, whole when something is new and in other words when it is asked again; or the menu of changes."""

    def name(self) -> str:
        return "action_ask_complaint_form_confirm_submission"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        slots = tracker.slots
        if slots.get("open_question") == "change":
            dispatcher.utter_message(response="utter_ask_change", buttons=change_buttons())
            return [SlotSet("open_question", None), SlotSet("last_asked", None)]
        listed = summary.rows(slots)
        dispatcher.utter_message(
            response=_response(slots),
            rows=summary.as_text(listed),
            options=_options(slots),
            similar_words=_similar_words(slots),
            due_label=(slots.get("assignment") or {}).get("due_label") or "",
            buttons=_buttons(slots),
            json_message=asking.extras(slots, card={"kind": "summary", "rows": listed}),
        )
        return asking.asked(slots, draft.CONFIRM)


def _response(slots: Slots) -> str:
    if asking.is_again(slots, draft.CONFIRM):
        return "utter_summary_again"
    return "utter_summary_similar" if slots.get("similar") else "utter_summary"


def _options(slots: Slots) -> str:
    """Proof and identity as options of the read-back, as far as they are not settled."""
    if draft.is_sensitive(slots):
        return words.label("options", "sensitive")
    if slots.get(draft.IDENTITY):
        return words.label("options", "enough" if slots.get("attachments") else "proof")
    return words.label("options", "identity" if slots.get("attachments") else "both")


def _similar_words(slots: Slots) -> str:
    similar = slots.get("similar") or []
    return f"{similar[0]['label']}, {similar[0].get('state_label') or ''}".rstrip(", ") if similar else ""


def _buttons(slots: Slots) -> list[dict[str, str]]:
    support = [words.button("button", "support", "/dukung")] if slots.get("similar") else []
    return [
        words.button("button", "send", "/kirim"),
        *support,
        words.button("button", "change", "/ubah"),
        words.button("button", "cancel", "/batal"),
    ]


def change_buttons() -> list[dict[str, str]]:
    """One choice per field that can be changed."""
    return [words.button("change_button", name, f'/ubah{{"field": "{name}"}}') for name in FIELDS]
