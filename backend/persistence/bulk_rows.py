"""Orders for many cases, step by step, for as long as they can be undone: the port `BulkSteps`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.cases.case import Assignment, Level
from backend.persistence.errors import KeyDestroyed
from backend.persistence.tables import bulk_steps, cases
from backend.persistence.transaction import Transaction
from backend.usecases.bulk_port import BulkStep


class SqlBulk:
    """Sees and writes the steps of the scope's own officer only."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, step: BulkStep) -> None:
        """Of an officer's older orders, those that can no longer be undone are gone with it."""
        await self._tx.connection.execute(sa.delete(bulk_steps).where(bulk_steps.c.until < step.at))
        sealer = await self._tx.case_key(step.case_id)
        office = asdict(step.before) if step.before else None
        before = sealer.seal_json(office, f"bulk:{step.order_id}:{step.case_id}") if office else None
        names = ("order_id", "case_id", "officer", "move", "at", "until", "version", "left_out")
        row = {name: getattr(step, name) for name in names}
        await self._tx.connection.execute(sa.insert(bulk_steps).values(**row, before=before))

    async def of_order(self, order_id: str) -> tuple[BulkStep, ...]:
        """By the number of the case."""
        rows = await self._tx.connection.execute(
            sa.select(bulk_steps, cases.c.number)
            .join(cases, cases.c.id == bulk_steps.c.case_id)
            .where(bulk_steps.c.order_id == order_id)
            .order_by(cases.c.number)
        )
        return tuple([await self._step(row) for row in rows])

    async def latest(self, now: datetime) -> str | None:
        """The officer's last order that can still be undone and has something to undo."""
        found: str | None = await self._tx.connection.scalar(
            sa.select(bulk_steps.c.order_id)
            .where(
                bulk_steps.c.until > now, bulk_steps.c.undone_at.is_(None), bulk_steps.c.left_out.is_(None)
            )
            .order_by(bulk_steps.c.at.desc())
            .limit(1)
        )
        return found

    async def undone(self, step: BulkStep, at: datetime) -> None:
        """The step is taken back."""
        await self._tx.connection.execute(
            sa.update(bulk_steps)
            .where(bulk_steps.c.order_id == step.order_id, bulk_steps.c.case_id == step.case_id)
            .values(undone_at=at)
        )

    async def _step(self, row: sa.Row[Any]) -> BulkStep:
        names = ("order_id", "case_id", "officer", "move", "at", "until", "version", "left_out", "undone_at")
        return BulkStep(
            **{name: getattr(row, name) for name in names}, number=row.number, before=await self._before(row)
        )

    async def _before(self, row: sa.Row[Any]) -> Assignment | None:
        """None when the case was erased meanwhile."""
        if row.before is None:
            return None
        try:
            sealer = await self._tx.case_key(row.case_id)
        except KeyDestroyed:
            return None
        kept = sealer.open_json(row.before, f"bulk:{row.order_id}:{row.case_id}")
        return Assignment(**{**kept, "level": Level(kept["level"])})
