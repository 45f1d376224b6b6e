"""What the engine's actions may ask: six questions, each answered with the data of `docs/architecture.md`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.cases.case import ReportClass
from backend.cases.errors import DraftInvalid
from backend.cases.routing import Clarification
from backend.usecases.assign_draft import Matter, assign_draft
from backend.usecases.drafts import place_data, read_attributes, read_happened, read_place
from backend.usecases.find_similar import Sought, find_similar
from backend.usecases.find_status import find_status
from backend.usecases.list_my_reports import list_my_reports
from backend.usecases.ports import Asker, UnitOfWork
from backend.usecases.services import Services

Answer = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A question in its conversation. The unit of work is the caller's, who also commits: a failed look-up must be counted."""

    data: Mapping[str, Any]
    conversation: str
    now: datetime
    uow: UnitOfWork
    services: Services


class UnknownQuestion(LookupError):
    """There is no such question."""


async def answer(
    name: str, data: Mapping[str, Any], conversation: str, now: datetime, uow: UnitOfWork, services: Services
) -> Answer:
    """The answer to one question; raises `UnknownQuestion`, or `DraftInvalid` for malformed data."""
    handler = _HANDLERS.get(name)
    if handler is None:
        raise UnknownQuestion(name)
    return await handler(Asked(data, conversation, now, uow, services))


async def _place(asked: Asked) -> Answer:
    data, finder = asked.data, asked.services.places
    home = _maybe_text(data, "home") or asked.services.home
    point = read_place({name: data.get(name) for name in ("latitude", "longitude", "accuracy_m")})
    if point.latitude is not None and point.longitude is not None:
        found = finder.by_point(point.latitude, point.longitude, point.accuracy_m, home)
    else:
        found = finder.by_text(_maybe_text(data, "text"), home)
    return {
        "status": found.status,
        "place": place_data(found.place) if found.place else None,
        "choices": [{"label": one.label or one.text, "place": place_data(one)} for one in found.choices],
    }


async def _assignment(asked: Asked) -> Answer:
    data, reference = asked.data, asked.services.reference
    matter = Matter(
        issue=_maybe_text(data, "issue"),
        report_class=_report_class(data),
        oversight=data.get("oversight") is True,
        place=read_place(_table(data, "place")),
        attributes=read_attributes(data.get("attributes") or {}),
        text=_maybe_text(data, "text"),
        objection=_maybe_text(data, "objection") or None,
    )
    on = reference.today(asked.now, asked.services.home)
    assigned = assign_draft(matter, reference, asked.services.home, on)
    decided = assigned.assignment
    return {
        "level": decided.level.value,
        "level_label": reference.level_label(decided.level),
        "agency": decided.agency,
        "agency_name": reference.agency_name(decided.agency, on),
        "reason": decided.reason,
        "rule": decided.rule,
        "confidence": decided.confidence,
        "due_on": assigned.due.on.isoformat(),
        "due_label": reference.date_label(assigned.due.on),
        "question": _question(assigned.question),
    }


def _question(question: Clarification | None) -> Answer | None:
    if question is None:
        return None
    options = [{"value": option.value, "label": option.label} for option in question.options]
    return {"attribute": question.attribute, "ask": question.ask, "options": options}


async def _status(asked: Asked) -> Answer:
    asker = Asker(asked.conversation, asked.conversation)
    code, case_ref = asked.data.get("code"), asked.data.get("case_ref")
    status = await find_status(
        asker,
        None if code is None else str(code),
        None if case_ref is None else str(case_ref),
        asked.uow,
        asked.services,
        asked.now,
    )
    return {"outcome": status.outcome, "wait_s": status.wait_s, "case": status.case}


async def _my_reports(asked: Asked) -> Answer:
    return {"cases": await list_my_reports(asked.conversation, asked.uow, asked.services, asked.now)}


async def _similar(asked: Asked) -> Answer:
    data = asked.data
    sought = Sought(
        issue=_maybe_text(data, "issue"),
        place=read_place(_table(data, "place")),
        happened=read_happened(_table(data, "happened")),
        text=_maybe_text(data, "text"),
    )
    return {"cases": await find_similar(sought, asked.conversation, asked.uow, asked.services, asked.now)}


async def _facts(asked: Asked) -> Answer:
    area = _maybe_text(asked.data, "regency_code") or asked.services.home
    facts = asked.services.reference.facts(_maybe_text(asked.data, "topic"), area)
    sources = dict.fromkeys(fact.source for fact in facts.values())
    return {"facts": {name: fact.value for name, fact in facts.items()}, "source": "; ".join(sources)}


def _table(data: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = data.get(field) or {}
    if not isinstance(value, Mapping):
        raise DraftInvalid(field, "is no table")
    return value


def _maybe_text(data: Mapping[str, Any], field: str) -> str:
    value = data.get(field)
    if value is not None and not isinstance(value, str):
        raise DraftInvalid(field, "is no text")
    return value or ""


def _report_class(data: Mapping[str, Any]) -> ReportClass:
    value = data.get("report_class") or ReportClass.COMPLAINT
    if value not in {one.value for one in ReportClass}:
        raise DraftInvalid("report_class", f"is none of {', '.join(ReportClass)}")
    return ReportClass(value)


_HANDLERS: dict[str, Callable[[Asked], Awaitable[Answer]]] = {
    "place": _place,
    "assignment": _assignment,
    "status": _status,
    "my_reports": _my_reports,
    "similar": _similar,
    "facts": _facts,
}
NAMES = frozenset(_HANDLERS)
