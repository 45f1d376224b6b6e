"""Actions that misbehave, one way each."""

from __future__ import annotations

import logging
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, ReminderScheduled, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from bot import clock

Events = list[dict[str, Any]]


class ActionFail(Action):
    """Raises, quoting what was typed."""

    def name(self) -> str:
        return "action_fail"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        raise ValueError(f"cannot work with {tracker.latest_message['text']}")


class ActionReject(Action):
    """Says that it is not for it."""

    def name(self) -> str:
        return "action_reject"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        raise ActionExecutionRejection(self.name())


class ActionPeek(Action):
    """Changes everything it was handed, and reports whether the domain let it."""

    def name(self) -> str:
        return "action_peek"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        tracker.slots["place"] = "changed behind the tracker's back"
        tracker.latest_message["entities"].append({"entity": "hewan", "value": "naga"})
        try:
            domain["slots"]["place"] = "changed"
        except TypeError:
            return [SlotSet("note", "the domain refused")]
        return [SlotSet("note", "the domain was changed")]


class ActionTellTime(Action):
    """Keeps what the clock says."""

    def name(self) -> str:
        return "action_tell_time"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        world = [clock.now().isoformat(), clock.seed(), clock.conversation(), clock.home(), clock.channel()]
        return [SlotSet("note", world), SlotSet("unsure_reason", "low_confidence")]


class ActionEndless(Action):
    """Calls itself."""

    def name(self) -> str:
        return "action_endless"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        return [FollowupAction(self.name())]


class ActionRemind(Action):
    """Wants a timer inside Rasa."""

    def name(self) -> str:
        return "action_remind"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        return [ReminderScheduled("EXTERNAL_notice", clock.now().replace(tzinfo=None))]


class ActionLeak(Action):
    """Logs what was typed in every way there is, then says something that cannot be said."""

    def name(self) -> str:
        return "action_leak"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        text = tracker.latest_message["text"]
        for level in (logging.DEBUG, logging.WARNING, logging.CRITICAL):
            logging.getLogger("somebody.else").log(level, "heard %s", text)
        structlog.get_logger().error("heard it", words=text)
        dispatcher.utter_message(response="utter_incomplete")
        return []


class ActionKeepDate(Action):
    """Puts something into a slot that no stored state can hold."""

    def name(self) -> str:
        return "action_keep_date"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        return [SlotSet("note", clock.now())]
