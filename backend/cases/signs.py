"""What a text says by itself about a matter: named roads and hospitals, plain words, amounts, and who is accused. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from backend.cases.case import Level
from backend.cases.routing import Clarification, held_phrases, only_value, place_of, says

ALLEGED = "allegation"
_NUMBER = r"(\d+(?:[.,]\d+)*)\s*(ribu|rb)?\s*"


@dataclass(frozen=True)
class Sign:
    """One row of knowledge: `words` in a text say that `attribute` is `value`, unless one of `unless` is said too. `area` is a
    code prefix. `named` marks a thing with a name (a road, a hospital), which is believed before plain words."""

    attribute: str
    value: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    area: str = ""
    named: bool = False
    valid_from: date = date.min
    valid_until: date = date.max

    def holds(self, area: str, on: date) -> bool:
        """Whether the row counts in this area on this day."""
        return area.startswith(self.area) and self.valid_from <= on <= self.valid_until


@dataclass(frozen=True)
class Measure:
    """An amount that decides: `lowest` ≤ amount < `below`, in one of `units`."""

    attribute: str
    value: str
    units: tuple[str, ...]
    lowest: float
    below: float


@dataclass(frozen=True)
class Accused:
    """Words for an office or its people. `role` is the office; `level` overrides the level that looks into it; `up` is the role
    that also takes ordinary complaints about this office, None when the office may answer for its own service."""

    words: tuple[str, ...]
    role: str
    level: Level | None
    up: str | None


@dataclass(frozen=True)
class Signs:
    """Everything that can be read from a text."""

    signs: tuple[Sign, ...]
    measures: tuple[Measure, ...]
    accused: tuple[Accused, ...]

    def values(self) -> dict[str, set[str]]:
        """Attribute → values that some row can read."""
        rows: tuple[Sign | Measure, ...] = (*self.signs, *self.measures)
        values: dict[str, set[str]] = {}
        for one in rows:
            values.setdefault(one.attribute, set()).add(one.value)
        return values

    def read(
        self, attribute: str, clarification: Clarification | None, text: str, area: str, on: date
    ) -> str | None:
        """The value that a text states: named things first, then words and amounts; None when it states none, or contradicts
        itself."""
        known = [one for one in self.signs if one.attribute == attribute and one.holds(area, on)]
        named = only_value(_held((one for one in known if one.named), text))
        if named:
            return named
        held = _held((one for one in known if not one.named), text)
        for option in clarification.options if clarification else ():
            held.setdefault(option.value, []).extend(held_phrases(text, option.words))
        return only_value(held) or self._measured(attribute, text)

    def _measured(self, attribute: str, text: str) -> str | None:
        values = {
            one.value
            for one in self.measures
            if one.attribute == attribute
            for amount in amounts(text, one.units)
            if one.lowest <= amount < one.below
        }
        return values.pop() if len(values) == 1 else None

    def alleges(self, text: str, area: str, on: date) -> bool:
        """True when the words accuse somebody of an office: bribes, levies, abuse."""
        return self.read(ALLEGED, None, text, area, on) is not None

    def accused_in(self, text: str) -> Accused | None:
        """The office that a text names first; of two phrases that begin there, the longer one knows better."""
        found = [
            (place_of(phrase, text), -len(phrase), n)
            for n, one in enumerate(self.accused)
            for phrase in held_phrases(text, one.words)
        ]
        return self.accused[min(found)[2]] if found else None


def _held(signs: Iterable[Sign], text: str) -> dict[str, list[str]]:
    """Value → phrases of it that the text holds."""
    held: dict[str, list[str]] = {}
    for one in signs:
        phrases = held_phrases(text, one.words)
        if phrases and not says(text, one.unless):
            held.setdefault(one.value, []).extend(phrases)
    return held


def amounts(text: str, units: Sequence[str]) -> list[float]:
    """Amounts of a unit in a text; a point separates thousands, a comma decimals.

    >>> amounts("sawah 1.500 ha dan 2,5 ribu hektare", ["ha", "hektare"])
    [1500.0, 2500.0]
    """
    pattern = rf"{_NUMBER}(?:{'|'.join(map(re.escape, units))})\b"
    return [
        float(number.replace(".", "").replace(",", ".")) * (1000 if thousand else 1)
        for number, thousand in re.findall(pattern, text.lower())
        if number.count(",") <= 1
    ]
