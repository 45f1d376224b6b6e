"""Positions as the pages show them: names instead of codes, and how urgent their decree is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from backend.persistence.officer_rows import Position
from backend.reference.loader import Reference

SOON = timedelta(days=30)


@dataclass(frozen=True)
class ShownPosition:
    """`state` is active, soon (the decree ends within 30 days), over, waits (nobody has set it up) or ended."""

    id: str
    title: str
    role: str
    office: str
    login: str
    holder: str
    sk_number: str
    sk_until: str
    state: str


def shown(position: Position, reference: Reference, today: date) -> ShownPosition:
    """One position in words."""
    officer, holder = position.officer, position.holder
    office = reference.agency_name(officer.agency, today) if officer.agency else officer.area or ""
    return ShownPosition(
        id=officer.id,
        title=officer.title,
        role=str(officer.role),
        office=office,
        login=position.login,
        holder=holder.name,
        sk_number=holder.sk_number,
        sk_until=reference.date_label(holder.sk_until),
        state=_state(position, today),
    )


def _state(position: Position, today: date) -> str:
    until = position.holder.sk_until
    if not position.active:
        return "ended"
    if until < today:
        return "over"
    if position.waits:
        return "waits"
    return "soon" if until - today <= SOON else "active"


def listed(positions: Iterable[Position], reference: Reference, today: date) -> list[ShownPosition]:
    """Many of them."""
    return [shown(one, reference, today) for one in positions]
