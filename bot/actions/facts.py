"""What one message says about the draft, read with the question that is open. Pure: the only extractor of the form.

Bare words mean what the moment makes of them: the same "tidak" is no place, no date or no consent. What is not a fact
of the draft is left alone, so that the form steps aside and a rule answers it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bot.actions import answers, matters
from bot.actions.draft import (
    CLARIFICATION,
    CONFIRM,
    DESCRIPTION,
    HAPPENED,
    PLACE,
    UNKNOWN_ANSWER,
    Slots,
)
from bot.actions.reading import Reading
from bot.actions.telling import MISTAKABLE, TELLING, described, is_told, takes_back

# Read as facts whenever the form listens.
FACTUAL = TELLING | frozenset(
    "beri_lokasi beri_waktu identitas kirim_bukti ubah koreksi lewati tidak_tahu ya tidak kirim pilih kembali"
    " EXTERNAL_location EXTERNAL_attachments".split()
)
# Questions of the rules (not of the form) that "ya" or a number answers first.
OWN_QUESTIONS = frozenset({"cancel", "start_over", "forget", "person", "second"})
BARE = frozenset({"ya", "tidak", "pilih", "lanjut", "lewati", "tidak_tahu"})
PLACE_SHARE_OF_A_PLACE_ANSWER = 0.6
# The words around a place name are its landmark unless they are the greater part.
SHARE_OF_A_LANDMARK = 0.3
SHORT_ANSWER_WORDS = 8


@dataclass(frozen=True)
class Facts:
    """Slot changes that are certain, and a place still to be looked up.

    `if_unknown` says what a place text is when nobody finds it: `"place"` (it was given as one), `"describe"`
    (it belongs to the description), `"nothing"` (it was no answer at all). `place_parts` are the several places of one
    message, each to be tried alone.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    place_text: str | None = None
    place_parts: tuple[str, ...] = ()
    pin: dict[str, Any] | None = None
    if_unknown: str = "place"

    @property
    def empty(self) -> bool:
        return not self.changes and self.place_text is None and self.pin is None


def facts_in(reading: Reading, slots: Slots, asked: str | None) -> Facts:
    """Everything `reading` says about the draft while `asked` (a slot, or None) is the open question."""
    if slot := answers.field_named(reading, slots, asked):
        return Facts(answers.reopened(slot, slots))
    if not _is_listened_to(reading, slots, asked):
        return Facts()
    if _is_another_matter(reading, slots, asked):
        return Facts({"second_matter": _kept_second(slots, reading)})
    found = Facts(_said_anywhere(reading, slots, asked), pin=reading.value("pin"))
    found = _with_place(found, reading, asked, slots)
    if found.if_unknown != "describe" and _describes(reading, slots, asked, found):
        found = replace(found, changes={**found.changes, **described(reading, slots, asked)})
    if asked == CLARIFICATION and reading.intent == "koreksi" and not reading.attributes:
        told = described(reading, slots, asked)
        if "issue" in told:
            return replace(found, changes={**found.changes, **told})
    commands = answers.to_command(reading, slots, asked, found.changes, bool(found.place_text or found.pin))
    found = replace(found, changes={**found.changes, **commands})
    if asked == CONFIRM and reading.intent == "koreksi" and found.empty and reading.text:
        told = described(reading, slots, asked)
        found = Facts(told if "issue" in told else {**told, "objection": reading.text})
    return found


def _is_listened_to(reading: Reading, slots: Slots, asked: str | None) -> bool:
    if reading.attachments or reading.value("pin"):
        return True
    if slots.get("open_question") in OWN_QUESTIONS and reading.intent in BARE:
        return False
    if reading.intent in FACTUAL or is_told(reading, slots, asked):
        return True
    if reading.intent == "dukung":
        return asked == CONFIRM and bool(slots.get("similar"))
    if reading.intent == "lanjut":
        return asked == "identity_level"
    return reading.intent in MISTAKABLE and asked in (DESCRIPTION, PLACE, HAPPENED, CLARIFICATION)


def _is_another_matter(reading: Reading, slots: Slots, asked: str | None) -> bool:
    if reading.intent not in ("keluhan", "mau_lapor") or asked == DESCRIPTION or not slots.get(DESCRIPTION):
        return False
    if takes_back(reading, asked) or (reading.intent == "keluhan" and _is_short_answer(reading, asked)):
        return False
    return matters.is_another(reading, slots.get("issue"))


def _is_short_answer(reading: Reading, asked: str | None) -> bool:
    return asked in (PLACE, HAPPENED, CLARIFICATION) and reading.words <= SHORT_ANSWER_WORDS


def _said_anywhere(reading: Reading, slots: Slots, asked: str | None) -> dict[str, Any]:
    """Facts that count whatever was asked: identity, files, date, attributes, danger."""
    changes: dict[str, Any] = {}
    if reading.identity_level:
        changes["identity_level"] = reading.identity_level
    new_files = [f for f in reading.attachments if f not in (slots.get("attachments") or [])]
    if new_files:
        changes["attachments"] = [*(slots.get("attachments") or []), *new_files]
    happened = answers.happened(reading, asked)
    if happened and (
        not slots.get(HAPPENED) or asked == HAPPENED or reading.intent in ("koreksi", "ubah", "beri_waktu")
    ):
        changes[HAPPENED] = happened
    if reading.attributes:
        changes["attributes"] = {**(slots.get("attributes") or {}), **reading.attributes}
    for flag in ("emergency", "oversight", "sensitive"):
        if reading.flags.get(flag) and not slots.get(flag):
            changes[flag] = True
    return changes


def _with_place(found: Facts, reading: Reading, asked: str | None, slots: Slots) -> Facts:
    """Which words are to be looked up as a place, and what they are if that fails.

    Words that nobody understood are a landmark only when something was not understood before.
    """
    said = [v if isinstance(v, str) else str(v.get("text") or "") for v in reading.values("place")]
    if found.pin or reading.intent == "pilih":
        return found
    if any(said):
        return _with_named_place(found, tuple(dict.fromkeys(s for s in said if s)), reading, asked, slots)
    if not reading.text or reading.intent in BARE | {"kirim", "kembali", "identitas", "ubah", "dukung"}:
        return found
    if reading.intent == "beri_lokasi":
        return replace(found, place_text=reading.text)
    if asked == PLACE and _may_be_a_place(reading):
        return replace(found, place_text=reading.text, if_unknown=_unless_found(reading, slots, asked))
    return found


def _with_named_place(
    found: Facts, parts: tuple[str, ...], reading: Reading, asked: str | None, slots: Slots
) -> Facts:
    """A place named in passing never replaces the one that is known; an answer keeps all its words as the landmark."""
    known: Slots = slots.get(PLACE) or {}
    if known and asked != PLACE and reading.intent in TELLING:
        settled = known.get("district_code") or known.get("latitude") is not None
        if settled and not takes_back(reading, asked):
            return found
        return replace(found, place_text=", ".join(parts), place_parts=parts, if_unknown="nothing")
    share = sum(map(len, parts)) / max(len(reading.text), 1)
    whole = reading.words <= SHORT_ANSWER_WORDS and share >= SHARE_OF_A_LANDMARK
    if asked == PLACE and whole and reading.intent != "koreksi":
        return replace(found, place_text=reading.text, place_parts=(reading.text, *parts))
    return replace(found, place_text=", ".join(parts), place_parts=parts)


def _unless_found(reading: Reading, slots: Slots, asked: str | None) -> str:
    if is_told(reading, slots, asked):
        return "describe"
    again = reading.intent == "nlu_fallback" and bool(slots.get("misses")) and reading.words >= 2
    return "place" if again or reading.intent == "koreksi" else "nothing"


def _may_be_a_place(reading: Reading) -> bool:
    if reading.intent in TELLING:
        return reading.words <= SHORT_ANSWER_WORDS
    return reading.intent in MISTAKABLE | {"koreksi"}


def _describes(reading: Reading, slots: Slots, asked: str | None, found: Facts) -> bool:
    """Whether the words themselves belong into the description."""
    if not reading.text:
        return False
    if is_told(reading, slots, asked):
        return not _is_all_place(reading, asked, found) and not _is_all_time(reading, asked, found)
    if asked == CLARIFICATION and reading.intent in MISTAKABLE:
        return answers.to_question(reading, slots).get(CLARIFICATION) == UNKNOWN_ANSWER
    if asked != DESCRIPTION or reading.intent not in MISTAKABLE:
        return False
    return (
        reading.intent == "belum_selesai"
        or (reading.words >= 3 and reading.top_issue[1] >= 0.2)
        or (reading.words >= 2 and bool(slots.get("misses")))
    )


def _is_all_place(reading: Reading, asked: str | None, found: Facts) -> bool:
    return bool(
        asked == PLACE
        and found.place_text
        and len(found.place_text) >= PLACE_SHARE_OF_A_PLACE_ANSWER * len(reading.text)
    )


def _is_all_time(reading: Reading, asked: str | None, found: Facts) -> bool:
    return asked == HAPPENED and HAPPENED in found.changes and reading.words <= SHORT_ANSWER_WORDS


def _kept_second(slots: Slots, reading: Reading) -> list[dict[str, Any]]:
    return [*(slots.get("second_matter") or []), {"text": reading.text, "issue": reading.top_issue[0]}]
