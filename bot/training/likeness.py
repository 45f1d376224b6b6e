"""Which of many texts are nearly the same: compared by the pieces of their words, candidates found by rare pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.components.normalising import normalised

NEARLY = 0.8  # share of common pieces from which two texts are nearly the same
SHORTEST = 12  # letters; shorter texts are compared as wholes
RAREST = 6  # pieces of a text that are looked up
PIECE = 4


@dataclass(frozen=True)
class Pair:
    """Places of two nearly equal texts, the earlier first, and how like they are, 0 to 1."""

    first: int
    second: int
    likeness: float


def near_pairs(texts: Sequence[str]) -> list[Pair]:
    """Every nearly equal pair whose likeness shows in the rarest pieces of either text."""
    pieces = [_pieces(text) for text in texts]
    spread = Counter(piece for some in pieces for piece in some)
    places: dict[str, list[int]] = {}
    found: list[Pair] = []
    for number, some in enumerate(pieces):
        rare = sorted(some, key=lambda piece: (spread[piece], piece))[:RAREST]
        candidates = {other for piece in rare for other in places.get(piece, ())}
        for other in sorted(candidates):
            likeness = _likeness(pieces[other], some)
            if likeness >= NEARLY:
                found.append(Pair(other, number, likeness))
        for piece in rare:
            places.setdefault(piece, []).append(number)
    return found


def _pieces(text: str) -> frozenset[str]:
    plain = normalised(text)
    if len(plain) < SHORTEST:
        return frozenset({plain})
    return frozenset(plain[at : at + PIECE] for at in range(len(plain) - PIECE + 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
