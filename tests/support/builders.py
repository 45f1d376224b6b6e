"""Cases and drafts for tests: one call each, every field can be overridden. All persons, places and words are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from backend.cases.case import (
    REPORTER,
    Actor,
    Assignment,
    Case,
    DuePromise,
    Event,
    IdentityLevel,
    Level,
    ReportClass,
    first_event,
    time_kept,
)
from backend.cases.place import Place, PlaceSource
from backend.cases.workflow import MOVES, State

WITA = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 9, 12, 34, tzinfo=WITA)
SANGATTA = Place(
    text="depan pasar lama sangatta utara",
    landmark="depan pasar lama",
    regency_code="64.08",
    district_code="64.08.04",
    label="Kec. Sangatta Utara, Kab. Kutai Timur",
    source=PlaceSource.TEXT,
    confidence=0.93,
)


def a_case(n: int = 1, *, at: datetime = NOW, **changes: Any) -> Case:
    """The n-th case: ids differ by n, everything else is alike unless overridden."""
    level = changes.get("identity_level", IdentityLevel.OPEN)
    filed_at = time_kept(at, level)
    case = Case(
        id=f"{n:032x}",
        number=f"TEST-{n:04d}",
        draft_id=f"{n + 0xD000:032x}",
        desk="64.08",
        report_class=ReportClass.COMPLAINT,
        issue="lampu_jalan",
        identity_level=level,
        description="lampu depan pasar lama mati tiga malam",
        place=SANGATTA,
        assignment=Assignment(
            Level.REGENCY, "dishub-64.08", "Lampu jalan: Dinas Perhubungan.", "default_lampu_jalan", 0.8
        ),
        due=DuePromise(date(2026, 12, 11), "tes"),
        filed_at=filed_at,
        state=first_event(filed_at).new,
        events=(first_event(filed_at, REPORTER),),
    )
    case = replace(case, **changes)
    return case if "events" in changes else replace(case, events=_history_of(case))


def _history_of(case: Case) -> tuple[Event, ...]:
    """The shortest history that ends where the case stands: the database takes no case without its moves."""
    ways = {State.RECEIVED: case.events[:1]}
    walked = [State.RECEIVED]
    for state in walked:
        for move in (one for one in MOVES if one.old is state and one.new not in ways):
            seq, by = len(ways[state]) + 1, Actor(sorted(move.by)[0])
            event = Event(seq, move.name, move.old, move.new, case.filed_at, by, "alasan uji")
            ways[move.new] = (*ways[state], event)
            walked.append(move.new)
    return ways[case.state]


def digest(n: int = 1) -> bytes:
    """Stands for the HMAC of the n-th case's code."""
    return n.to_bytes(32, "big")


def draft_data(n: int = 1, **changes: Any) -> dict[str, Any]:
    """A draft as the engine sends it."""
    return {
        "draft_id": f"{n:032x}",
        "report_class": "complaint",
        "issue": "lampu_jalan",
        "issue_ranking": [{"code": "lampu_jalan", "confidence": 0.91}],
        "description": "lampu jalan depan pasar lama mati, gelap sekali",
        "oversight": False,
        "emergency": False,
        "sensitive": False,
        "place": {
            "text": "depan pasar lama sangatta utara",
            "landmark": "depan pasar lama",
            "regency_code": "64.08",
            "district_code": "64.08.04",
            "village_code": None,
            "label": "Kec. Sangatta Utara, Kab. Kutai Timur",
            "latitude": None,
            "longitude": None,
            "accuracy_m": None,
            "source": "text",
            "confidence": 0.93,
        },
        "happened": {"text": "sudah seminggu", "on": "2026-11-16", "precision": "week"},
        "attributes": {},
        "objection": None,
        "identity_level": "open",
        "attachments": [],
        "language": "id",
        **changes,
    }


def later(**delta: float) -> datetime:
    """`NOW` and so much more."""
    return NOW + timedelta(**delta)


def utc(at: datetime) -> datetime:
    """The same moment in UTC, as a database gives it back."""
    return at.astimezone(UTC)
