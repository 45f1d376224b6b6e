"""The ledger of LAPOR! in PostgreSQL: the port `HandOvers`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.cases.case import Case
from backend.cases.submission import NEVER_HANDED_ON, UNVERIFIED, HandOver, Progress, Way
from backend.persistence.register import SqlCases
from backend.persistence.tables import case_history, cases, handovers_lapor
from backend.persistence.transaction import Transaction


class SqlHandOvers:
    """`backend.usecases.ports.HandOvers`. An erased case is not handed on: there is nothing left of it to hand on."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of_case(self, case_id: str) -> HandOver | None:
        row = (
            await self._tx.connection.execute(
                sa.select(handovers_lapor).where(handovers_lapor.c.case_id == case_id)
            )
        ).one_or_none()
        return None if row is None else _line(row)

    async def write(self, line: HandOver) -> None:
        values = _values(line)
        await self._tx.connection.execute(
            insert(handovers_lapor)
            .values(values)
            .on_conflict_do_update(index_elements=["case_id"], set_=values)
        )

    async def begin(self, line: HandOver, now: datetime) -> HandOver | None:
        """One statement: of two that claim at once the database lets one through."""
        values = {**_values(line), "attempts": 1}
        free = sa.and_(
            handovers_lapor.c.progress.in_([Progress.SENDING, Progress.WAITING]),
            sa.func.coalesce(handovers_lapor.c.tried_until, now) <= now,
        )
        row = (
            await self._tx.connection.execute(
                insert(handovers_lapor)
                .values(values)
                .on_conflict_do_update(
                    index_elements=["case_id"],
                    set_={
                        "way": line.way,
                        "progress": line.progress,
                        "by": line.by,
                        "tried_until": line.tried_until,
                        "attempts": handovers_lapor.c.attempts + 1,
                    },
                    where=free,
                )
                .returning(handovers_lapor)
            )
        ).one_or_none()
        return None if row is None else _line(row)

    async def never(self, way: Way, limit: int = 50, after: str = "") -> tuple[Case, ...]:
        return await SqlCases(self._tx).select(
            sa.select(cases).where(*_due(way), cases.c.id > after).order_by(cases.c.id).limit(limit)
        )

    async def ready(self, now: datetime, limit: int = 20) -> tuple[str, ...]:
        held = sa.exists().where(
            handovers_lapor.c.case_id == cases.c.id,
            sa.or_(
                handovers_lapor.c.progress.in_([Progress.REFUSED, Progress.HANDED_ON]),
                handovers_lapor.c.tried_until > now,
            ),
        )
        return tuple(
            await self._tx.connection.scalars(
                sa.select(cases.c.id)
                .where(*_due(Way.API), ~held)
                .order_by(cases.c.filed_at, cases.c.id)
                .limit(limit)
            )
        )

    async def ledger(
        self, limit: int = 50, before: tuple[datetime, str] | None = None
    ) -> tuple[tuple[str, HandOver], ...]:
        h = handovers_lapor.c
        query = sa.select(cases.c.number, handovers_lapor).join(cases, cases.c.id == h.case_id)
        if before is not None:
            query = query.where(sa.tuple_(h.begun_at, h.case_id) < sa.tuple_(*before))
        query = query.order_by(h.begun_at.desc(), h.case_id.desc()).limit(limit)
        rows = await self._tx.connection.execute(query)
        return tuple((row.number, _line(row)) for row in rows)

    async def handed_on(self, asked_before: datetime, limit: int = 20) -> tuple[HandOver, ...]:
        rows = await self._tx.connection.execute(
            sa.select(handovers_lapor)
            .where(
                handovers_lapor.c.progress == Progress.HANDED_ON, handovers_lapor.c.state_at < asked_before
            )
            .order_by(handovers_lapor.c.state_at, handovers_lapor.c.case_id)
            .limit(limit)
        )
        return tuple(_line(row) for row in rows)


def _due(way: Way) -> tuple[sa.ColumnElement[bool], ...]:
    """As `backend.cases.submission.is_due` says."""
    closed = NEVER_HANDED_ON if way is Way.MANUAL else NEVER_HANDED_ON | UNVERIFIED
    states = [str(state) for state in closed]
    due = cases.c.lapor_tracking_id.is_(None), cases.c.state.not_in(states), cases.c.sealed.is_not(None)
    restricted = sa.exists().where(case_history.c.case_id == cases.c.id, case_history.c.what == "restricted")
    return due if way is Way.MANUAL else (*due, ~restricted)


def _values(line: HandOver) -> dict[str, Any]:
    return {**asdict(line), "differences": list(line.differences)}


def _line(row: sa.Row[Any]) -> HandOver:
    values = {name: row._mapping[name] for name in HandOver.__dataclass_fields__}
    return HandOver(
        **{
            **values,
            "way": Way(row.way),
            "progress": Progress(row.progress),
            "differences": tuple(row.differences),
        }
    )
