"""The snapshot of a conversation: made after a turn, and brought back to life in a tracker before the next one.

No history and no words of the person beyond the slots: what a conversation costs does not grow with its length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    DEFAULT_SLOT_NAMES,
    REQUESTED_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.choices import Choice
from bot.engine.contract import UnknownSchema

SCHEMA = 1
CURRENT_FORM = "complaint_form"
MOST_SAID = 40
# Slots that carry something through one turn only.
PASSING_SLOTS = frozenset({"event_data", "pending_effect", "tracking_code"})
CODE = re.compile(r"(?<!\d)\d(?:[ .\-]{0,2}\d){19}(?!\d)")
HIDDEN = "••••"


@dataclass(frozen=True)
class Snapshot:
    """Everything the engine needs to know of a conversation.

    Attributes:
        slots: values other than the domain's initial ones.
        offered: the choices of the open question.
        said: response name → the variation that was said last (a short hash).
        questions: how many questions with choices were asked; numbers their ids.
    """

    slots: Mapping[str, Any] = field(default_factory=dict)
    active_loop: str | None = None
    offered: tuple[Choice, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    questions: int = 0


def snapshot_from(state: Mapping[str, Any]) -> Snapshot:
    """The snapshot in a request's `state`.

    Raises:
        UnknownSchema: another schema number, or not of this schema's shape.
    """
    if state.get("schema") != SCHEMA:
        raise UnknownSchema(f"this engine reads schema {SCHEMA}")
    try:
        return Snapshot(
            slots=dict(state["slots"]),
            active_loop=state["active_loop"],
            offered=tuple(Choice(one["id"], one["label"], one["payload"]) for one in state["offered"]),
            said=dict(state.get("said") or {}),
            questions=int(state.get("questions") or 0),
        )
    except (KeyError, TypeError, ValueError) as failure:
        raise UnknownSchema(f"the state is not of schema {SCHEMA}") from failure


def state_from(snapshot: Snapshot) -> dict[str, Any]:
    """What an answer carries as `state`; `events` stays empty by design."""
    return {
        "schema": SCHEMA,
        "slots": dict(snapshot.slots),
        "active_loop": snapshot.active_loop,
        "offered": [asdict(choice) for choice in snapshot.offered],
        "said": dict(list(snapshot.said.items())[-MOST_SAID:]),
        "questions": snapshot.questions,
        "events": [],
    }


def revived_events(snapshot: Snapshot, domain: Domain) -> list[Event]:
    """The events that put a fresh tracker where the snapshot left off, waiting for the person.

    Slots that no longer exist are dropped; a loop that no longer exists reopens as today's form with the slots kept,
    so that a release in the middle of a talk costs at most one repeated question.
    """
    known = {slot.name for slot in domain.slots}
    loop = snapshot.active_loop
    if loop is not None and loop not in domain.form_names:
        loop = CURRENT_FORM if CURRENT_FORM in domain.form_names else None
    slots = {name: value for name, value in snapshot.slots.items() if name in known}
    if loop is None or slots.get(REQUESTED_SLOT) not in known:
        slots.pop(REQUESTED_SLOT, None)
    return [
        # Rules for the very beginning of a conversation must not fire again: something came before.
        ActionExecuted(ACTION_SESSION_START_NAME),
        *(SlotSet(name, value) for name, value in slots.items()),
        *([ActiveLoop(loop)] if loop else []),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


def kept_slots(tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """Slot values worth keeping: set, lasting beyond the turn, and without a tracking code."""
    initial = {slot.name: slot.initial_value for slot in domain.slots}
    return {
        name: without_codes(value)
        for name, value in tracker.current_slot_values().items()
        if name not in PASSING_SLOTS and value != initial.get(name) and _lasts(name)
    }


def without_codes(value: Any) -> Any:
    """The value with every tracking code in its strings hidden; a code must not be readable in a stored state.

    Twenty digits with the check digits of ISO 7064 MOD 97-10 are taken for a code.
    """
    if isinstance(value, str):
        return CODE.sub(lambda found: HIDDEN if _checks(found[0]) else found[0], value)
    if isinstance(value, Mapping):
        return {name: without_codes(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_codes(one) for one in value]
    return value


def _checks(digits: str) -> bool:
    return int(re.sub(r"\D", "", digits)) % 97 == 1


def _lasts(name: str) -> bool:
    return name == REQUESTED_SLOT or name not in DEFAULT_SLOT_NAMES
