"""A simulated citizen: knows facts, has a manner, reads what was asked and decides what to say. No script."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.citizens.facts import Facts, issue_labels
from tests.citizens.manners import Manner
from tests.citizens.speech import fragments, spoken

Turn = dict[str, Any]
PINS = {
    "sangatta utara": (0.503, 117.545), "bengalon": (0.83, 117.60), "kurun": (-1.103, 113.866),
    "mentawa baru ketapang": (-2.541, 112.952), "baamang": (-2.517, 112.944),
}  # fmt: skip
GREETINGS = ("assalamualaikum", "pagi min", "halo", "permisi kak")
SENDS = ("kirim", "ya kirim aja", "iya betul", "sudah benar, kirim", "ok lanjut kirim", "sip")
SENDS_IN = {
    "en": ("yes send it",),
    "jv": ("nggih kirim",),
    "su": ("muhun kirim",),
    "bjn": ("inggih kirim ja",),
}
DETAIL = "tambahan: kemarin ada ibu hamil yang kesusahan gara-gara ini"
SECOND_WRONG = "jembatan gantung putus talinya"
LEVELS = {"anonymous": "anonim", "confidential": "rahasia", "open": "terbuka"}
AFTER_RECEIPT = ("utter_receipt", "utter_second_declined")


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
class Citizen:
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
            return _say(plain[kind])
        if kind == "photo":
            return self._photo()
        if kind == "pin":
            return self._pin()
        return self._tell(kind)

    def _tell(self, kind: str) -> Turn:
        matter = self.facts.short if kind == "short" else self.told
        self.said_what = [spoken(matter, self.manner.voice, random.Random(self.seed))]
        words = self.said_what[0]
        where, when = self._where_words(), self.facts.when
        if kind in ("what_where", "all") and self.manner.knows_place and where:
            words += f", {self._voiced('di ' + where)}"
            self._remember_place()
        if kind == "all" and when:
            words += f", {self._voiced(when)}"
            self.said_when = True
        if self.manner.second:
            words += f", {self.manner.second}"
        whole = f"{self.manner.greeting}{words}{self.manner.closer}"
        return {"user": fragments(whole)} if self.manner.bursts else _say(whole)

    def _voiced(self, words: str) -> str:
        return spoken(words, self.manner.voice, random.Random(self.seed + 1))

    def _where_words(self) -> str:
        kind = self.manner.where
        if kind == "wrong" and not self.given_wrong:
            return self.facts.wrong
        return {"area": self.facts.area, "spot_first": self.facts.spot}.get(kind, self.facts.where)

    def _remember_place(self) -> None:
        self.said_where = self.manner.voice == "plain" and self.manner.where in ("full", "spot_first")
        if self.manner.where == "wrong" and not self.given_wrong:
            self.given_wrong = True
        elif self.manner.where not in ("spot_first", "pin"):
            self.said_area = True

    # --- answering --------------------------------------------------------------------------------------------------

    def answer(self, heard: Heard) -> Turn | None:
        """The next turn, or None when the person has nothing more to say."""
        if any(name.startswith(AFTER_RECEIPT) for name in heard.responses) or self.filed:
            return self._after_the_code(heard)
        if not self.manner.files:
            return self._wants_no_report(heard)
        if self.interrupts and not heard.last.startswith("utter_cancel"):
            said = self.interrupts.pop(0)
            return {"silence": "25h"} if said == "SILENCE" else _say(said)
        for prefix, reply in (
            ("utter_ask_description", self._what),
            ("utter_ask_place_which", self._which_place),
            ("utter_ask_place_sure", self._sure_place),
            ("utter_ask_place", self._place),
            ("utter_ask_happened", self._time),
            ("utter_ask_clarification", self._clarify),
            ("utter_ask_identity", self._identity),
            ("utter_explain_identity", self._identity),
            ("utter_summary", self._summary),
            ("utter_ask_change", self._change),
            ("utter_cancel_sure", self._sure_to_cancel),
            ("utter_fallback_readings", lambda h: self._choose(h, "Melaporkan masalah")),
            ("utter_fallback_menu_meanwhile", lambda h: self._choose(h, "Lanjutkan laporan")),
            ("utter_offer_person", lambda h: _say("tidak usah")),
        ):
            if heard.last.startswith(prefix):
                return reply(heard)
        return self._what(heard)

    def _what(self, heard: Heard) -> Turn:
        tries = self.tries["what"] = self.tries.get("what", 0) + 1
        if not self.said_what or tries > 1:
            kind = "told" if self.manner.opening not in ("short", "wish") or tries > 1 else "short"
            return self._tell(kind)
        return _say(f"iya itu, {self.facts.short}")

    def _place(self, heard: Heard) -> Turn:
        tries = self.tries["place"] = self.tries.get("place", 0) + 1
        if not self.manner.knows_place:
            return self._choose(heard, "Tidak tahu") if tries > 1 else _say("kurang tau pak")
        if self.manner.repeats_itself and tries == 1:
            return _say("pokoknya tolong cepat dibenerin ya")
        if self.manner.where == "pin" and tries == 1:
            return self._pin()
        if self.manner.where in ("spot_first", "pin") and tries > 1 or tries > 2:
            self.said_area = True
            return _say(self._voiced(f"kecamatan {self.facts.area}"))
        words = self._where_words()
        self._remember_place()
        return _say(
            self._voiced({"en": f"in {words}", "jv": f"nang {words}"}.get(self.manner.language, words))
        )

    def _which_place(self, heard: Heard) -> Turn:
        name = self.facts.wrong if self.given_wrong and not self.said_area else self.facts.area
        fitting = [label for label in heard.choices if f"kec. {name}," in label.casefold()]
        self.said_area = self.said_area or name == self.facts.area
        return self._choose(heard, fitting[0] if fitting else heard.choices[-1])

    def _sure_place(self, heard: Heard) -> Turn:
        fits = self.facts.area in heard.choices[0].casefold() or (
            self.given_wrong and self.facts.wrong in heard.choices[0].casefold()
        )
        return _say("iya betul") if fits else self._choose(heard, heard.choices[-1])

    def _time(self, heard: Heard) -> Turn:
        if not self.facts.when:
            return _say("lupa")
        self.said_when = True
        return _say(self._voiced(self.facts.when))

    def _clarify(self, heard: Heard) -> Turn:
        labels = [issue_labels().get(code, "-") for code in self.facts.issues]
        for label in heard.choices:
            if label in labels or any(label.startswith(one) for one in self.facts.answers):
                return self._choose(heard, label)
        return _say("gak tau")

    def _identity(self, heard: Heard) -> Turn:
        return self._choose(heard, LEVELS[self.manner.identity or "confidential"].capitalize())

    # --- the read-back ----------------------------------------------------------------------------------------------

    def _summary(self, heard: Heard) -> Turn:
        if self.before:
            return self._before_sending(self.before.pop(0), heard)
        where = heard.rows.get("where", "").casefold()
        if self.said_area and self.facts.area not in where and "where" not in self.corrected:
            self.corrected.add("where")
            return _say(f"lokasinya salah, harusnya di kecamatan {self.facts.area}")
        labels = [issue_labels()[code] for code in self.facts.issues]
        what = heard.rows.get("what", "")
        if not any(label in what for label in labels) and "what" not in self.corrected:
            self.corrected.add("what")
            return _say(f"bukan {what.split(' (“')[0].lower()}, maksudnya soal {self.facts.short}")
        level = LEVELS[self.manner.identity] if self.manner.identity else ""
        if level and level not in heard.rows.get("identity", "").casefold() and "who" not in self.corrected:
            self.corrected.add("who")
            return _say({"anonim": "anonim aja", "rahasia": "rahasiakan nama saya ya"}[level])
        if self.manner.support and "Dukung yang ada" in heard.choices:
            return self._choose(heard, "Dukung yang ada")
        if self.manner.answering != "words":
            return self._choose(heard, "Kirim")
        return _say(self.dice.choice(SENDS_IN.get(self.manner.language, SENDS)))

    def _before_sending(self, move: str, heard: Heard) -> Turn:
        if move == "photo":
            return self._photo()
        if move == "cancel":
            return _say("batal")
        if move == "menu_place":
            return self._choose(heard, "Ubah")
        if move == "fix_place":
            self.said_area = True
            return _say(f"eh salah, bukan di {self.facts.wrong}, itu di {self.facts.area}")
        if move == "fix_what":
            self.said_what = [self.told]
            return _say(f"bukan jembatan, maksud saya {self.told}")
        if move == "detail":
            self.said_what.append(DETAIL.removeprefix("tambahan: "))
            return _say(DETAIL)
        return _say(move.removeprefix("say "))

    def _change(self, heard: Heard) -> Turn:
        return self._choose(heard, "Lokasi")

    def _sure_to_cancel(self, heard: Heard) -> Turn:
        if self.manner.leaves_once and not self.left:
            self.left, self.said_what = True, []
            return _say("iya batalkan")
        return _say("tidak")

    # --- after the code ---------------------------------------------------------------------------------------------

    def _after_the_code(self, heard: Heard) -> Turn | None:
        self.filed = True
        if heard.last.startswith("utter_second_offer"):
            return _say("nggak dulu")
        return _say(self.after.pop(0)) if self.after else None

    def _wants_no_report(self, heard: Heard) -> Turn | None:
        return _say(self.interrupts.pop(0)) if self.interrupts else None

    # --- how a choice is given --------------------------------------------------------------------------------------

    def _choose(self, heard: Heard, label: str) -> Turn:
        if label not in heard.choices:
            return _say(label.casefold())
        how = self.manner.answering
        if how == "tap":
            return {"choice": label}
        return _say(str(heard.choices.index(label) + 1) if how == "number" else label.casefold())

    def _photo(self) -> Turn:
        self.files_sent += 1
        return {"attachment": "photo"}

    def _pin(self) -> Turn:
        latitude, longitude = PINS[self.facts.area]
        return {"location": {"latitude": latitude, "longitude": longitude, "accuracy_m": 20.0}}


def _say(text: str) -> Turn:
    return {"user": [text]}
