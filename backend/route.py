"""`python -m backend route`: whose job is it? One JSON object a line in, one out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from backend.cases.case import ReportClass
from backend.cases.catalogue import CATCH_ALL_ISSUE
from backend.cases.errors import DraftInvalid
from backend.cases.place import Place
from backend.cases.routing import Clarification
from backend.places import service
from backend.reference import loader
from backend.reference.loader import Reference
from backend.usecases.assign_draft import Assigned, Matter, assign_draft
from backend.usecases.drafts import read_attributes, read_place
from backend.usecases.ports import PlaceFinder

Answer = dict[str, Any]


def route(data: Path, home: str, on: date, lines: TextIO, out: TextIO) -> int:
    """Answer each line `{text, issue, place}`; a line that cannot be read gets `{error}`. 1 when there was one, else 0."""
    reference = loader.load()
    places = service.load({home, *reference.regencies}, data)
    n_unread = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            found = answer(json.loads(line), reference, places, home, on)
        except (ValueError, DraftInvalid) as error:
            n_unread += 1
            found = {"error": str(error)}
        out.write(json.dumps(found, ensure_ascii=False) + "\n")
        out.flush()
    return 1 if n_unread else 0


def answer(asked: Any, reference: Reference, places: PlaceFinder, home: str, on: date) -> Answer:
    """Whose job one matter is. Raises `ValueError` or `DraftInvalid` for what is no such question."""
    if not isinstance(asked, Mapping) or not isinstance(asked.get("text"), str):
        raise ValueError("not an object with a text")
    matter = Matter(
        issue=asked.get("issue") or CATCH_ALL_ISSUE,
        report_class=ReportClass(asked.get("report_class") or ReportClass.COMPLAINT),
        oversight=asked.get("oversight") is True,
        place=place_of(asked.get("place"), asked["text"], places, home),
        attributes=read_attributes(asked.get("attributes") or {}),
        text=asked["text"],
        objection=asked.get("objection") or None,
    )
    return _described(assign_draft(matter, reference, home, on), reference, on)


def place_of(told: Any, text: str, places: PlaceFinder, home: str) -> Place:
    """A phrase, a place of the contract, an answer of `locate`; without any, what the complaint itself names beyond doubt."""
    if isinstance(told, Mapping):
        codes = told.get("codes") or {}
        named = {f"{level}_code": code for level, code in codes.items()}
        return read_place({name: value for name, value in {**told, **named}.items() if name in _FIELDS})
    if told is not None and not isinstance(told, str):
        raise ValueError("place is neither a phrase nor an object")
    found = places.by_text(told or text, home)
    if found.status in ("resolved", "outside") and found.place:
        return found.place if told else replace(found.place, text="", landmark=None)
    if told and found.choices:
        return found.choices[0]  # a question in a talk, the best answer here
    return Place(text=told or "")


_FIELDS = frozenset(Place.__dataclass_fields__)


def _described(assigned: Assigned, reference: Reference, on: date) -> Answer:
    decided = assigned.assignment
    return {
        "level": decided.level.value,
        "agency": assigned.role,
        "agency_code": decided.agency,
        "agency_name": reference.agency_name(decided.agency, on),
        "reason": decided.reason,
        "rule": decided.rule,
        "confidence": decided.confidence,
        "question": _question(assigned.question),
        "forward_to": decided.forward_to,
    }


def _question(question: Clarification | None) -> Answer | None:
    if question is None:
        return None
    options = [{"value": option.value, "label": option.label} for option in question.options]
    return {"attribute": question.attribute, "ask": question.ask, "options": options}
