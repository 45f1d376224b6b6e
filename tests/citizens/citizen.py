"""A simulated citizen: knows facts, has a manner, reads what was asked and decides what to say. No script."""

from __future__ import annotations

from tests.citizens.facts import issue_labels
from tests.citizens.speaker import Heard, Speaker, Turn, say

SENDS = ("kirim", "ya kirim aja", "iya betul", "sudah benar, kirim", "ok lanjut kirim", "sip")
SENDS_IN = {
    "en": ("yes send it",),
    "jv": ("nggih kirim",),
    "su": ("muhun kirim",),
    "bjn": ("inggih kirim ja",),
}
DETAIL = "tambahan: kemarin ada ibu hamil yang kesusahan gara-gara ini"
LEVELS = {"anonymous": "anonim", "confidential": "rahasia", "open": "terbuka"}
AFTER_RECEIPT = ("utter_receipt", "utter_second_declined")


class Citizen(Speaker):
    """Reads what was asked and answers it, asks, corrects or leaves, as the manner says."""

    # --- answering --------------------------------------------------------------------------------------------------

    def answer(self, heard: Heard) -> Turn | None:
        """The next turn, or None when the person has nothing more to say."""
        if any(name.startswith(AFTER_RECEIPT) for name in heard.responses) or self.filed:
            return self._after_the_code(heard)
        if not self.manner.files:
            return self._wants_no_report(heard)
        if self.interrupts and not heard.last.startswith("utter_cancel"):
            said = self.interrupts.pop(0)
            return {"silence": "25h"} if said == "SILENCE" else say(said)
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
            ("utter_offer_person", lambda h: say("tidak usah")),
        ):
            if heard.last.startswith(prefix):
                return reply(heard)
        return self._what(heard)

    def _what(self, heard: Heard) -> Turn:
        tries = self.tries["what"] = self.tries.get("what", 0) + 1
        if not self.said_what or tries > 1:
            kind = "told" if self.manner.opening not in ("short", "wish") or tries > 1 else "short"
            return self.tell(kind)
        return say(f"iya itu, {self.facts.short}")

    def _place(self, heard: Heard) -> Turn:
        tries = self.tries["place"] = self.tries.get("place", 0) + 1
        if not self.manner.knows_place:
            return self._choose(heard, "Tidak tahu") if tries > 1 else say("kurang tau pak")
        if self.manner.repeats_itself and tries == 1:
            return say("pokoknya tolong cepat dibenerin ya")
        if self.manner.where == "pin" and tries == 1:
            return self.pin()
        if self.manner.where in ("spot_first", "pin") and tries > 1 or tries > 2:
            self.said_area = True
            return say(self.voiced(f"kecamatan {self.facts.area}"))
        words = self.where_words()
        self.remember_place()
        return say(self.voiced({"en": f"in {words}", "jv": f"nang {words}"}.get(self.manner.language, words)))

    def _which_place(self, heard: Heard) -> Turn:
        name = self.facts.wrong if self.given_wrong and not self.said_area else self.facts.area
        fitting = [label for label in heard.choices if f"kec. {name}," in label.casefold()]
        self.said_area = self.said_area or name == self.facts.area
        return self._choose(heard, fitting[0] if fitting else heard.choices[-1])

    def _sure_place(self, heard: Heard) -> Turn:
        fits = self.facts.area in heard.choices[0].casefold() or (
            self.given_wrong and self.facts.wrong in heard.choices[0].casefold()
        )
        return say("iya betul") if fits else self._choose(heard, heard.choices[-1])

    def _time(self, heard: Heard) -> Turn:
        if not self.facts.when:
            return say("lupa")
        self.said_when = True
        return say(self.voiced(self.facts.when))

    def _clarify(self, heard: Heard) -> Turn:
        labels = [issue_labels().get(code, "-") for code in self.facts.issues]
        for label in heard.choices:
            if label in labels or any(label.startswith(one) for one in self.facts.answers):
                return self._choose(heard, label)
        return say("gak tau")

    def _identity(self, heard: Heard) -> Turn:
        return self._choose(heard, LEVELS[self.manner.identity or "confidential"].capitalize())

    # --- the read-back ----------------------------------------------------------------------------------------------

    def _summary(self, heard: Heard) -> Turn:
        if self.before:
            return self._before_sending(self.before.pop(0), heard)
        where = heard.rows.get("where", "").casefold()
        if self.said_area and self.facts.area not in where and "where" not in self.corrected:
            self.corrected.add("where")
            return say(f"lokasinya salah, harusnya di kecamatan {self.facts.area}")
        labels = [issue_labels()[code] for code in self.facts.issues]
        what = heard.rows.get("what", "")
        if not any(label in what for label in labels) and "what" not in self.corrected:
            self.corrected.add("what")
            return say(f"bukan {what.split(' (“')[0].lower()}, maksudnya soal {self.facts.short}")
        level = LEVELS[self.manner.identity] if self.manner.identity else ""
        if level and level not in heard.rows.get("identity", "").casefold() and "who" not in self.corrected:
            self.corrected.add("who")
            return say({"anonim": "anonim aja", "rahasia": "rahasiakan nama saya ya"}[level])
        if self.manner.support and "Dukung yang ada" in heard.choices:
            return self._choose(heard, "Dukung yang ada")
        if self.manner.answering != "words":
            return self._choose(heard, "Kirim")
        return say(self.dice.choice(SENDS_IN.get(self.manner.language, SENDS)))

    def _before_sending(self, move: str, heard: Heard) -> Turn:
        if move == "photo":
            return self.photo()
        if move == "cancel":
            return say("batal")
        if move == "menu_place":
            return self._choose(heard, "Ubah")
        if move == "fix_place":
            self.said_area = True
            return say(f"eh salah, bukan di {self.facts.wrong}, itu di {self.facts.area}")
        if move == "fix_what":
            self.said_what = [self.told]
            return say(f"bukan jembatan, maksud saya {self.told}")
        if move == "detail":
            self.said_what.append(DETAIL.removeprefix("tambahan: "))
            return say(DETAIL)
        return say(move.removeprefix("say "))

    def _change(self, heard: Heard) -> Turn:
        return self._choose(heard, "Lokasi")

    def _sure_to_cancel(self, heard: Heard) -> Turn:
        if self.manner.leaves_once and not self.left:
            self.left, self.said_what = True, []
            return say("iya batalkan")
        return say("tidak")

    # --- after the code ---------------------------------------------------------------------------------------------

    def _after_the_code(self, heard: Heard) -> Turn | None:
        self.filed = True
        if heard.last.startswith("utter_second_offer"):
            return say("nggak dulu")
        return say(self.after.pop(0)) if self.after else None

    def _wants_no_report(self, heard: Heard) -> Turn | None:
        return say(self.interrupts.pop(0)) if self.interrupts else None

    # --- how a choice is given --------------------------------------------------------------------------------------

    def _choose(self, heard: Heard, label: str) -> Turn:
        if label not in heard.choices:
            return say(label.casefold())
        how = self.manner.answering
        if how == "tap":
            return {"choice": label}
        return say(str(heard.choices.index(label) + 1) if how == "number" else label.casefold())
