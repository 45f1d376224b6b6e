"""Yes, no and choices that answer a question of the rules; without one, a kind word and the open question again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft
from bot.actions.action_cancel import CANCEL, cancelled, slot_events
from bot.actions.action_fallback import PERSON, READINGS
from bot.actions.action_forget import FORGET, REPORT
from bot.actions.action_request_human import human_requested
from bot.actions.action_start_over import START_OVER, started_over
from bot.actions.backend_client import backend
from bot.actions.follow_up import MOST_OPTIONS, nothing_followed
from bot.actions.reading import read
from bot.actions.telling import tells_within

SECOND = "second"
# Only a plain yes takes something away; whoever says *kirim* then wants to keep it.
HARMLESS = frozenset({PERSON, SECOND})
GO_ON = frozenset({"kirim", "lanjut"})
# An issue less likely than this is a guess: the report then goes to the desk that sorts.
LIKELY = 0.15
Answer = Callable[[CollectingDispatcher, Tracker], "list[dict[str, Any]]"]


class AnswerOpenQuestion(Action):
    """What follows a yes stands in `YES`; a no closes the question and the draft, if any, goes on."""

    def name(self) -> str:
        return "action_answer_open_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        reading, question = read(tracker.latest_message), tracker.get_slot("open_question")
        if not question and not tracker.active_loop_name and tells_within(reading):
            return asking.resumed()
        if question == READINGS and reading.value("option") == "keluhan":
            return _told_after_all(tracker)
        if question == FORGET and reading.value("option") == REPORT:
            return await _report_to_erase(tracker)
        if question in YES and (reading.intent == "ya" or (question in HARMLESS and reading.intent in GO_ON)):
            return YES[question](dispatcher, tracker)
        if question in YES and reading.intent in {"tidak", "lewati", "tidak_tahu", *GO_ON}:
            dispatcher.utter_message(response=f"utter_{question}_declined")
            more = [SlotSet("second_matter", None)] if question == SECOND else []
            return [SlotSet("open_question", None), *more]
        meanwhile = "_meanwhile" if tracker.active_loop_name else ""
        dispatcher.utter_message(response=f"utter_no_such_answer{meanwhile}")
        return []


def _told_after_all(tracker: Tracker) -> list[dict[str, Any]]:
    unread: dict[str, Any] = tracker.get_slot("unread") or {}
    ranking = unread.get("issue_ranking") or []
    likely = ranking and float(ranking[0]["confidence"]) >= LIKELY
    told = {
        "description": unread.get("text"),
        "issue_ranking": ranking,
        "issue": ranking[0]["code"] if likely else None,
        "report_class": "complaint",
        "open_question": None,
        "unread": None,
    }
    return [*slot_events(told), *asking.resumed()]


def _forget(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    effect = {"kind": "forget", "data": {}}
    return [SlotSet("pending_effect", effect), SlotSet("open_question", None), *asking.own_question(tracker)]


async def _report_to_erase(tracker: Tracker) -> list[dict[str, Any]]:
    """What cannot be undone is never done to a report that was only assumed: the follow-up form has it chosen and confirmed."""
    own = (await backend().ask("my_reports"))["cases"][:MOST_OPTIONS]
    changes = {**nothing_followed(), "follow_up": "erase", "case_options": own, "open_question": None}
    return [*asking.left(tracker), *slot_events(changes), FollowupAction("follow_up_form")]


def _person(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    return [*human_requested(tracker.slots, "not_understood"), *asking.own_question(tracker)]


def _second(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """The second matter becomes the draft; what is known of the first one (place, identity) was kept beside it."""
    first, *others = tracker.get_slot("second_matter") or [{}]
    told = {
        **draft.nothing_drafted(),
        "description": first.get("text"),
        "issue": first.get("issue"),
        "report_class": "complaint",
        "place": first.get("place"),
        "identity_level": first.get("identity_level"),
        "second_matter": others or None,
        "open_question": None,
    }
    return [*slot_events(told), *asking.resumed()]


def _start_over(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    return started_over(dispatcher)


YES: dict[str, Answer] = {
    CANCEL: cancelled,
    START_OVER: _start_over,
    FORGET: _forget,
    PERSON: _person,
    SECOND: _second,
}
