"""Views of the work list that a position keeps, and those that its office shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.persistence.tables import saved_views
from backend.persistence.transaction import Transaction


@dataclass(frozen=True)
class SavedView:
    """`query` holds filters and order as an address carries them, without words of a search."""

    id: str
    officer: str
    name: str
    query: str
    shared: bool


class SqlSavedViews:
    """Reads and writes in the caller's scope: row-level security decides whose views there are."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def all(self) -> tuple[SavedView, ...]:
        """One's own and the office's, by name."""
        names = SavedView.__dataclass_fields__
        rows = await self._tx.connection.execute(
            sa.select(*[saved_views.c[name] for name in names]).order_by(saved_views.c.name, saved_views.c.id)
        )
        return tuple(SavedView(**row._mapping) for row in rows)

    async def add(self, view: SavedView, desk: str, office: str, at: datetime) -> None:
        values = {name: getattr(view, name) for name in SavedView.__dataclass_fields__}
        await self._tx.connection.execute(
            sa.insert(saved_views).values(**values, desk=desk, office=office, made_at=at)
        )

    async def remove(self, view_id: str) -> bool:
        """Whether it was one's own and is gone."""
        gone = await self._tx.connection.execute(sa.delete(saved_views).where(saved_views.c.id == view_id))
        return gone.rowcount == 1
