"""Which row of the rule table decides: ordered, dated rows over issue × place × attributes; the first that fits wins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from backend.cases.case import Level

ANY = "*"
GAP = "…"


@dataclass(frozen=True)
class Matter:
    """What is to be routed. `area` is the deepest code known of where it happens, or the home regency when nobody knows."""

    issue: str
    area: str
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    report_class: str = "complaint"


@dataclass(frozen=True)
class Rule:
    """One row. `issue` is a code, several separated by `|`, or `*`; `when` holds attribute → accepted values (all must fit);
    `area` is a code prefix, empty for everywhere; `role` is the office's role (`dpupr`), found in the agency book for the
    place. `reason` is a sentence for the citizen with `{agency}` in it."""

    id: str
    issue: str
    level: Level
    role: str
    reason: str
    confidence: float
    source: str
    when: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    area: str = ""
    valid_from: date = date.min
    valid_until: date = date.max

    @property
    def issues(self) -> frozenset[str]:
        """The codes of the row; `*` stands for all."""
        return frozenset(self.issue.split("|"))

    def is_about(self, issue: str) -> bool:
        """Whether the row names this issue, or all."""
        return self.issue == ANY or issue in self.issues

    def fits(self, matter: Matter, on: date) -> bool:
        """True when every condition of the row holds on that day."""
        return (
            self.is_about(matter.issue)
            and matter.area.startswith(self.area)
            and self.valid_from <= on <= self.valid_until
            and all(matter.attributes.get(name) in values for name, values in self.when.items())
        )


@dataclass(frozen=True)
class CatchAll:
    """No row decided: the desk of the regency verifies. A result with a name, because nobody is left unrouted in silence."""

    reason: str
    id: str = "catch_all"
    level: Level = Level.UNVERIFIED
    role: str = "diskominfo"
    confidence: float = 0.0


def find_rule(rules: Sequence[Rule], matter: Matter, on: date, catch_all: CatchAll) -> Rule | CatchAll:
    """The first row that fits, or the catch-all.

    >>> find_rule((), Matter("lainnya", "64.08"), date(2026, 11, 23), CatchAll("…")).role
    'diskominfo'
    """
    return next((rule for rule in rules if rule.fits(matter, on)), catch_all)


@dataclass(frozen=True)
class Option:
    """One answer to a clarifying question; `words` are phrases that say as much in free text."""

    value: str
    label: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clarification:
    """A question about one attribute. `hints` are phrases that make it worth asking."""

    attribute: str
    ask: str
    options: tuple[Option, ...]
    hints: tuple[str, ...] = ()


def says(text: str, phrases: Sequence[str]) -> bool:
    """True when a text holds one of the phrases as whole words.

    >>> says("Jln. NASIONAL km 5", ["nasional"]), says("internasional", ["nasional"])
    (True, False)
    """
    return bool(held_phrases(text, phrases))


def held_phrases(text: str, phrases: Sequence[str]) -> list[str]:
    """The phrases that a text holds as whole words, flattened: lower case, letters and digits apart. `…` in a phrase stands for
    up to three words.

    >>> held_phrases("atap SMPN2 bocor", ["smpn", "sd"])
    ['smpn']
    >>> held_phrases("bantuan dipotong lagi oleh kades", ["dipotong … kades"])
    ['dipotong … kades']
    """
    flat = f" {_flat(text)} "
    held = [phrase for phrase in map(_flat_row, phrases) if f" {phrase} " in flat]
    gaps = (phrase for phrase in phrases if GAP in phrase)
    return [*held, *(phrase for phrase in gaps if _with_gaps(phrase).search(flat))]


def place_of(phrase: str, text: str) -> int:
    """Where a held phrase begins, counted in the flattened text: for comparing only."""
    found = _with_gaps(phrase).search(f" {_flat(text)} ")
    return found.start() if found else 0


def _flat(text: str) -> str:
    return " ".join(re.findall(r"[^\W\d_]+|\d+", text.lower()))


# Rows only: what citizens write is never kept in a cache.
@lru_cache(maxsize=16_384)
def _flat_row(phrase: str) -> str:
    return GAP if GAP in phrase else _flat(phrase)


@lru_cache(maxsize=4_096)
def _with_gaps(phrase: str) -> re.Pattern[str]:
    parts = [re.escape(_flat(part)) for part in phrase.split(GAP)]
    return re.compile(rf" {r'(?: \w+){0,3} '.join(parts)} ")


def only_value(held: Mapping[str, Sequence[str]]) -> str | None:
    """The one value whose phrases a text holds. A phrase inside a longer one says nothing of its own; two values contradict.

    >>> only_value({"kabupaten": ["rsud"], "provinsi": ["rsud provinsi"]})
    'provinsi'
    """
    every = [phrase for phrases in held.values() for phrase in phrases]
    left = {
        value
        for value, phrases in held.items()
        for phrase in phrases
        if not any(phrase != other and f" {phrase} " in f" {other} " for other in every)
    }
    return left.pop() if len(left) == 1 else None


def read_attribute(clarification: Clarification, text: str) -> str | None:
    """The value that a text states by itself; None when it states none, or two that contradict."""
    return only_value({one.value: held_phrases(text, one.words) for one in clarification.options})
