"""How alike two reports are: issue, distance or named place, time, and character n-grams. Only ever a suggestion."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from backend.cases.place import Place, distance_m

NEAR_M = 150.0
FAR_M = 600.0
N_DAYS = 14
SUGGEST_FROM = 0.62
NAMES_ALIKE = 0.3
SPOT_ALIKE = 0.35
SAME_NUMBER = 0.7
# Words that say what kind of spot it is, not which one: "jembatan merah" and "jembatan biru" share nothing.
KINDS_OF_SPOT = frozenset(
    "depan dpn muka dekat dkt belakang blkng samping sebelah seberang ujung bawah pinggir pas jalan jl jln gang gg lorong simpang"
    " simpangan tiga empat jembatan perum perumahan komplek kompleks desa dusun kampung kantor pasar sungai terminal toko kios"
    " warung rumah sekolah sd sdn smp smpn sma sman smk smkn puskesmas pkm masjid mushola musala langgar gereja lapangan taman"
    " pantai pabrik rt rw km blok no nomor di ke arah poros".split()
)


@dataclass(frozen=True)
class Sighting:
    """What is compared of a draft or a case. It lasted from `on` until `told`, the day it was reported: a lamp that has been dead
    for a month is the same lamp as the one that was found dead yesterday."""

    issue: str
    place: Place
    on: date
    text: str
    told: date | None = None

    @property
    def until(self) -> date:
        """The last day on which it was seen."""
        return max(self.on, self.told or self.on)


@dataclass(frozen=True)
class Likeness:
    """All parts 0 … 1; `distance_m` is None without two points."""

    issue: float
    place: float
    time: float
    text: float
    distance_m: float | None

    @property
    def score(self) -> float:
        """Weighted sum. Another issue, another place or more than two weeks are another matter, whatever the words."""
        if 0.0 in (self.issue, self.place, self.time):
            return 0.0
        return 0.15 * self.issue + 0.5 * self.place + 0.1 * self.time + 0.25 * self.text

    @property
    def is_suggested(self) -> bool:
        """Worth asking *is it the same?*"""
        return self.score >= SUGGEST_FROM


def compare(one: Sighting, other: Sighting) -> Likeness:
    """How alike two sightings are.

    >>> a = Sighting("lampu_jalan", Place(village_code="64.08.04.2001", landmark="depan SD 004"), date(2026, 11, 20), "lampu mati")
    >>> compare(a, a).score
    1.0
    """
    metres = distance_m(one.place, other.place)
    n_days = max(0, (max(one.on, other.on) - min(one.until, other.until)).days)
    return Likeness(
        issue=1.0 if one.issue == other.issue else 0.0,
        place=_place_likeness(one.place, other.place, metres),
        time=max(0.0, 1.0 - n_days / N_DAYS) if n_days > 1 else 1.0,
        text=text_likeness(one.text, other.text),
        distance_m=metres,
    )


def _place_likeness(one: Place, other: Place, metres: float | None) -> float:
    if metres is not None:
        return 1.0 if metres <= NEAR_M else max(0.0, 1.0 - (metres - NEAR_M) / (FAR_M - NEAR_M))
    if one.regency_code != other.regency_code or _differ(one.district_code, other.district_code):
        return 0.0
    if _differ(one.village_code, other.village_code):
        return 0.0
    area = 0.3 if one.village_code and one.village_code == other.village_code else 0.1
    spots = _spot_likeness(one.landmark or one.text, other.landmark or other.text)
    return min(1.0, area + spots) if spots >= SPOT_ALIKE else area


def _spot_likeness(one: str, other: str) -> float:
    """How alike two landmarks are, 0 … 1; 0 when they are numbered differently (*RT 5*, *RT 17*) or named differently."""
    mine, theirs = _numbered(one), _numbered(other)
    if any(theirs.get(word, number) != number for word, number in mine.items()):
        return 0.0
    names, other_names = _names(one), _names(other)
    if names and other_names and text_likeness(names, other_names) < NAMES_ALIKE:
        return 0.0
    return max(text_likeness(one, other), SAME_NUMBER if mine.items() & theirs.items() else 0.0)


def _numbered(text: str) -> dict[str, int]:
    """Word → the number that follows it; *SDN* counts as *SD*.

    >>> _numbered("sdn 004 rt 7")
    {'sd': 4, 'rt': 7}
    """
    pairs = re.findall(r"([^\W\d_]+)\W*(\d{1,5})", text.lower())
    return {SAME_WORD.get(word, word): int(number) for word, number in pairs}


SAME_WORD = {"sdn": "sd", "smpn": "smp", "sman": "sma", "smkn": "smk", "gg": "gang", "kilometer": "km"}


def _names(text: str) -> str:
    """The words that say which spot it is."""
    return " ".join(word for word in re.findall(r"[^\W\d_]+", text.lower()) if word not in KINDS_OF_SPOT)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def text_likeness(one: str, other: str, n: int = 3) -> float:
    """Dice coefficient of character n-grams of the words, 0 … 1.

    >>> text_likeness("lampu jalan mati", "lampu jalannya mati") > 0.7
    True
    """
    a, b = _grams(one, n), _grams(other, n)
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 0.0


def _grams(text: str, n: int) -> Counter[str]:
    words = re.findall(r"\w+", text.lower())
    return Counter(
        padded[i : i + n]
        for word in words
        for padded in [f" {word} "]
        for i in range(max(1, len(padded) - n + 1))
    )
