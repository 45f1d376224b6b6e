"""What the turn worker tells of its turns while a candidate is on trial, and which model a conversation gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from backend.conversations.turn_protocol import Answer
from backend.persistence.turn_rows import FrozenTurn


@dataclass(frozen=True)
class DoneTurn:
    """A committed turn: what its first step was asked and answered, and its texts by message. A secret one leaves no words."""

    turn: FrozenTurn
    request: Mapping[str, Any]
    answer: Answer
    texts: Mapping[str, str]
    is_secret: bool


class Trials(Protocol):
    """Hears of turns; never raises, never makes a turn wait."""

    def model_for(self, usual: str, conversation: str, began_with: str | None) -> str:
        """The model that this conversation's next turn is frozen with; `began_with` answers the draft that is open in it."""

    def turn_done(self, done: DoneTurn) -> None:
        """It is committed."""

    def turn_failed(self, turn: FrozenTurn) -> None:
        """An attempt failed in the engine or in its answer."""


class NoTrials:
    """There never is a candidate."""

    def model_for(self, usual: str, conversation: str, began_with: str | None) -> str:
        """The usual one."""
        return usual

    def turn_done(self, done: DoneTurn) -> None:
        """Nothing is kept."""

    def turn_failed(self, turn: FrozenTurn) -> None:
        """Nothing is kept."""
