"""How many cases were filed and how fast they were answered, counted in the database; no case leaves it. What was told to everybody is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.persistence.tables import case_figures, cases, published_figures
from backend.persistence.transaction import Transaction


@dataclass(frozen=True)
class Count:
    """`n` cases of one issue and district that were answered after so many days (None: not yet) and are `done` or not; `hidden` ones are
    not listed one by one anywhere."""

    issue: str
    district_code: str | None
    days: int | None
    done: bool
    rating: int | None
    hidden: bool
    n: int


@dataclass(frozen=True)
class Published:
    """Figures as they were told, and when they were counted."""

    body: dict[str, Any]
    counted_at: datetime


class SqlFigures:
    """Counts of one desk."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def counts(self, desk: str, start: datetime, end: datetime) -> tuple[Count, ...]:
        """Of the cases filed from `start` until before `end`. Erased cases count: their number harms nobody."""
        f = case_figures.c
        columns = (
            f.issue,
            f.district_code,
            sa.cast(sa.func.floor(sa.extract("epoch", f.answered_at - f.filed_at) / 86400), sa.Integer).label(
                "days"
            ),
            f.closed_at.is_not(None).label("done"),
            f.rating,
            # An erased case is listed no more (`public_requests.py`).
            (f.sealed | cases.c.sealed.is_(None)).label("hidden"),
        )
        query = (
            sa.select(*columns, sa.func.count().label("n"))
            .join(cases, cases.c.id == f.case_id)
            .where(f.desk == desk, f.filed_at >= start, f.filed_at < end)
            .group_by(*columns)
        )
        return tuple(Count(**row._mapping) for row in await self._tx.connection.execute(query))

    async def published(self, desk: str, period: str) -> Published | None:
        """None when nothing was told of it yet."""
        p = published_figures.c
        row = (
            await self._tx.connection.execute(
                sa.select(p.body, p.counted_at).where(p.desk == desk, p.period == period)
            )
        ).one_or_none()
        return Published(row.body, row.counted_at) if row else None

    async def publish(self, desk: str, period: str, body: dict[str, Any], at: datetime) -> Published:
        """The first count stays, whichever host made it."""
        values = {"desk": desk, "period": period, "body": body, "counted_at": at}
        await self._tx.connection.execute(insert(published_figures).values(values).on_conflict_do_nothing())
        kept = await self.published(desk, period)
        if kept is None:
            raise LookupError(f"{desk} {period} was published and is not there")
        return kept
