"""Alerts in PostgreSQL, and the cases that time may have something to say about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.cases.workflow import State
from backend.persistence.case_lines import LINE, CaseLine
from backend.persistence.desk_scope import DeskScope
from backend.persistence.in_order import first_in_order
from backend.persistence.tables import case_alerts, case_history, cases
from backend.persistence.transaction import Transaction
from backend.usecases.watch_deadlines import REMINDED

PAGE = 500


@dataclass(frozen=True)
class Promised:
    """What the clock needs of a case; nothing is decrypted for it."""

    id: str
    desk: str
    filed_at: datetime
    due_on: date


@dataclass(frozen=True)
class Standing(Promised):
    """And since when it stands in its state."""

    state: str
    report_class: str
    oversight: bool
    since: datetime


@dataclass(frozen=True)
class Alerted(CaseLine):
    """One line of an officer's digest."""

    kinds: tuple[str, ...]
    at: datetime


def _moved_at() -> sa.ScalarSelect[datetime]:
    """When a case came into the state that it stands in."""
    h = case_history.c
    moved = (h.case_id == cases.c.id) & h.old_state.is_distinct_from(h.new_state)
    # Said aloud: within an `EXISTS` it would be the last move of all cases.
    return sa.select(sa.func.max(h.at)).where(moved).correlate(cases).scalar_subquery()


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
        self,
        states: Collection[State],
        until: date,
        after: tuple[date, str] | None,
        limit: int = PAGE,
        *,
        unless: Collection[str] = (),
    ) -> tuple[Promised, ...]:
        """Cases in these states whose promise ends until then, by due date and id, those after this key; without those about which
        everything of `unless` was raised."""
        c, a = cases.c, case_alerts.c
        conditions = [c.state.in_([str(state) for state in states]), c.due_on <= until]
        if unless:
            about = (a.case_id == c.id) & (a.due_on == c.due_on) & a.kind.in_(list(unless))
            n_raised = sa.select(sa.func.count()).select_from(case_alerts).where(about).scalar_subquery()
            conditions.append(n_raised < len(unless))
        return await self._promised(conditions, after, limit)

    async def silent(
        self,
        states: Collection[State],
        since: datetime,
        today: date,
        after: tuple[date, str] | None,
        limit: int = PAGE,
    ) -> tuple[Promised, ...]:
        """Cases that stand in these states since then or longer, and whose reporters were not reminded, or in vain until before today."""
        c, a, last = cases.c, case_alerts.c, _moved_at()
        still_runs = sa.exists().where(a.case_id == c.id, a.kind == REMINDED, a.due_on >= today)
        conditions = [c.state.in_([str(state) for state in states]), last <= since, ~still_runs]
        return await self._promised(conditions, after, limit)

    async def standing(
        self,
        states: Collection[State],
        since: datetime,
        codes: Collection[str],
        after: tuple[date, str] | None,
        limit: int = PAGE,
    ) -> tuple[Standing, ...]:
        """Cases that stand in these states since then or longer, and about which none of `codes` was raised since they came there."""
        c, a, last = cases.c, case_alerts.c, _moved_at()
        raised = sa.exists().where(a.case_id == c.id, a.kind.in_(list(codes)), a.at >= last)
        shown = (c.id, c.desk, c.filed_at, c.due_on, c.state, c.report_class, c.oversight)
        query = sa.select(*shown, last.label("since")).where(
            c.state.in_([str(state) for state in states]), last <= since, ~raised
        )
        if after is not None:
            query = query.where(sa.tuple_(c.due_on, c.id) > sa.tuple_(*after))
        rows = await self._tx.connection.execute(query.order_by(c.due_on, c.id).limit(limit))
        return tuple(Standing(**row._mapping) for row in rows)

    async def _promised(
        self, conditions: list[sa.ColumnElement[bool]], after: tuple[date, str] | None, limit: int
    ) -> tuple[Promised, ...]:
        names = Promised.__dataclass_fields__
        query = sa.select(*[cases.c[name] for name in names]).where(*conditions)
        if after is not None:
            query = query.where(sa.tuple_(cases.c.due_on, cases.c.id) > sa.tuple_(*after))
        rows = await self._tx.connection.execute(query.order_by(cases.c.due_on, cases.c.id).limit(limit))
        return tuple(Promised(**row._mapping) for row in rows)

    async def digest(
        self,
        kinds: Collection[str],
        states: Collection[State],
        scope: DeskScope,
        limit: int = 200,
        *,
        of_steps: Mapping[str, Collection[State]] = MappingProxyType({}),
    ) -> tuple[Alerted, ...]:
        """Cases in these states about which one of these was raised for the promise that holds now, or (`of_steps`: stage → states in which
        its step runs) for the step they stand at, most urgent first. They are met in the order of the list, so that the first page
        costs no more when there are many behind it."""
        c, a = cases.c, case_alerts.c
        of_promise = (a.due_on == c.due_on) & a.kind.in_(list(kinds))
        of_step = {code: (a.kind == code) & (a.at >= _moved_at()) for code in of_steps}
        stands = {code: c.state.in_([str(state) for state in there]) for code, there in of_steps.items()}
        # The state is looked at before the alerts: most cases do not stand at such a step.
        raised_about = [
            stands[code] & sa.exists().where(a.case_id == c.id, of_step[code]) for code in of_steps
        ]
        is_raised = sa.or_(sa.exists().where(a.case_id == c.id, of_promise), *raised_about)
        about = (a.case_id == c.id) & sa.or_(of_promise, *[stands[code] & of_step[code] for code in of_steps])
        key = (c.due_on, c.id)
        first = first_in_order([is_raised], [str(state) for state in states], key, limit, scope)
        raised = sa.func.array_agg(a.kind).label("kinds")
        rows = await self._tx.connection.execute(
            sa.select(*LINE, raised, sa.func.max(a.at).label("at"))
            .join(first, first.c.id == c.id)
            .join(case_alerts, about)
            .group_by(c.id, *LINE)
            .order_by(*key)
        )
        return tuple(Alerted(**{**row._mapping, "kinds": tuple(row.kinds)}) for row in rows)

    async def emergencies(self, states: Collection[State], limit: int = 50) -> tuple[Alerted, ...]:
        """Cases in these states in which somebody is in danger, newest first, whenever they are due."""
        c = cases.c
        return await self._lines([c.emergency, c.state.in_([str(state) for state in states])], limit)

    async def fresh(self, states: Collection[State], since: datetime, limit: int = 50) -> tuple[Alerted, ...]:
        """Cases in these states that were filed since then, newest first; nothing was raised about them that counts here."""
        c = cases.c
        return await self._lines([c.state.in_([str(state) for state in states]), c.filed_at >= since], limit)

    async def _lines(self, conditions: list[sa.ColumnElement[bool]], limit: int) -> tuple[Alerted, ...]:
        c = cases.c
        rows = await self._tx.connection.execute(
            sa.select(*LINE).where(*conditions).order_by(c.filed_at.desc(), c.id).limit(limit)
        )
        return tuple(Alerted(**row._mapping, kinds=(), at=row.filed_at) for row in rows)
