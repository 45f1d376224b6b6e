"""*Batal*: drops what is being told, after asking when something would be lost."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft, words
from bot.actions.follow_up import nothing_followed
from bot.actions.reading import read
from bot.actions.telling import tells_within

CANCEL = "cancel"


class Cancel(Action):
    """In a follow-up that alone is dropped and the draft goes on; a second *batal* needs no second confirmation.

    "KTP gak jadi jadi" cancels nothing: it is told to a new draft."""

    def name(self) -> str:
        return "action_cancel"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        slots = tracker.slots
        if tracker.active_loop_name == "follow_up_form":
            dispatcher.utter_message(response="utter_follow_up_cancelled")
            more = asking.resumed() if draft.is_open(slots) else []
            return [*asking.left(tracker), *slot_events(nothing_followed()), *more]
        if not slots.get("draft_id") and tells_within(read(tracker.latest_message)):
            return asking.resumed()
        if not slots.get("draft_id"):
            dispatcher.utter_message(response="utter_nothing_to_cancel")
            return [SlotSet("open_question", None)]
        if draft.is_open(slots) and slots.get("open_question") != CANCEL:
            dispatcher.utter_message(
                response="utter_cancel_sure", buttons=yes_or_no("cancel_yes", "cancel_no")
            )
            return [SlotSet("open_question", CANCEL), *asking.own_question(tracker)]
        return cancelled(dispatcher, tracker)


def cancelled(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """The draft is gone and that is said."""
    dispatcher.utter_message(response="utter_cancelled")
    gone = {**draft.nothing_drafted(), "open_question": None, "second_matter": None}
    return [*asking.left(tracker), *slot_events(gone), FollowupAction("action_listen")]


def slot_events(changes: dict[str, Any]) -> list[dict[str, Any]]:
    """The changes as events."""
    return [SlotSet(name, value) for name, value in changes.items()]


def yes_or_no(yes: str, no: str) -> list[dict[str, str]]:
    """Two choices in words of their own."""
    return [words.button("button", yes, "/ya"), words.button("button", no, "/tidak")]
