"""Whether news of a case have reached whoever reported it: beside the figures of the case, without address and without words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.persistence.case_lines import LINE, CaseLine
from backend.persistence.tables import case_figures, cases
from backend.persistence.transaction import Transaction


@dataclass(frozen=True)
class NotTold(CaseLine):
    """A case whose last news did not arrive: `code` says why, as the channel named it."""

    code: str
    since: datetime


class SqlNews:
    """Written by the sender of the outbox, read in the caller's scope."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def arrived(self, body: Any, at: datetime) -> None:
        """Whoever reported the case of a notice has heard of it, as far as a channel can know."""
        await self._set(body, informed_at=at, not_told=None, not_told_at=None)

    async def failed(self, body: Any, code: str, at: datetime) -> None:
        """It was given up, or came back from the provider."""
        await self._set(body, informed_at=None, not_told=code, not_told_at=at)

    async def of_case(self, case_id: str) -> tuple[datetime | None, str | None]:
        """When news last arrived, and why the last ones did not."""
        f = case_figures.c
        row = (
            await self._tx.connection.execute(
                sa.select(f.informed_at, f.not_told).where(f.case_id == case_id)
            )
        ).one_or_none()
        return (row.informed_at, row.not_told) if row else (None, None)

    async def not_told(self, limit: int = 50) -> tuple[NotTold, ...]:
        """Cases in view whose last news did not arrive, newest first."""
        c, f = cases.c, case_figures.c
        rows = await self._tx.connection.execute(
            sa.select(*LINE, f.not_told.label("code"), f.not_told_at.label("since"))
            .join(case_figures, f.case_id == c.id)
            .where(f.not_told.is_not(None))
            .order_by(f.not_told_at.desc(), c.id)
            .limit(limit)
        )
        return tuple(NotTold(**row._mapping) for row in rows)

    async def _set(self, body: Any, **values: Any) -> None:
        case_id = body.get("case") if isinstance(body, dict) else None
        if case_id is not None:
            await self._tx.connection.execute(
                sa.update(case_figures).where(case_figures.c.case_id == case_id).values(**values)
            )
