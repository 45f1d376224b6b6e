"""Which approved sentences teach in a round: nobody may push the assistant far, and the newest are kept back for the exam. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

MOST_PER_SENDER_AND_WEEK = 3
MOST_OF_AN_INTENT = 0.02
LEAST_ROOM = 3  # so that two per cent of a small class are not nothing
HELD_OUT = 0.2
LEAST_TO_HOLD_OUT = 10
# The assistant was this sure of something else: such a label is believed only when two people gave it.
SURE_OF_ANOTHER = 0.9


@dataclass(frozen=True)
class Approved:
    """One approved sentence, as far as the choice needs it. `taught` means that a served model has learnt it already."""

    id: str
    label: str
    sender: str | None
    at: datetime
    decided_at: datetime
    readers: int = 1
    guess: str = ""
    guess_share: float = 0.0
    taught: bool = False


@dataclass(frozen=True)
class Choice:
    """Ids by use, each in the order of their decision."""

    taught: tuple[str, ...]
    held_out: tuple[str, ...]
    over_limit: tuple[str, ...]
    quarantined: tuple[str, ...]


def chosen(items: Sequence[Approved], base: Mapping[str, int]) -> Choice:
    """The uses of these sentences; `base` counts the examples that each label has without them."""
    ordered = sorted(items, key=lambda item: (item.decided_at, item.id))
    quarantined = [item for item in ordered if is_suspicious(item)]
    sound = [item for item in ordered if item not in quarantined]
    new = [item for item in sound if not item.taught]
    n_back = math.ceil(len(new) * HELD_OUT) if len(new) >= LEAST_TO_HOLD_OUT else 0
    held_out = new[len(new) - n_back :]
    taught, over = _within_limits([item for item in sound if item not in held_out], base)
    return Choice(_ids(taught), _ids(held_out), _ids(over), _ids(quarantined))


def is_suspicious(item: Approved) -> bool:
    """One reader's word against an assistant that was sure: it waits for a second reader."""
    return (
        item.readers < 2
        and not item.taught
        and item.guess_share >= SURE_OF_ANOTHER
        and item.guess.partition("/")[0] != item.label.partition("/")[0]
    )


def room(label: str, base: Mapping[str, int]) -> int:
    """How many new examples a label may get in one round."""
    return max(LEAST_ROOM, math.ceil(MOST_OF_AN_INTENT * base.get(label, 0)))


def _within_limits(
    items: Sequence[Approved], base: Mapping[str, int]
) -> tuple[list[Approved], list[Approved]]:
    by_sender: Counter[tuple[str, int, int]] = Counter()
    by_label: Counter[str] = Counter()
    taught: list[Approved] = []
    over: list[Approved] = []
    for item in items:
        year, week, _ = item.at.isocalendar()
        whose = (item.sender or item.id, year, week)
        is_full = by_sender[whose] >= MOST_PER_SENDER_AND_WEEK
        if not item.taught:
            is_full = is_full or by_label[item.label] >= room(item.label, base)
        if is_full:
            over.append(item)
            continue
        by_sender[whose] += 1
        by_label[item.label] += not item.taught
        taught.append(item)
    return taught, over


def _ids(items: Collection[Approved]) -> tuple[str, ...]:
    return tuple(item.id for item in items)
