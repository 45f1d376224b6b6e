"""What leaves as a file: the ledger of exports, and the cases of a period in pages, in the scope of whoever takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from backend.cases.case import Case
from backend.persistence.register import SqlCases
from backend.persistence.tables import case_figures, cases, exports
from backend.persistence.transaction import Transaction


@dataclass(frozen=True)
class Export:
    """One line of the ledger: who took what of which days and why; `n_done` of `n_total` rows are sent. `status` is asked, sending, done
    or broken."""

    id: str
    officer_id: str
    desk: str
    kind: str
    format: str
    first: date
    last: date
    reason: str
    status: str
    n_total: int
    n_done: int
    made_at: datetime
    ended_at: datetime | None = None


class SqlExports:
    """The ledger; only the app's login reaches it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, export: Export) -> None:
        values = {name: getattr(export, name) for name in Export.__dataclass_fields__}
        await self._tx.connection.execute(sa.insert(exports).values(values))

    async def find(self, export_id: str, officer_id: str) -> Export | None:
        """Only for the officer who asked for it."""
        row = (
            await self._tx.connection.execute(
                sa.select(exports).where(exports.c.id == export_id, exports.c.officer_id == officer_id)
            )
        ).one_or_none()
        return Export(**row._mapping) if row else None

    async def latest(self, officer_id: str, limit: int = 10) -> tuple[Export, ...]:
        """Newest first."""
        rows = await self._tx.connection.execute(
            sa.select(exports)
            .where(exports.c.officer_id == officer_id)
            .order_by(exports.c.made_at.desc())
            .limit(limit)
        )
        return tuple(Export(**row._mapping) for row in rows)

    async def note(self, export_id: str, status: str, n_done: int, ended_at: datetime | None = None) -> None:
        """How far it has come."""
        await self._tx.connection.execute(
            sa.update(exports)
            .where(exports.c.id == export_id)
            .values(status=status, n_done=n_done, ended_at=ended_at)
        )


Place = tuple[datetime, str]


class SqlExportedCases:
    """Cases of a period by the moment of their filing, a page at a time: no page is kept, however many there are."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._cases = SqlCases(tx)

    async def count(self, desk: str, start: datetime, end: datetime) -> int:
        f = case_figures.c
        found = await self._tx.connection.scalar(
            sa.select(sa.func.count()).where(f.desk == desk, f.filed_at >= start, f.filed_at < end)
        )
        return int(found or 0)

    async def page(
        self, desk: str, start: datetime, end: datetime, after: Place | None, limit: int
    ) -> tuple[Case, ...]:
        """Those that follow `after` (the moment and the id of the last one before); none is the end."""
        f = case_figures.c
        wanted = sa.select(f.case_id).where(f.desk == desk, f.filed_at >= start, f.filed_at < end)
        if after is not None:
            # The first condition is what the index reads from.
            wanted = wanted.where(
                f.filed_at >= after[0], sa.tuple_(f.filed_at, f.case_id) > sa.tuple_(*after)
            )
        ids = list(await self._tx.connection.scalars(wanted.order_by(f.filed_at, f.case_id).limit(limit)))
        if not ids:
            return ()
        found = await self._cases.select(sa.select(cases).where(cases.c.id.in_(ids)))
        return tuple(sorted(found, key=lambda case: (case.filed_at, case.id)))
