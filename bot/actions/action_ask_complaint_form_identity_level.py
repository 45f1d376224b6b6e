"""For sensitive matters: explains the three levels before anything else, starting at confidential."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot import clock
from bot.actions import asking, draft, words

LEVELS = ("confidential", "anonymous", "open")


def identity_buttons() -> list[dict[str, str]]:
    """The three levels as choices."""
    return [
        words.button("identity_button", level, f'/identitas{{"identity_level": "{level}"}}')
        for level in LEVELS
    ]


def channel_note() -> str:
    """WhatsApp itself knows number and text; that is said where it is true."""
    return words.label("channel_note", clock.channel())


class AskIdentityLevel(Action):
    """Says who sees what, in one message."""

    def name(self) -> str:
        return "action_ask_complaint_form_identity_level"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        again = asking.is_again(tracker.slots, draft.IDENTITY)
        dispatcher.utter_message(
            response="utter_ask_identity_again" if again else "utter_ask_identity",
            channel_note=channel_note(),
            buttons=identity_buttons(),
            json_message=asking.extras(tracker.slots),
        )
        return asking.asked(tracker.slots, draft.IDENTITY)
