"""The receipt as a card, and what a second matter inherits from the first. Pure."""

from __future__ import annotations

from typing import Any

from bot.actions import draft, words
from bot.actions.draft import Slots

# Replaced by the turn worker in the outbox row: the code itself never enters the conversation.
CODE_MARKER = "⟦code⟧"
LONGEST = 60


def card(result: Slots) -> Slots:
    """Rows of the receipt for channels that can draw it."""
    listed = [
        ("code", CODE_MARKER),
        ("agency", result.get("agency_name")),
        ("due", result.get("due_label")),
        ("identity", words.label("identity_level", result.get("identity_level"))),
    ]
    rows = [
        {"label": words.label("field", name), "value": value, "field": name}
        for name, value in listed
        if value
    ]
    return {"kind": "receipt", "rows": rows}


def inherited(waiting: list[Slots], slots: Slots) -> list[Slots]:
    """Second matters with the place and identity that are already known; anonymous reporters start afresh."""
    if draft.level_of(slots) == "anonymous":
        return [{**matter, "place": None, "identity_level": "anonymous"} for matter in waiting]
    known: dict[str, Any] = {"place": slots.get(draft.PLACE), "identity_level": slots.get(draft.IDENTITY)}
    return [{**matter, **known} for matter in waiting]


def second_words(matter: Slots) -> str:
    """How the second matter is named in the offer; a sensitive one only by a general word."""
    if matter.get("issue") in draft.SENSITIVE_ISSUES:
        return words.label("issue", "unknown")
    said = " ".join(str(matter.get("text") or "").split())
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1].rstrip()}…"
