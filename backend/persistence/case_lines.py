"""A case as one line of the day's page; nothing is decrypted for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from backend.persistence.tables import cases


@dataclass(frozen=True)
class CaseLine:
    """What every such line shows."""

    number: str
    issue: str
    state: str
    agency: str
    place_label: str | None
    filed_at: datetime
    due_on: date


LINE = tuple(cases.c[name] for name in CaseLine.__dataclass_fields__)
