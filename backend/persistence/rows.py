"""Cases as rows and rows as cases: what is kept in the clear for searching, and what is sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row

from backend.cases.case import (
    Actor,
    Assignment,
    Case,
    DuePromise,
    Event,
    Happened,
    IdentityLevel,
    Level,
    Precision,
    ReportClass,
    Resolution,
)
from backend.cases.place import Place, PlaceSource
from backend.cases.workflow import Mover, State
from backend.persistence.sealing import Sealer, Vault

# Made once: every line of every history goes through it.
_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False)
NOT_CHAINED = frozenset({"previous", "link", "stored_at"})
BEHALF = "on_behalf"
CLEAR_PLACE = ("regency_code", "district_code", "village_code")
SEALED_PLACE = ("text", "landmark", "latitude", "longitude", "accuracy_m", "confidence")
AS_THEY_ARE = (
    *("id", "number", "draft_id", "desk", "issue", "filed_at", "oversight", "sensitive", "emergency"),
    *("channel", "language", "rating", "parent_id", "lapor_tracking_id"),
)


def case_row(case: Case, sealer: Sealer, vault: Vault) -> dict[str, Any]:
    """All columns that follow from the value; key, code and version are the caller's."""
    assignment, due, place = case.assignment, case.due, case.place
    return {
        **{name: getattr(case, name) for name in AS_THEY_ARE},
        **{name: getattr(place, name) for name in CLEAR_PLACE},
        "place_label": place.label,
        "report_class": str(case.report_class),
        "identity_level": str(case.identity_level),
        "state": str(case.state),
        "resolution": str(case.resolution) if case.resolution else None,
        "agency": assignment.agency,
        "level": str(assignment.level),
        "rule": assignment.rule,
        "oversight_lane": assignment.oversight_lane,
        "forward_to": assignment.forward_to,
        "due_on": due.on,
        "due_provisional": due.provisional,
        "sealed": sealer.seal_json(_sealed_part(case), f"cases.sealed:{case.id}"),
        "words": vault.words(f"{case.description} {place.text} {place.landmark or ''} {place.label or ''}"),
    }


def _sealed_part(case: Case) -> dict[str, Any]:
    """What people wrote, and what could lead to them. A sealed value tells its length, so it is one block."""
    happened = case.happened
    return {
        "description": case.description,
        "place": {
            **{name: getattr(case.place, name) for name in SEALED_PLACE},
            "source": str(case.place.source),
        },
        "happened": {
            "text": happened.text,
            "on": happened.on.isoformat() if happened.on else None,
            "precision": str(happened.precision),
        },
        "attributes": dict(case.attributes),
        "objection": case.objection,
        "reason": case.assignment.reason,
        "confidence": case.assignment.confidence,
        "legal_source": case.due.legal_source,
    }


def case_from(row: Row[Any], sealer: Sealer | None, events: tuple[Event, ...]) -> Case:
    """The case of a row; one that was erased (`sealer` None) has no words left."""
    sealed: Mapping[str, Any] = {}
    if sealer is not None and row.sealed is not None:
        sealed = sealer.open_json(row.sealed, f"cases.sealed:{row.id}")
    return Case(
        **{name: getattr(row, name) for name in AS_THEY_ARE},
        report_class=ReportClass(row.report_class),
        identity_level=IdentityLevel(row.identity_level),
        state=State(row.state),
        resolution=Resolution(row.resolution) if row.resolution else None,
        version=row.version,
        description=sealed.get("description", ""),
        place=_place(row, sealed.get("place", {})),
        happened=_happened(sealed.get("happened", {})),
        attributes=MappingProxyType(dict(sealed.get("attributes", {}))),
        objection=sealed.get("objection"),
        assignment=Assignment(
            level=Level(row.level),
            agency=row.agency,
            reason=sealed.get("reason", ""),
            rule=row.rule,
            confidence=sealed.get("confidence", 0.0),
            oversight_lane=row.oversight_lane,
            forward_to=row.forward_to,
        ),
        due=DuePromise(row.due_on, sealed.get("legal_source", ""), row.due_provisional),
        events=events,
    )


def _place(row: Row[Any], sealed: Mapping[str, Any]) -> Place:
    return Place(
        **{name: getattr(row, name) for name in CLEAR_PLACE},
        label=row.place_label,
        **{name: sealed[name] for name in SEALED_PLACE if name in sealed},
        source=PlaceSource(sealed.get("source", PlaceSource.UNKNOWN)),
    )


def _happened(sealed: Mapping[str, Any]) -> Happened:
    on = sealed.get("on")
    return Happened(
        text=sealed.get("text", ""),
        on=date.fromisoformat(on) if on else None,
        precision=Precision(sealed.get("precision", Precision.UNKNOWN)),
    )


def event_rows(
    case_id: str, events: Sequence[Event], sealer: Sealer, on_behalf: str = ""
) -> list[dict[str, Any]]:
    """Lines of a history, not yet chained; `on_behalf` is the absent position in whose place they are written."""
    return [
        {
            "case_id": case_id,
            "seq": event.seq,
            "what": event.what,
            "old_state": str(event.old) if event.old else None,
            "new_state": str(event.new),
            "at": event.at,
            "by_kind": str(event.by.kind),
            "by_id": event.by.id,
            "on_behalf": on_behalf or None,
            "notes": _notes(case_id, event, sealer),
        }
        for event in events
    ]


def _notes(case_id: str, event: Event, sealer: Sealer) -> bytes | None:
    if not event.public_note and not event.private_note:
        return None
    return sealer.seal_json([event.public_note, event.private_note], f"history:{case_id}:{event.seq}")


def event_from(row: Row[Any], sealer: Sealer | None) -> Event:
    public, private = "", ""
    if row.notes is not None and sealer is not None:
        public, private = sealer.open_json(row.notes, f"history:{row.case_id}:{row.seq}")
    return Event(
        seq=row.seq,
        what=row.what,
        old=State(row.old_state) if row.old_state else None,
        new=State(row.new_state),
        at=row.at,
        by=Actor(Mover(row.by_kind), row.by_id, row.on_behalf or ""),
        public_note=public,
        private_note=private,
    )


def chained(vault: Vault, previous: bytes, row: Mapping[str, Any]) -> bytes:
    """The link that closes a line of history or audit onto the line before it: any later edit breaks it. What a line does not have is not
    in the link, so that those from before the column still verify."""
    left_out = NOT_CHAINED if row.get(BEHALF) else NOT_CHAINED | {BEHALF}
    plain = {name: _plain(value) for name, value in sorted(row.items()) if name not in left_out}
    return vault.audit(previous, _JSON.encode(plain).encode())


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if hasattr(value, "astimezone"):
        return value.astimezone(UTC).isoformat()
    return value
