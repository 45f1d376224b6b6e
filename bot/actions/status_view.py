"""A case in plain words: who holds it since when, what is next, due date, overdue said openly. Pure."""

from __future__ import annotations

from typing import Any

from bot.actions import summary, words
from bot.actions.draft import Slots
from bot.actions.follow_up import RATINGS

MOST_REPLIES = 2
# What a case may be answered with, as choices; the order is the order of the buttons.
CHOICES = {"confirm": "puas", "contest": "belum_selesai", "add": "tambah_info"}


def rows(case: Slots) -> list[Slots]:
    """`{"label", "value", "field"}`: whatever this asker may see and nothing else."""
    listed = [
        ("state", case.get("state_label")),
        ("agency", _since(case)),
        ("filed", summary.day(case["filed_on"]) if case.get("filed_on") else case.get("month")),
        ("due", _due(case)),
        ("next", case.get("what_next")),
        *(("reply", _reply(r)) for r in (case.get("replies") or [])[-MOST_REPLIES:]),
    ]
    return [
        {"label": words.label("field", name), "value": value, "field": name}
        for name, value in listed
        if value
    ]


def _since(case: Slots) -> str | None:
    agency, since = case.get("agency_name"), case.get("since")
    return f"{agency} ({words.label('status', 'since')} {summary.day(since)})" if agency and since else agency


def _due(case: Slots) -> str | None:
    due = case.get("due_label") or (summary.day(case["due_on"]) if case.get("due_on") else None)
    return f"{due}, {words.label('status', 'overdue')}" if due and case.get("overdue") else due


def _reply(reply: Slots) -> str:
    """An officer's words exactly as written, in quotation marks, and whether a file came with them."""
    on = f" ({summary.day(reply['on'])})" if reply.get("on") else ""
    file = f"; {words.label('status', 'has_file')}" if reply.get("files") else ""
    return f"“{reply['text']}”{on}{file}"


def buttons(case: Slots) -> list[dict[str, Any]]:
    """What may be done with this case now."""
    ref = case["case_ref"]
    return [
        words.button("case_button", kind, f'/{intent}{{"case_ref": "{ref}"}}')
        for kind, intent in CHOICES.items()
        if kind in (case.get("may") or [])
    ]


def rating_buttons() -> list[dict[str, Any]]:
    """One to five stars for a report that was just said to be done."""
    return [words.button("rating", str(stars), f'/puas{{"rating": {stars}}}') for stars in RATINGS]
