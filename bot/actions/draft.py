"""The draft of a report as a set of slots: what belongs to it, what is still open, and what is filed. Pure."""

from __future__ import annotations

import hashlib
from typing import Any

Slots = dict[str, Any]

DESCRIPTION, PLACE, HAPPENED = "description", "place", "happened"
CLARIFICATION, IDENTITY, CONFIRM = "clarification", "identity_level", "confirm_submission"

DRAFT_SLOTS = (
    *(
        "draft_id",
        "report_class",
        "issue",
        "issue_ranking",
        DESCRIPTION,
        "oversight",
        "emergency",
        "sensitive",
    ),
    *(IDENTITY, PLACE, "place_options", "place_words", HAPPENED, "attributes", CLARIFICATION, "question"),
    *("assignment", "objection", "attachments", "similar", "support_ref", CONFIRM, "before_change", "trail"),
    *("emergency_told", "last_asked", "times_asked"),
)
# The slot behind each word of `/ubah{"field": …}`.
SLOT_OF_FIELD = {"what": DESCRIPTION, "where": PLACE, "when": HAPPENED}
# As the reference data marks them (a test compares): these start at confidential and are not echoed.
SENSITIVE_ISSUES = frozenset("korupsi_pungli disiplin_asn perempuan_anak disabilitas_odgj".split())
# Matters in which a day decides something; everywhere else the time is taken when said and never asked.
TIME_MATTERS = frozenset(
    {"korupsi_pungli", "disiplin_asn", "perempuan_anak", "polisi_sim_stnk", "konsumen_penipuan"}
)
NO_PLACE: Slots = {"text": "", "landmark": None, "label": None, "source": "unknown", "confidence": 0.0}
NO_TIME: Slots = {"text": "", "on": None, "precision": "unknown"}
UNKNOWN_ANSWER = "unknown"
DEFAULT_ISSUE = "lainnya"


def draft_id(seed: str) -> str:
    """32 hex digits that nobody can choose: minted from the seed of the turn in which the form opens."""
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


def nothing_drafted() -> Slots:
    """The slot changes after which no draft is left."""
    return {
        **dict.fromkeys(DRAFT_SLOTS),
        "draft_view": {"identity_level": "open", "sensitive": False, "open": False},
    }


def is_open(slots: Slots) -> bool:
    """Whether something would be lost if the draft were dropped."""
    return bool(slots.get(DESCRIPTION) or slots.get("attachments") or _is_said(slots.get(PLACE)))


def _is_said(place: Slots | None) -> bool:
    return bool(place and place.get("source") != "unknown")


def is_sensitive(slots: Slots) -> bool:
    """Sensitive matters start at confidential and are never echoed."""
    return bool(slots.get("sensitive") or slots.get("oversight") or slots.get("issue") in SENSITIVE_ISSUES)


def level_of(slots: Slots) -> str:
    """The identity level in force: the chosen one, else the default of the matter."""
    return slots.get(IDENTITY) or ("confidential" if is_sensitive(slots) else "open")


def needed(slots: Slots) -> list[str]:
    """The questions of this draft in the order they are asked, answered ones included."""
    questions = [DESCRIPTION]
    if is_sensitive(slots):
        questions.append(IDENTITY)
    questions.append(PLACE)
    if slots.get("issue") in TIME_MATTERS or "when" in (slots.get("before_change") or {}):
        questions.append(HAPPENED)
    if slots.get("question"):
        questions.append(CLARIFICATION)
    return [*questions, CONFIRM]


def next_question(slots: Slots) -> str | None:
    """The first question without an answer; None when the person has said *kirim*."""
    return next((name for name in needed(slots) if slots.get(name) is None), None)


def progress(slots: Slots) -> Slots:
    """`{"step", "of"}` of the open question, both from 1."""
    questions = needed(slots)
    current = next_question(slots) or CONFIRM
    return {"step": questions.index(current) + 1, "of": len(questions)}


def view(slots: Slots) -> Slots:
    """What the backend must know to treat the conversation rightly."""
    return {"identity_level": level_of(slots), "sensitive": is_sensitive(slots), "open": True}


def filing(slots: Slots, language: str | None) -> Slots:
    """The draft as docs/architecture.md wants it in the effect `file_complaint`."""
    return {
        "draft_id": slots["draft_id"],
        "report_class": slots.get("report_class") or "complaint",
        "issue": slots.get("issue") or DEFAULT_ISSUE,
        "issue_ranking": slots.get("issue_ranking") or [],
        "description": slots[DESCRIPTION],
        "oversight": bool(slots.get("oversight")),
        "emergency": bool(slots.get("emergency")),
        "sensitive": is_sensitive(slots),
        "place": {**empty_place(), **(slots.get(PLACE) or NO_PLACE)},
        "happened": slots.get(HAPPENED) or NO_TIME,
        "attributes": slots.get("attributes") or {},
        "objection": slots.get("objection"),
        "identity_level": level_of(slots),
        "attachments": slots.get("attachments") or [],
        "language": language or "id",
    }


def empty_place() -> Slots:
    """Every key of a place, unknown."""
    keys = ("regency_code", "district_code", "village_code", "latitude", "longitude", "accuracy_m")
    return {**NO_PLACE, **dict.fromkeys(keys)}


def assignment_question(slots: Slots) -> Slots:
    """What the backend needs to say whose job this is and by when."""
    place = slots.get(PLACE) or NO_PLACE
    return {
        "issue": slots.get("issue") or DEFAULT_ISSUE,
        "report_class": slots.get("report_class") or "complaint",
        "oversight": bool(slots.get("oversight")),
        "place": {**empty_place(), **place},
        "attributes": slots.get("attributes") or {},
        "text": slots.get(DESCRIPTION),
        "objection": slots.get("objection"),
    }
