"""A sentence as reviewers see it: its guesses, what stands around it, what is alike, and sentences whose answer is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from backend.reference.gold_sentences import gold_rows
from backend.review.decisions import GOLD
from backend.review.gold import Gold
from backend.usecases.ports import ReviewItem

MOST_GUESSES = 3


@dataclass(frozen=True)
class Shown:
    """What the page needs of a sentence. `guesses` are (label, words, per cent or None); `opinions` the two that differ."""

    id: str
    text: str
    reason: str
    n: int
    context: tuple[tuple[str, str], ...]
    has_talk: bool
    has_sender: bool
    guesses: tuple[tuple[str, str, int | None], ...]
    opinions: tuple[str, ...]


def shown(item: ReviewItem, names: Mapping[str, str], opinions: Sequence[str] = ()) -> Shown:
    """The sentence with its three best guesses; of a disputed one the two opinions come first."""
    own = f"keluhan/{item.issue}" if item.issue else item.intent
    guesses: dict[str, int | None] = {label: None for label in opinions if label in names}
    for label, share in (*item.ranking, (own, item.confidence)):
        if label in names:
            guesses.setdefault(label, round(share * 100))
    is_last_mine = bool(item.context) and item.context[-1][0] == "warga"
    return Shown(
        item.id,
        item.text,
        item.reason,
        item.n,
        item.context[:-1] if is_last_mine else item.context,
        bool(item.context),
        item.sender is not None,
        tuple((label, names[label], share) for label, share in guesses.items())[:MOST_GUESSES],
        tuple(names.get(one, one) for one in opinions),
    )


@cache
def known() -> tuple[Gold, ...]:
    """The sentences whose answer is known."""
    return tuple(Gold(text, label, others) for text, label, others in gold_rows())


def gold_item(one: Gold, by: str, now: datetime) -> ReviewItem:
    """Such a sentence as an item that looks like any other."""
    ranking = one.ranking(by)
    return ReviewItem(
        one.id,
        one.text,
        "low_confidence",
        ranking[0][0],
        None,
        ranking[0][1],
        now,
        ranking=ranking,
        source=GOLD,
    )


def gold_told(item_id: str, said: Mapping[str, str], golds: Sequence[Gold]) -> tuple[bool, str] | None:
    """Whether the answer to the gold sentence just read was the agreed one, and which that is."""
    found = next((one for one in golds if one.id == item_id), None)
    if found is None or item_id not in said:
        return None
    return said[item_id] == found.label, found.label


def is_alike(item: ReviewItem, other: ReviewItem) -> bool:
    """The same first guess, and a longer word in common."""
    same = (item.issue or item.intent) == (other.issue or other.intent)
    return same and bool(_long_words(item.text) & _long_words(other.text))


def _long_words(words: str) -> set[str]:
    return {word for word in words.casefold().split() if len(word) > 3}
