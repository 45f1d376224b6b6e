"""The request is read strictly; what is not a turn is refused with the field's name and none of its content."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.engine.contract import MalformedTurn, decode, turn_from

TURN: dict[str, Any] = {
    "turn": "t",
    "attempt": 1,
    "conversation": "c",
    "channel": "web",
    "now": "2026-11-23T09:12:00+08:00",
    "seed": "0" * 32,
    "home": "64.08",
    "messages": [{"id": "m1", "text": "banjir"}],
    "state": None,
}


def test_a_turn_is_read() -> None:
    turn = turn_from(decode(json.dumps(TURN).encode()))
    assert turn.now.isoformat() == TURN["now"]
    assert (turn.messages[0].kind, turn.messages[0].content) == ("text", "banjir")
    assert turn_from({**TURN, "now": "2026-11-23T01:12:00Z"}).now == turn.now


@pytest.mark.parametrize("field", sorted(set(TURN) - {"state"}))
def test_every_field_is_needed(field: str) -> None:
    with pytest.raises(MalformedTurn, match=field if field != "messages" else "messages"):
        turn_from({name: value for name, value in TURN.items() if name != field})


@pytest.mark.parametrize(
    "message",
    [
        {"id": "m1"},
        {"id": "m1", "text": "rahasia", "choice": "q1-1"},
        {"id": "m1", "text": ["rahasia"]},
        {"text": "rahasia"},
        {"id": "m1", "event": "rahasia"},
        {"id": "m1", "location": {"latitude": "rahasia"}},
        {"id": "m1", "location": {"latitude": True, "longitude": 1.0}},
        {"id": "m1", "attachments": [{"kind": "rahasia"}]},
        {"id": "m1", "event": "notice", "data": ["rahasia"]},
        "rahasia",
    ],
)
def test_a_message_is_exactly_one_thing(message: Any) -> None:
    with pytest.raises(MalformedTurn) as refused:
        turn_from({**TURN, "messages": [message]})
    assert "rahasia" not in str(refused.value)


@pytest.mark.parametrize("now", ["kemarin", "2026-11-23T09:12:00", ""])
def test_now_has_an_offset(now: str) -> None:
    with pytest.raises(MalformedTurn):
        turn_from({**TURN, "now": now})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"[" * 200_000,
        b"[" * 200_000 + b"]" * 200_000,
        b"[" * 22 + b"]" * 22,
    ],
)
def test_hostile_json_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedTurn):
        decode(body)


def test_twenty_levels_are_enough() -> None:
    assert decode(b"[" * 20 + b"]" * 20)
