"""What short answers and commands do to the draft: yes, skip, back, change, a chosen option, a date. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.actions import places, words
from bot.actions.draft import (
    CLARIFICATION,
    CONFIRM,
    DESCRIPTION,
    HAPPENED,
    IDENTITY,
    NO_PLACE,
    NO_TIME,
    PLACE,
    SLOT_OF_FIELD,
    UNKNOWN_ANSWER,
    Slots,
    needed,
)
from bot.actions.reading import Reading

NO_ANSWER: dict[str, Any] = {
    PLACE: NO_PLACE,
    HAPPENED: NO_TIME,
    CLARIFICATION: UNKNOWN_ANSWER,
    IDENTITY: "confidential",
}
FIELD_OF_SLOT = {slot: name for name, slot in SLOT_OF_FIELD.items()}
YES = frozenset({"ya", "kirim"})
# What closes the clarifying question even when it names none of the options.
CLOSING = frozenset(
    "keluhan aspirasi minta_informasi darurat beri_lokasi beri_waktu koreksi pilih tidak tidak_tahu lewati kirim".split()
)
FEWEST_WORDS_OF_AN_ANSWER = 3
MOST_WORDS_OF_A_FIELD = 2
SKIPPING = frozenset({"lewati", "tidak_tahu", "tidak"})


def happened(reading: Reading, asked: str | None) -> dict[str, Any] | None:
    """When it happened: the extracted time, or the words themselves when just that was asked."""
    value = reading.value("time")
    if isinstance(value, dict):
        return {**NO_TIME, **{k: v for k, v in value.items() if k in NO_TIME and v is not None}}
    if value:
        return {**NO_TIME, "text": str(value)}
    free_words = reading.intent in ("keluhan", "koreksi") or (
        reading.intent == "nlu_fallback" and reading.words > 1
    )
    if reading.text and (reading.intent == "beri_waktu" or (asked == HAPPENED and free_words)):
        return {**NO_TIME, "text": reading.text}
    return None


def to_command(
    reading: Reading, slots: Slots, asked: str | None, said: dict[str, Any], has_place: bool
) -> dict[str, Any]:
    """Slot changes of a command or of an answer to `asked`; `said` are facts found in the same message."""
    if reading.intent == "ubah":
        return _change(reading, slots, said, has_place)
    if reading.intent == "kembali":
        return back(slots, asked)
    if reading.intent == "dukung":
        return {"support_ref": slots["similar"][0]["case_ref"], CONFIRM: "yes"}
    if reading.intent == "kirim" and asked != CONFIRM:
        return _to_identity(reading, slots) if asked == IDENTITY else _skip_the_rest(slots)
    answer = ANSWERS.get(asked or "")
    return answer(reading, slots) if answer else {}


def field_named(reading: Reading, slots: Slots, asked: str | None) -> str | None:
    """The slot that a bare word names ("masalahnya") when it was just asked what shall be changed."""
    if asked != CONFIRM or slots.get("open_question") != "change" or reading.words > MOST_WORDS_OF_A_FIELD:
        return None
    said = {word.removesuffix("nya") for word in re.findall(r"\w+", reading.text.casefold())}
    fields = (name for name in SLOT_OF_FIELD if said & set(words.label("field_words", name).split()))
    return next((SLOT_OF_FIELD[name] for name in fields), None)


def _to_place(reading: Reading, slots: Slots) -> dict[str, Any]:
    options = slots.get("place_options") or []
    number = _option(reading)
    if number is not None and number < len(options):
        return places.chosen(options[number], slots)
    if options and reading.intent == "ya":
        return places.chosen(options[0], slots)
    if options and (reading.intent == "tidak" or reading.value("option") == "none"):
        return {"place_options": None, "place_words": slots.get("place_words") or ""}
    return _skipped(PLACE, slots) if reading.intent in SKIPPING else {}


def _to_happened(reading: Reading, slots: Slots) -> dict[str, Any]:
    return _skipped(HAPPENED, slots) if reading.intent in SKIPPING else {}


def _to_identity(reading: Reading, slots: Slots) -> dict[str, Any]:
    if reading.intent in {"ya", "lanjut", "lewati", "tidak_tahu", "kirim"} and not reading.identity_level:
        return {IDENTITY: "confidential"}
    return {}


def to_question(reading: Reading, slots: Slots) -> dict[str, Any]:
    """The answer to the one clarifying question; anything said closes it, so that it is never asked twice."""
    question: dict[str, Any] = slots.get("question") or {}
    attribute, options = str(question.get("attribute")), question.get("options") or []
    if attribute in reading.attributes:
        return {CLARIFICATION: reading.attributes[attribute]}
    number, said = _option(reading), reading.text.casefold()
    named = [o for o in options if said and (o["label"].casefold() in said or said in o["label"].casefold())]
    value = options[number]["value"] if number is not None and number < len(options) else None
    if value is None and len(named) == 1:
        value = named[0]["value"]
    if value is None and not options and reading.text and reading.intent not in SKIPPING:
        value = reading.value("amount") or reading.text
    if attribute == "issue" and value is not None:
        return {CLARIFICATION: value, "issue": value}
    if value is not None and value != UNKNOWN_ANSWER:
        return {CLARIFICATION: value, "attributes": {**(slots.get("attributes") or {}), attribute: value}}
    return {CLARIFICATION: UNKNOWN_ANSWER} if _closes(reading) else {}


def _closes(reading: Reading) -> bool:
    """Whether words that name no option are an answer all the same."""
    if reading.intent == "nlu_fallback":
        return reading.words >= FEWEST_WORDS_OF_AN_ANSWER
    return reading.intent in CLOSING


def _to_confirmation(reading: Reading, slots: Slots) -> dict[str, Any]:
    if reading.intent in YES:
        return {CONFIRM: "yes", "open_question": None}
    return {"open_question": "change"} if reading.intent == "tidak" else {}


ANSWERS = {
    PLACE: _to_place,
    HAPPENED: _to_happened,
    IDENTITY: _to_identity,
    CLARIFICATION: to_question,
    CONFIRM: _to_confirmation,
}


def _option(reading: Reading) -> int | None:
    """Index (from 0) of the option that was chosen by a button or a number."""
    value = str(reading.value("option") or "")
    return int(value) - 1 if reading.intent == "pilih" and value.isdigit() and int(value) > 0 else None


def _skipped(slot: str, slots: Slots) -> dict[str, Any]:
    """No answer: the value before a change comes back, else the question is closed as unknown."""
    before: dict[str, Any] = slots.get("before_change") or {}
    name = FIELD_OF_SLOT.get(slot, slot)
    if before.get(name) is not None:
        return {slot: before[name], "place_options": None}
    if slot == PLACE:
        words = slots.get("place_words")
        return {PLACE: places.spoken_place(words) if words else dict(NO_PLACE), "place_options": None}
    return {slot: NO_ANSWER[slot]}


def _skip_the_rest(slots: Slots) -> dict[str, Any]:
    """ "Kirim" before everything was asked: what is open stays unknown, and the read-back comes."""
    if not slots.get(DESCRIPTION):
        return {}
    open_slots = [s for s in needed(slots) if slots.get(s) is None and s in NO_ANSWER and s != IDENTITY]
    changes: dict[str, Any] = {}
    for slot in open_slots:
        changes |= _skipped(slot, slots)
    return changes


def _change(reading: Reading, slots: Slots, said: dict[str, Any], has_place: bool) -> dict[str, Any]:
    name = str(reading.value("field"))
    slot = SLOT_OF_FIELD.get(name)
    if slot is None or slot in said or (slot == PLACE and has_place):
        return {}
    return reopened(slot, slots)


def reopened(slot: str, slots: Slots) -> dict[str, Any]:
    """The question is asked again; what was answered is kept in case nothing new is said."""
    name = FIELD_OF_SLOT.get(slot, slot)
    before = {**(slots.get("before_change") or {}), name: slots.get(slot)}
    changes = {slot: None, "before_change": before, "open_question": None, "last_asked": None}
    if slot == DESCRIPTION:
        changes |= {"issue": None, "issue_ranking": None, "question": None, CLARIFICATION: None}
    if slot == PLACE:
        changes |= {"place_options": None, "place_words": None}
    return changes


def back(slots: Slots, asked: str | None) -> dict[str, Any]:
    """One step back: the question before the open one is asked again; at the read-back without one, the menu."""
    answered = [s for s in slots.get("trail") or [] if s != asked and slots.get(s) is not None]
    if answered:
        return reopened(answered[-1], slots)
    before: dict[str, Any] = slots.get("before_change") or {}
    if asked and before.get(FIELD_OF_SLOT.get(asked, asked)) is not None:
        return {asked: before[FIELD_OF_SLOT.get(asked, asked)]}
    return {"open_question": "change"} if asked == CONFIRM else {}
