"""What people do with a report that is already filed: add, contest, confirm, withdraw, erase. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.actions import words
from bot.actions.draft import Slots
from bot.actions.reading import Reading

KIND_OF_INTENT = {
    "tambah_info": "add",
    "belum_selesai": "contest",
    "puas": "confirm",
    "cabut_laporan": "withdraw",
}
EFFECT_OF_KIND = {
    "add": "add_to_case",
    "contest": "contest_case",
    "confirm": "confirm_resolved",
    "withdraw": "withdraw_case",
    "erase": "erase_case",
}
CASE, NOTE, SURE, RATING = "case_ref", "note", "follow_up_confirm", "rating"
RATINGS = range(1, 6)
MOST_OPTIONS = 9
NEEDED = {
    "add": (CASE, NOTE),
    "contest": (CASE, NOTE),
    "confirm": (CASE,),
    "withdraw": (CASE, SURE),
    "erase": (CASE, SURE),
}
FOLLOW_UP_SLOTS = (
    "follow_up",
    CASE,
    NOTE,
    SURE,
    "case_options",
    "follow_up_files",
    "follow_up_problem",
    RATING,
)


# What comes before the addition itself in "mau nambah info: …".
_ANNOUNCED = re.compile(r"^[^:]{3,40}:\s*(?P<note>.+)$", re.DOTALL)
FEWEST_WORDS_OF_A_NOTE = 2
# A matter this likely is the one that a report is about.
LIKELY_THE_MATTER = 0.5


def named(cases: list[Slots], reading: Reading) -> str | None:
    """The one report that the words name by its matter ("yang sampah"); None when none or several fit."""
    code, confidence = reading.top_issue
    label = words.label("issue", code).casefold() if code and confidence >= LIKELY_THE_MATTER else None
    fitting = [one for one in cases if label and str(one["label"]).casefold().startswith(label)]
    return str(fitting[0]["case_ref"]) if len(fitting) == 1 else None


def meant(cases: list[Slots], reading: Reading, wanted: str, last_ref: str | None) -> str | None:
    """The report that an addition, a contest … is about when neither button nor code says so; None: it must be asked.

    What the words name goes before an officer's open question, that before the report that was looked at last. To withdraw one of several, it
    must be named.
    """
    if ref := named(cases, reading):
        return ref
    waiting = [one for one in cases if one.get("open_question")] if wanted == "add" else []
    if len(waiting) == 1:
        return str(waiting[0]["case_ref"])
    if waiting or (wanted == "withdraw" and len(cases) > 1):
        return None
    if last_ref:
        return last_ref
    return str(cases[0]["case_ref"]) if len(cases) == 1 else None


def offered(cases: list[Slots], wanted: str) -> list[Slots]:
    """The reports to choose from: those in which an officer asks, when there are any and something is to be added."""
    waiting = [one for one in cases if one.get("open_question")] if wanted == "add" else []
    return (waiting or cases)[:MOST_OPTIONS]


def said_besides(reading: Reading) -> str | None:
    """The addition itself, when it is told in the breath that announces it ("tambah info: tiangnya miring")."""
    found = _ANNOUNCED.match(reading.text)
    note = found["note"].strip() if found else ""
    return note if len(re.findall(r"\w+", note)) >= FEWEST_WORDS_OF_A_NOTE else None


def nothing_followed() -> Slots:
    """The slot changes after which no follow-up is left."""
    return dict.fromkeys(FOLLOW_UP_SLOTS)


def next_question(slots: Slots) -> str | None:
    """The first thing still missing, or None when the effect can be asked for."""
    return next((name for name in NEEDED[slots["follow_up"]] if slots.get(name) is None), None)


def effect(slots: Slots) -> dict[str, Any]:
    """The effect as docs/architecture.md wants it."""
    kind, note = slots["follow_up"], slots.get(NOTE) or ""
    data: dict[str, Any] = {"case_ref": slots[CASE], "text": note}
    if kind == "add":
        data["attachments"] = slots.get("follow_up_files") or []
    else:
        data["rating"] = slots.get(RATING) if kind == "confirm" else None
    return {"kind": EFFECT_OF_KIND[kind], "data": data}
