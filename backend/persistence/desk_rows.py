"""What the desk keeps of a case besides the case: who is assigned by name, and what positions are called."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.cases.access import Officer, Role
from backend.persistence.tables import case_assignees, officers
from backend.persistence.transaction import Transaction


class SqlAssignees:
    """Positions that see a case because somebody gave it to them by name."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of_case(self, case_id: str) -> frozenset[str]:
        """Position ids."""
        found = await self._tx.connection.scalars(
            sa.select(case_assignees.c.officer).where(case_assignees.c.case_id == case_id)
        )
        return frozenset(found)

    async def of_cases(self, case_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """Case id → position ids, for every id asked."""
        rows = await self._tx.connection.execute(
            sa.select(case_assignees).where(case_assignees.c.case_id.in_(list(case_ids)))
        )
        found: dict[str, set[str]] = {case_id: set() for case_id in case_ids}
        for row in rows:
            found[row.case_id].add(row.officer)
        return {case_id: frozenset(officers) for case_id, officers in found.items()}

    async def add(self, case_id: str, officer_id: str) -> None:
        """Nothing happens when the position has the case already."""
        await self._tx.connection.execute(
            insert(case_assignees).values(case_id=case_id, officer=officer_id).on_conflict_do_nothing()
        )

    async def remove(self, case_id: str, officer_id: str) -> None:
        await self._tx.connection.execute(
            sa.delete(case_assignees).where(
                case_assignees.c.case_id == case_id, case_assignees.c.officer == officer_id
            )
        )


class SqlTitles:
    """Positions of the officer's own regency, without anything that lets one in."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of(self, ids: Collection[str]) -> dict[str, str]:
        """Position id → title; unknown ids (the system, an operator) are left out."""
        rows = await self._tx.connection.execute(
            sa.select(officers.c.id, officers.c.title).where(officers.c.id.in_(list(ids)))
        )
        return {row.id: row.title for row in rows}

    async def active(self) -> tuple[Officer, ...]:
        """Positions a case can be assigned to, by title."""
        columns = [officers.c[name] for name in ("id", "title", "role", "desk", "agency", "area")]
        rows = await self._tx.connection.execute(
            sa.select(*columns).where(officers.c.active).order_by(officers.c.title)
        )
        return tuple(Officer(r.id, r.title, Role(r.role), r.desk, r.agency, r.area) for r in rows)
