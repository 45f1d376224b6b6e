"""A message laid out for the extractors: plain words joined by single spaces, each knowing where it was typed."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from bot.components.normalising import plain_word

_PIECE = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*(?:[2²](?!\d))?|\d+(?:[.,:/\-]\d+)*|[^\w\s]")


@dataclass(frozen=True)
class Found:
    """One fact: `value` as others need it, and the words it was said with, `start` to `end` in the typed text."""

    entity: str
    value: Any
    start: int
    end: int
    confidence: float = 1.0


@dataclass(frozen=True)
class Word:
    """One plain word (an abbreviation may give two) and the typed span it stands for."""

    plain: str
    typed: str
    start: int
    end: int


@dataclass(frozen=True)
class Laid:
    """`plain` is all words joined by spaces; `typed_span` leads back to what was typed."""

    typed: str
    words: tuple[Word, ...]
    plain: str = field(default="")
    _starts: tuple[int, ...] = field(default=())

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """The typed span of the plain span `start` to `end`."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        return self.words[first].start, self.words[last].end

    def found(self, entity: str, value: Any, match: re.Match[str], confidence: float = 1.0) -> Found:
        """A fact said by a match in `plain`."""
        start, end = self.typed_span(*match.span())
        return Found(entity, value, start, end, confidence)


def laid(text: str) -> Laid:
    """Lay out a typed text.

    >>> laid("Dr kmrn, 3hr!").plain
    'dari kemarin , 3 hari !'
    """
    words = tuple(
        Word(plain_word(piece.group()), piece.group(), piece.start(), piece.end())
        for piece in _PIECE.finditer(text)
    )
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word.plain) + 1
    return Laid(text, words, " ".join(word.plain for word in words), tuple(starts))


def without_overlaps(found: list[Found]) -> list[Found]:
    """In the order given, facts whose words no earlier one took."""
    kept: list[Found] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return kept
