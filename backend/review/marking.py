"""Words of a sentence that a reviewer marked as a place, a time or an office. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

KINDS = ("tempat", "waktu", "instansi")
MOST_MARKS = 12
_WRITTEN = re.compile(r"([a-z]{4,10}):(\d{1,4}):(\d{1,4})")


@dataclass(frozen=True)
class Mark:
    """The characters `start` to `stop` of a sentence."""

    kind: str
    start: int
    stop: int


class MarkRefused(Exception):
    """What was sent marks nothing in this sentence."""


def marks_of(written: Sequence[str], text: str) -> tuple[Mark, ...]:
    """Marks written as `kind:start:stop`, checked against their sentence; none may overlap.

    Raises:
        MarkRefused: the kind is unknown, the place is outside of the sentence, or two overlap.

    >>> marks_of(["tempat:6:11"], "lampu pasar mati")
    (Mark(kind='tempat', start=6, stop=11),)
    """
    if len(written) > MOST_MARKS:
        raise MarkRefused("too many marks")
    found = sorted((_mark(one, text) for one in dict.fromkeys(written)), key=lambda mark: mark.start)
    if any(one.stop > other.start for one, other in zip(found, found[1:], strict=False)):
        raise MarkRefused("marks overlap")
    return tuple(found)


def _mark(written: str, text: str) -> Mark:
    told = _WRITTEN.fullmatch(written)
    if told is None or told[1] not in KINDS:
        raise MarkRefused("no mark")
    start, stop = int(told[2]), int(told[3])
    if not 0 <= start < stop <= len(text) or not text[start:stop].strip():
        raise MarkRefused("outside of the sentence")
    return Mark(told[1], start, stop)
