"""Sentences whose answer is known, mixed in now and then, so that a reviewer sees how sure the own hand is. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ONE_IN = 12
LEAST_TO_TELL = 4


@dataclass(frozen=True)
class Gold:
    """A sentence, its agreed label, and two that it could be taken for."""

    text: str
    label: str
    others: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id of its review item; no sentence of a citizen has it."""
        return hashlib.sha256(f"gold\0{self.text}".encode()).hexdigest()[:32]

    def ranking(self, by: str) -> tuple[tuple[str, float], ...]:
        """The three labels in an order that tells nothing, with shares as an unsure assistant has them."""

        def order(label: str) -> str:
            return hashlib.sha256(f"{by}\0{self.text}\0{label}".encode()).hexdigest()

        shuffled = sorted((self.label, *self.others), key=order)
        return tuple(zip(shuffled, (0.37, 0.31, 0.12), strict=False))


def next_gold(n_today: int, by: str, said: Mapping[str, str], golds: Sequence[Gold]) -> Gold | None:
    """The gold sentence that this person reads now: one in twelve, each once, in an order of their own."""
    if n_today % ONE_IN != ONE_IN - 2:
        return None
    left = [one for one in golds if one.id not in said]
    return min(left, key=lambda one: hashlib.sha256(f"{by}\0{one.id}".encode()).hexdigest(), default=None)


def score(said: Mapping[str, str], golds: Sequence[Gold]) -> tuple[int, int] | None:
    """(as agreed, read) of this person; None as long as there is too little to tell."""
    answers = {one.id: one.label for one in golds}
    known = [(answer, answers[item]) for item, answer in said.items() if item in answers]
    if len(known) < LEAST_TO_TELL:
        return None
    return sum(answer == wanted for answer, wanted in known), len(known)
