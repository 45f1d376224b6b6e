"""Every fact of one message: all extractors together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.components.extraction import (
    affected,
    amount,
    attributes,
    changed_field,
    identity_level,
    place,
    rating,
    tracking_code,
    when,
)
from bot.components.extraction.reading import Found, laid

LONGEST_READ = 4000


def facts_of(text: str, now: datetime) -> list[Found]:
    """Every fact of a message; digits of a tracking code are nothing else."""
    codes = tracking_code.find(text[:LONGEST_READ])
    return [*codes, *(found for found in _facts(text[:LONGEST_READ], now) if not _inside(found, codes))]


def _facts(text: str, now: datetime) -> Iterator[Found]:
    words = laid(text)
    yield from place.find(words)
    yield from when.find(words, now)
    yield from amount.find(words)
    yield from affected.find(words)
    yield from identity_level.find(words)
    yield from changed_field.find(words)
    yield from attributes.find(words)
    yield from rating.find(words)


def _inside(found: Found, codes: list[Found]) -> bool:
    return any(found.start < code.end and code.start < found.end for code in codes)
