"""The engine protocol: its request, read strictly (a turn as the turn worker froze it), and its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

DEEPEST_JSON = 20
MOST_MESSAGES = 100
EVENTS = frozenset({"effect_result", "silence_reminder", "notice", "took_too_long"})
KINDS = ("text", "choice", "location", "attachments", "event")


class MalformedTurn(Exception):
    """The request is not of the contract's shape; the message names the field, never its content."""


@dataclass(frozen=True)
class Message:
    """One message: exactly one of the five kinds, with its content (`data` only beside an event)."""

    id: str
    kind: str
    content: Any
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Turn:
    """A frozen turn. `now` has an offset; `state` is the last answer's, or None at the beginning. A rehearsal is answered by a
    candidate for comparison only: nobody reads it, and nothing it asks is counted."""

    turn: str
    attempt: int
    conversation: str
    channel: str
    now: datetime
    seed: str
    home: str
    messages: tuple[Message, ...]
    state: Mapping[str, Any] | None
    rehearsal: bool = False


@dataclass(frozen=True)
class Answer:
    """The contract's answer, and the milliseconds it took: of the processor in NLU and in all, and on the clock.

    The clock also counts waiting for the backend's answers, and for other processes.
    """

    body: Mapping[str, Any]
    nlu_ms: float
    cpu_ms: float
    total_ms: float


class UnknownSchema(Exception):
    """The state was written by an engine that this one does not know."""


def decode(body: bytes) -> Any:
    """JSON of at most 20 levels, without NaN.

    Raises:
        MalformedTurn: anything else.
    """
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as failure:
        raise MalformedTurn("the body is not JSON") from failure
    if _deeper_than(value, DEEPEST_JSON):
        raise MalformedTurn(f"the JSON is nested deeper than {DEEPEST_JSON}")
    return value


def turn_from(value: Any) -> Turn:
    """The turn in a decoded request.

    Raises:
        MalformedTurn: a field is missing or of the wrong kind.
    """
    if not isinstance(value, dict):
        raise MalformedTurn("a turn is an object")
    messages = _field(value, "messages", list)
    if not 1 <= len(messages) <= MOST_MESSAGES:
        raise MalformedTurn(f"a turn has 1 to {MOST_MESSAGES} messages")
    state = value.get("state")
    if state is not None and not isinstance(state, dict):
        raise MalformedTurn("state is an object or null")
    return Turn(
        turn=_field(value, "turn", str),
        attempt=_field(value, "attempt", int),
        conversation=_field(value, "conversation", str),
        channel=_field(value, "channel", str),
        now=_moment(_field(value, "now", str)),
        seed=_field(value, "seed", str),
        home=_field(value, "home", str),
        messages=tuple(_message(one) for one in messages),
        state=state,
        rehearsal=value.get("rehearsal") is True,
    )


def _message(value: Any) -> Message:
    if not isinstance(value, dict):
        raise MalformedTurn("a message is an object")
    kinds = [kind for kind in KINDS if value.get(kind) is not None]
    if len(kinds) != 1:
        raise MalformedTurn(f"a message has one of {', '.join(KINDS)}")
    kind = kinds[0]
    content = _field(value, kind, {"location": dict, "attachments": list}.get(kind, str))
    if kind == "event" and content not in EVENTS:
        raise MalformedTurn("unknown event")
    if kind == "location" and not all(_is_number(content.get(axis)) for axis in ("latitude", "longitude")):
        raise MalformedTurn("a location has latitude and longitude")
    if kind == "attachments" and not all(isinstance(one, dict) and one.get("id") for one in content):
        raise MalformedTurn("an attachment has an id")
    data = value.get("data") or {}
    if not isinstance(data, dict):
        raise MalformedTurn("data is an object")
    return Message(_field(value, "id", str), kind, content, data)


def _field(value: dict[str, Any], name: str, kind: type) -> Any:
    found = value.get(name)
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        raise MalformedTurn(f"{name} is missing or not of type {kind.__name__}")
    return found


def _moment(text: str) -> datetime:
    try:
        # Python 3.10 does not read the Z of RFC 3339.
        moment = datetime.fromisoformat(text.removesuffix("Z") + "+00:00" if text.endswith("Z") else text)
    except ValueError as failure:
        raise MalformedTurn("now is not a moment") from failure
    if moment.tzinfo is None:
        raise MalformedTurn("now has no offset")
    return moment


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _deeper_than(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels + 1):
        layer = [
            inner
            for one in layer
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not layer:
            return False
    return True
