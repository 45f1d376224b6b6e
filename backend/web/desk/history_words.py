"""What happened to a case, for the templates: who, when, and which state; and what happened since an officer looked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.cases.case import Case, Event
from backend.reference.loader import Reference


def people_of(events: Iterable[Event]) -> set[str]:
    """Positions that did something, and those in whose place they did it."""
    return {id for event in events for id in (event.by.id, event.by.on_behalf) if id}


def past(event: Event, titles: dict[str, str], reference: Reference, case: Case) -> dict[str, Any]:
    """One line of the history."""
    at = event.at.astimezone(reference.zone(case.desk).tzinfo)
    return {
        "what": event.what,
        "state": reference.states[event.new].at_desk if event.old is not event.new else None,
        "on": f"{reference.date_label(at.date())} {at:%H.%M}",
        "by": titles.get(event.by.id) or event.by.kind.value,
        "is_officer": bool(event.by.id),
        "on_behalf": titles.get(event.by.on_behalf, ""),
        "public_note": event.public_note,
        "private_note": event.private_note,
    }


def since(case: Case, version: int) -> tuple[Event, ...]:
    """What was done after the case stood in this version: each saving raises it by one and leaves at least one line.

    >>> from types import SimpleNamespace
    >>> since(SimpleNamespace(version=3, events=("filed", "take_up", "note")), 2)
    ('note',)
    """
    n = case.version - version
    return case.events[-n:] if 0 < n < len(case.events) else ()
