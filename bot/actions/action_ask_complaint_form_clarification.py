"""Asks the one question that changes whose job it is; the backend knows which."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft, words
from bot.actions.action_ask_complaint_form_place import short

MOST_OPTIONS = 9


class AskClarification(Action):
    """The backend's words and options, and always *tidak tahu*."""

    def name(self) -> str:
        return "action_ask_complaint_form_clarification"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        question = tracker.slots["question"]
        options = (question.get("options") or [])[:MOST_OPTIONS]
        buttons = [
            {"title": short(o["label"]), "payload": f'/pilih{{"option": "{n}"}}'}
            for n, o in enumerate(options, 1)
            if o["value"] != draft.UNKNOWN_ANSWER
        ]
        again = asking.is_again(tracker.slots, draft.CLARIFICATION)
        dispatcher.utter_message(
            response="utter_ask_clarification_again" if again else "utter_ask_clarification",
            question_words=question["ask"],
            buttons=[*buttons, words.button("button", "do_not_know", "/tidak_tahu")],
            json_message=asking.extras(tracker.slots),
        )
        return asking.asked(tracker.slots, draft.CLARIFICATION)
