"""News of a filed report: an officer's answer as written, or a new state; the next words go to that report."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import status_view

# `event_data["notice"]` → response; anything else is a change of state.
RESPONSES = {
    "reply": "utter_notice_reply",
    "question": "utter_notice_question",
    "overdue": "utter_notice_overdue",
}


class Notice(Action):
    """`event_data`: `{notice, case_ref, label, state_label, text, agency_name, due_label, may}`."""

    def name(self) -> str:
        return "action_notice"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        news: dict[str, Any] = tracker.get_slot("event_data") or {}
        dispatcher.utter_message(
            response=RESPONSES.get(str(news.get("notice")), "utter_notice_state"),
            case_label=news.get("label") or "",
            state_label=news.get("state_label") or "",
            officer_words=news.get("text") or "",
            agency_name=news.get("agency_name") or "",
            due_label=news.get("due_label") or "",
            buttons=status_view.buttons(news) if news.get("case_ref") else [],
        )
        return [SlotSet("last_case_ref", news.get("case_ref")), SlotSet("event_data", None)]
