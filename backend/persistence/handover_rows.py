"""The ledger of LAPOR! in PostgreSQL: the ports `HandOvers` and `RepliesThere`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.cases.case import Case
from backend.cases.submission import NEVER_HANDED_ON, UNVERIFIED, HandOver, Progress, ReplyThere, Way
from backend.persistence.register import SqlCases
from backend.persistence.tables import case_history, cases, handovers_lapor, replies_lapor
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


class SqlRepliesThere:
    """`backend.usecases.ports.RepliesThere`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def write(self, line: ReplyThere) -> None:
        values = asdict(line)
        await self._tx.connection.execute(
            insert(replies_lapor)
            .values(values)
            .on_conflict_do_update(index_elements=["message_id"], set_=values)
        )

    async def of_case(self, case_id: str) -> tuple[ReplyThere, ...]:
        return await self._lines(sa.select(replies_lapor).where(replies_lapor.c.case_id == case_id))

    async def waiting(self, limit: int = 50) -> tuple[ReplyThere, ...]:
        return await self._lines(
            sa.select(replies_lapor)
            .join(cases, cases.c.id == replies_lapor.c.case_id)
            .where(replies_lapor.c.told_at.is_(None), cases.c.lapor_tracking_id.is_not(None))
            .limit(limit)
        )

    async def _lines(self, query: sa.Select[Any]) -> tuple[ReplyThere, ...]:
        ordered = query.order_by(replies_lapor.c.marked_at, replies_lapor.c.message_id)
        return tuple(_reply(row) for row in await self._tx.connection.execute(ordered))

    async def begin(self, now: datetime, until: datetime) -> ReplyThere | None:
        r, earlier = replies_lapor.c, replies_lapor.alias("earlier")
        before = sa.tuple_(earlier.c.marked_at, earlier.c.message_id) < sa.tuple_(r.marked_at, r.message_id)
        untold = sa.exists().where(
            earlier.c.case_id == r.case_id, earlier.c.told_at.is_(None), ~earlier.c.refused, before
        )
        next_one = (
            sa.select(r.message_id)
            .join(cases, cases.c.id == r.case_id)
            .where(
                r.told_at.is_(None),
                ~r.refused,
                sa.func.coalesce(r.tried_until, now) <= now,
                cases.c.lapor_tracking_id.is_not(None),
                ~_restricted(),
                ~untold,
            )
            .order_by(r.marked_at, r.message_id)
            .limit(1)
            .with_for_update(of=replies_lapor, skip_locked=True)
        )
        row = (
            await self._tx.connection.execute(
                sa.update(replies_lapor)
                .where(r.message_id == next_one.scalar_subquery())
                .values(attempts=r.attempts + 1, tried_until=until)
                .returning(replies_lapor)
            )
        ).one_or_none()
        return None if row is None else _reply(row)


def _due(way: Way) -> tuple[sa.ColumnElement[bool], ...]:
    """As `backend.cases.submission.is_due` says."""
    closed = NEVER_HANDED_ON if way is Way.MANUAL else NEVER_HANDED_ON | UNVERIFIED
    states = [str(state) for state in closed]
    due = cases.c.lapor_tracking_id.is_(None), cases.c.state.not_in(states), cases.c.sealed.is_not(None)
    return due if way is Way.MANUAL else (*due, ~_restricted())


def _restricted() -> sa.ColumnElement[bool]:
    """As `Case.is_restricted` says."""
    return sa.exists().where(case_history.c.case_id == cases.c.id, case_history.c.what == "restricted")


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


def _reply(row: sa.Row[Any]) -> ReplyThere:
    return ReplyThere(**{name: row._mapping[name] for name in ReplyThere.__dataclass_fields__})
