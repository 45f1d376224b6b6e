"""What people do with a report that is already filed: add, contest, confirm, withdraw, erase. Pure."""

from __future__ import annotations

from typing import Any

from bot.actions.draft import Slots

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
