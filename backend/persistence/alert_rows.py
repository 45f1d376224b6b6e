"""Alerts in PostgreSQL, and the cases that time may have something to say about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.cases.workflow import State
from backend.persistence.tables import case_alerts, cases
from backend.persistence.transaction import Transaction

PAGE = 500


@dataclass(frozen=True)
class Promised:
    """What the clock needs of a case; nothing is decrypted for it."""

    id: str
    desk: str
    filed_at: datetime
    due_on: date


@dataclass(frozen=True)
class Alerted:
    """One line of an officer's digest."""

    number: str
    issue: str
    state: str
    agency: str
    place_label: str | None
    filed_at: datetime
    due_on: date
    kinds: tuple[str, ...]
    at: datetime


class SqlAlerts:
    """`backend.usecases.watch_deadlines.Alerts`, and reads in the caller's scope."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, case_id: str, kind: str, due_on: date, at: datetime) -> bool:
        """Whether it is new: of two processes one is told so."""
        row = {"case_id": case_id, "kind": kind, "due_on": due_on, "at": at}
        added = await self._tx.connection.scalar(
            insert(case_alerts).values(row).on_conflict_do_nothing().returning(case_alerts.c.kind)
        )
        return added is not None

    async def raised_at(self, case_id: str, kind: str, due_on: date) -> datetime | None:
        found: datetime | None = await self._tx.connection.scalar(
            sa.select(case_alerts.c.at).where(
                case_alerts.c.case_id == case_id,
                case_alerts.c.kind == kind,
                case_alerts.c.due_on == due_on,
            )
        )
        return found

    async def promised(
        self, states: Collection[State], until: date, after: tuple[date, str] | None, limit: int = PAGE
    ) -> tuple[Promised, ...]:
        """Cases in these states whose promise ends until then, by due date and id, those after this key."""
        names = Promised.__dataclass_fields__
        query = sa.select(*[cases.c[name] for name in names]).where(
            cases.c.state.in_([str(state) for state in states]), cases.c.due_on <= until
        )
        if after is not None:
            query = query.where(sa.tuple_(cases.c.due_on, cases.c.id) > sa.tuple_(*after))
        rows = await self._tx.connection.execute(query.order_by(cases.c.due_on, cases.c.id).limit(limit))
        return tuple(Promised(**row._mapping) for row in rows)

    async def digest(
        self, kinds: Collection[str], states: Collection[State], limit: int = 200
    ) -> tuple[Alerted, ...]:
        """Cases in these states about which one of these was raised for the promise that holds now, most urgent first."""
        c, a = cases.c, case_alerts.c
        raised = sa.func.array_agg(a.kind).label("kinds")
        shown = (c.number, c.issue, c.state, c.agency, c.place_label, c.filed_at, c.due_on)
        rows = await self._tx.connection.execute(
            sa.select(*shown, raised, sa.func.max(a.at).label("at"))
            .join(case_alerts, (a.case_id == c.id) & (a.due_on == c.due_on))
            .where(a.kind.in_(list(kinds)), c.state.in_([str(state) for state in states]))
            .group_by(c.id, *shown)
            .order_by(c.due_on, c.id)
            .limit(limit)
        )
        return tuple(Alerted(**{**row._mapping, "kinds": tuple(row.kinds)}) for row in rows)

    async def fresh(self, states: Collection[State], since: datetime, limit: int = 50) -> tuple[Alerted, ...]:
        """Cases in these states that were filed since then, newest first; nothing was raised about them that counts here."""
        c = cases.c
        shown = (c.number, c.issue, c.state, c.agency, c.place_label, c.filed_at, c.due_on)
        rows = await self._tx.connection.execute(
            sa.select(*shown)
            .where(c.state.in_([str(state) for state in states]), c.filed_at >= since)
            .order_by(c.filed_at.desc(), c.id)
            .limit(limit)
        )
        return tuple(Alerted(**row._mapping, kinds=(), at=row.filed_at) for row in rows)
