"""A simulated citizen's way to speak: the first message, the matter, the place, a pin, a photo."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.citizens.facts import Facts
from tests.citizens.manners import Manner
from tests.citizens.speech import fragments, spoken

Turn = dict[str, Any]
PINS = {
    "sangatta utara": (0.503, 117.545), "bengalon": (0.83, 117.60), "kurun": (-1.103, 113.866),
    "mentawa baru ketapang": (-2.541, 112.952), "baamang": (-2.517, 112.944),
}  # fmt: skip
GREETINGS = ("assalamualaikum", "pagi min", "halo", "permisi kak")
SECOND_WRONG = "jembatan gantung putus talinya"


@dataclass
class Heard:
    """What came back: names of the responses, the text, the last message's choices and card, and how often it was asked."""

    responses: list[str]
    text: str
    choices: list[str] = field(default_factory=list)
    rows: Mapping[str, str] = field(default_factory=dict)

    @property
    def last(self) -> str:
        return self.responses[-1] if self.responses else ""


@dataclass
class Speaker:
    """`said_what`, `said_when`, `said_where` remember what must be found in the filed case."""

    facts: Facts
    manner: Manner
    seed: int
    said_what: list[str] = field(default_factory=list)
    said_when: bool = False
    said_area: bool = False
    said_where: bool = False
    files_sent: int = 0
    filed: bool = False
    left: bool = False

    def __post_init__(self) -> None:
        self.dice = random.Random(f"{self.seed}/{self.facts.id}/{self.manner.name}")
        self.interrupts = list(self.manner.interrupts)
        self.before = list(self.manner.before_sending)
        self.after = list(self.manner.afterwards)
        self.tries: dict[str, int] = {}
        self.corrected: set[str] = set()
        self.given_wrong = False

    @property
    def told(self) -> str:
        return self.facts.versions.get(self.manner.language, self.facts.told)

    # --- what is said -----------------------------------------------------------------------------------------------

    def opening(self) -> Turn:
        """The first turn."""
        kind = self.manner.opening
        plain = {
            "greeting": self.dice.choice(GREETINGS),
            "wish": self.dice.choice(("mau lapor", "saya mau lapor pak", "min lapor dong")),
            "question": "jam buka kantor capil sampai jam berapa ya?",
            "joke": "min pinjem seratus dong wkwk",
            "wrong": SECOND_WRONG,
        }
        if kind in plain:
            return say(plain[kind])
        if kind == "photo":
            return self.photo()
        if kind == "pin":
            return self.pin()
        return self.tell(kind)

    def tell(self, kind: str) -> Turn:
        matter = self.facts.short if kind == "short" else self.told
        self.said_what = [spoken(matter, self.manner.voice, random.Random(self.seed))]
        words = self.said_what[0]
        where, when = self.where_words(), self.facts.when
        if kind in ("what_where", "all") and self.manner.knows_place and where:
            words += f", {self.voiced('di ' + where)}"
            self.remember_place()
        if kind == "all" and when:
            words += f", {self.voiced(when)}"
            self.said_when = True
        if self.manner.second:
            words += f", {self.manner.second}"
        whole = f"{self.manner.greeting}{words}{self.manner.closer}"
        return {"user": fragments(whole)} if self.manner.bursts else say(whole)

    def voiced(self, words: str) -> str:
        return spoken(words, self.manner.voice, random.Random(self.seed + 1))

    def where_words(self) -> str:
        kind = self.manner.where
        if kind == "wrong" and not self.given_wrong:
            return self.facts.wrong
        return {"area": self.facts.area, "spot_first": self.facts.spot}.get(kind, self.facts.where)

    def remember_place(self) -> None:
        self.said_where = self.manner.voice == "plain" and self.manner.where in ("full", "spot_first")
        if self.manner.where == "wrong" and not self.given_wrong:
            self.given_wrong = True
        elif self.manner.where not in ("spot_first", "pin"):
            self.said_area = True

    def photo(self) -> Turn:
        self.files_sent += 1
        return {"attachment": "photo"}

    def pin(self) -> Turn:
        latitude, longitude = PINS[self.facts.area]
        return {"location": {"latitude": latitude, "longitude": longitude, "accuracy_m": 20.0}}


def say(text: str) -> Turn:
    return {"user": [text]}
