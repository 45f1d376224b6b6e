"""Whose job a draft is and when an answer is due, before anything is filed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from backend.cases.case import Assignment, DuePromise, ReportClass
from backend.cases.jurisdiction import Decision, Inquiry, decide
from backend.cases.objection import believed
from backend.cases.place import Place
from backend.cases.routing import Clarification
from backend.cases.sla import Question, promise
from backend.reference.loader import Reference

# The Kemendagri code of a village says what it is: 1001 … is a kelurahan, 2001 … a desa.
VILLAGE_KIND = "village_kind"
_KINDS = {"1": "kelurahan", "2": "desa"}


@dataclass(frozen=True)
class Matter:
    """What of a draft decides whose job it is. `text` is description and place in the person's words."""

    issue: str
    report_class: ReportClass
    oversight: bool
    place: Place
    attributes: Mapping[str, str]
    text: str = ""
    objection: str | None = None


@dataclass(frozen=True)
class Assigned:
    """Whose job, until when, and the one question that could change it. `attributes` include what the text told; `role` is the
    office whose job it is even where a desk forwards it; `oversight` is true as soon as the words accuse an office."""

    assignment: Assignment
    due: DuePromise
    question: Clarification | None
    attributes: Mapping[str, str]
    desk: str
    role: str
    oversight: bool


def assign_draft(matter: Matter, reference: Reference, home: str, on: date) -> Assigned:
    """Decide for a matter told on that day at the desk of `home`. Always names an office."""
    inquiry = inquiry_about(matter, reference, home, on)
    decision = decide(inquiry, reference.policy, on)
    if matter.objection:
        decision = believed(decision, matter.objection, inquiry, reference.policy, on)
    return _assigned(decision, matter, inquiry, reference, on)


def inquiry_about(matter: Matter, reference: Reference, home: str, on: date) -> Inquiry:
    """The matter as the policy wants it asked. What the words accuse is believed even when nobody set the flag: no office reads
    a complaint about itself."""
    place, text = matter.place, f"{matter.text}\n{matter.place.text}"
    spot = place.district_code or place.regency_code
    return Inquiry(
        issue=reference.issue(matter.issue),
        area=place.regency_code,
        home=home,
        attributes={**_village_kind(place), **matter.attributes},
        text=text,
        oversight=matter.oversight or reference.policy.signs.alleges(text, spot or home, on),
        report_class=matter.report_class,
        spot=spot,
    )


def _village_kind(place: Place) -> dict[str, str]:
    kind = _KINDS.get(place.village_code[9]) if place.village_code else None
    return {VILLAGE_KIND: kind} if kind else {}


def _assigned(
    decision: Decision, matter: Matter, inquiry: Inquiry, reference: Reference, on: date
) -> Assigned:
    desk = inquiry.area if inquiry.area and inquiry.area in reference.regencies else inquiry.home
    oversight = inquiry.oversight or inquiry.issue.is_oversight
    due = promise(
        reference.limits, Question(matter.report_class, oversight, desk), on, reference.calendar(desk)
    )
    return Assigned(
        decision.assignment,
        due,
        decision.question,
        decision.attributes,
        desk,
        decision.role,
        oversight,
    )
