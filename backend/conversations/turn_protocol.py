"""The engine's protocol as values: what a turn asks, what it answers, and what becomes of several answers of one turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.conversations.engine_client import EngineFailed
from backend.conversations.inbox import without_markup
from backend.persistence.conversation_rows import ConversationFlags
from backend.persistence.inbox_rows import StoredMessage
from backend.persistence.turn_rows import FrozenTurn

CODE_MARKER = "⟦code⟧"


@dataclass(frozen=True)
class Effect:
    """A write that a turn asks for."""

    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """One step of a turn, checked as far as the worker relies on it."""

    replies: Sequence[Mapping[str, Any]]
    state: Any
    effects: Sequence[Effect]
    understanding: Sequence[Mapping[str, Any]]
    draft: Mapping[str, Any]
    model: str = ""
    cpu_ms: float | None = None

    @property
    def flags(self) -> ConversationFlags:
        return ConversationFlags(
            identity_level=self.draft.get("identity_level"),
            sensitive=bool(self.draft.get("sensitive")),
            draft_open=bool(self.draft.get("open")),
        )


@dataclass
class Reply:
    """What the citizen gets: all steps of a turn in one message."""

    texts: list[str] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)

    def add(self, answer: Answer) -> None:
        for one in answer.replies:
            if one.get("text"):
                self.texts.append(str(one["text"]))
            self.last.update({name: one.get(name) for name in ("choices", "card", "progress", "ask")})

    def body(self, code: str | None) -> dict[str, Any] | None:
        """The outbox body, the code in its place; None when the turn says nothing."""
        if not self.texts and not self.last.get("card"):
            return None
        body: dict[str, Any] = {"text": "\n\n".join(self.texts), **self.last}
        body["choices"] = body.get("choices") or []
        if code is None:
            return body
        return {**_with_code(body, code), "code": code}


def _with_code(value: Any, code: str) -> Any:
    """The same value with every marker replaced."""
    if isinstance(value, str):
        return value.replace(CODE_MARKER, code)
    if isinstance(value, Mapping):
        return {name: _with_code(one, code) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_code(one, code) for one in value]
    return value


def spaced(code: str) -> str:
    """A tracking code in five groups of four, as people read it."""
    digits = code.replace(" ", "")
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def first_request(
    turn: FrozenTurn, messages: Sequence[StoredMessage], state: Any, home: str
) -> dict[str, Any]:
    """The frozen turn as the engine reads it; the same for every attempt but for the attempt's number."""
    said = [one for message in messages if message.body is not None for one in _said(message)]
    return {**_frame(turn, home), "messages": said, "state": state}


def notes_of(messages: Sequence[StoredMessage]) -> list[str]:
    """What a channel wants to be said before the answer: that nobody can hear a recording, that a file was refused."""
    return [str(one.body["note"]) for one in messages if one.body is not None and one.body.get("note")]


def result_request(
    turn: FrozenTurn, results: Sequence[Mapping[str, Any]], state: Any, home: str, step: int
) -> dict[str, Any]:
    """What the effects have done, told back to the engine."""
    told = [
        {"id": f"{turn.id}-{step}-{place}", "event": "effect_result", "data": dict(result)}
        for place, result in enumerate(results)
    ]
    return {**_frame(turn, home), "messages": told, "state": state}


def _frame(turn: FrozenTurn, home: str) -> dict[str, Any]:
    return {
        "turn": turn.id,
        "attempt": turn.attempt,
        "model": turn.model,
        "conversation": turn.conversation,
        "channel": turn.channel,
        "now": turn.now,
        "seed": turn.seed,
        "home": home,
    }


def _said(message: StoredMessage) -> list[dict[str, Any]]:
    """The message as the engine reads it; words below a file are a message of their own."""
    content = dict(message.body["message"])
    caption = content.pop("caption", None)
    if isinstance(content.get("text"), str):
        content["text"] = without_markup(content["text"])
    said = [{"id": message.id, **content}]
    if caption:
        said.append({"id": f"{message.id}-caption", "text": without_markup(str(caption))})
    return said


def read_answer(told: Mapping[str, Any], turn: FrozenTurn) -> Answer:
    """Raises EngineFailed for another turn's or another attempt's answer, or one without the agreed parts."""
    if told.get("turn") != turn.id or told.get("attempt") != turn.attempt:
        raise EngineFailed("answer_of_another_turn")
    try:
        return Answer(
            replies=list(told["replies"]),
            state=told["state"],
            effects=[Effect(str(one["kind"]), dict(one["data"])) for one in told["effects"]],
            understanding=list(told.get("understanding") or ()),
            draft=dict(told.get("draft") or {}),
            model=str(told.get("model", "")),
            cpu_ms=told.get("cpu_ms"),
        )
    except (KeyError, TypeError, ValueError) as failure:
        raise EngineFailed("answer_malformed") from failure
