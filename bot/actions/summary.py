"""The read-back: rows of label and value, as text and as a card. Sensitive words are never echoed. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.actions import draft, words
from bot.actions.draft import Slots

LONGEST_DESCRIPTION = 90
Row = dict[str, Any]


def rows(slots: Slots) -> list[Row]:
    """`{"label", "value", "field"}` for everything that will be filed; `field` is what *ubah* calls it."""
    assignment = slots.get("assignment") or {}
    listed = [
        ("what", what(slots)),
        ("where", where(slots)),
        ("when", when(slots)),
        ("agency", agency(assignment)),
        ("proof", proof(slots)),
        ("identity", words.label("identity_level", draft.level_of(slots))),
    ]
    return [
        {"label": words.label("field", name), "value": value, "field": name}
        for name, value in listed
        if value
    ]


def as_text(listed: list[Row]) -> str:
    """One row a line."""
    return "\n".join(f"{row['label']}: {row['value']}" for row in listed)


def what(slots: Slots) -> str:
    """The kind of matter; for ordinary ones with the beginning of the person's own words."""
    kind = words.label("issue", slots.get("issue"))
    report_class = slots.get("report_class")
    if report_class in ("aspiration", "information_request"):
        kind = f"{words.label('report_class', report_class)}, {kind}"
    if draft.is_sensitive(slots):
        return kind
    said = " ".join(str(slots.get(draft.DESCRIPTION) or "").split())
    cut = said if len(said) <= LONGEST_DESCRIPTION else f"{said[: LONGEST_DESCRIPTION - 1].rstrip()}…"
    return f"{kind} (“{cut}”)"


def where(slots: Slots) -> str:
    """Area and landmark; for sensitive matters the area only."""
    place = slots.get(draft.PLACE) or draft.NO_PLACE
    label, landmark = place.get("label"), place.get("landmark")
    if draft.is_sensitive(slots):
        return str(label or words.label("place", "kept" if landmark else "unknown"))
    parts = [landmark if landmark and landmark != label else None, label]
    return ", ".join(p for p in parts if p) or words.label(
        "place", "pin" if place.get("latitude") else "unknown"
    )


def when(slots: Slots) -> str | None:
    """The person's words for the time, with the date when it is known."""
    happened = slots.get(draft.HAPPENED) or {}
    said, on = happened.get("text"), happened.get("on")
    if draft.is_sensitive(slots) and said:
        return day(on) if on else words.label("place", "kept")
    if said and on:
        return f"{said} ({day(on)})"
    return said or (day(on) if on else None)


def day(iso: str) -> str:
    """`2026-11-16` as 16 Nov 2026."""
    read = date.fromisoformat(iso[:10])
    return f"{read.day} {words.label('month', str(read.month))} {read.year}"


def agency(assignment: Slots) -> str | None:
    """Whose job it is, with its level."""
    name, level = assignment.get("agency_name"), assignment.get("level_label")
    return f"{name} ({level})" if name and level else name


def proof(slots: Slots) -> str | None:
    """How many files come with the report."""
    files = slots.get("attachments") or []
    return f"{len(files)} {words.label('proof', 'files')}" if files else None
