"""How an open question is asked: the first time, and again in other words. Shared by the `action_ask_…` actions."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from bot.actions.draft import Slots, progress

MOST_TRAIL = 8


def is_again(slots: Slots, question: str) -> bool:
    """Whether the same question was the last one asked."""
    return slots.get("last_asked") == question


def asked(slots: Slots, question: str) -> list[dict[str, Any]]:
    """Events after `question` was asked: what was asked last, how often, and the trail for *kembali*."""
    times = int(slots.get("times_asked") or 0) + 1 if is_again(slots, question) else 1
    trail = [s for s in slots.get("trail") or [] if s != question][-MOST_TRAIL:]
    return [
        SlotSet("last_asked", question),
        SlotSet("times_asked", times),
        SlotSet("trail", [*trail, question]),
    ]


def extras(slots: Slots, **more: Any) -> dict[str, Any]:
    """What a channel may draw beside the text: the progress of the draft, a card, what to offer a button for."""
    return {"progress": progress(slots), **more}


def own_question(tracker: Tracker) -> list[dict[str, Any]]:
    """Events after which an action's own question stays the last word: an active form waits and then listens again."""
    if not tracker.active_loop_name:
        return []
    return [ActiveLoop(tracker.active_loop_name), FollowupAction("action_listen")]


def left(tracker: Tracker) -> list[dict[str, Any]]:
    """Events that leave the active form, if there is one."""
    return [ActiveLoop(None), SlotSet("requested_slot", None)] if tracker.active_loop_name else []


def resumed() -> list[dict[str, Any]]:
    """Events that hand the turn back to the draft, which asks its open question."""
    return [FollowupAction("complaint_form")]
