"""Versions of the reference rows in PostgreSQL: the port `Versions`, and the queue of those whose promises are counted anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.persistence.tables import (
    reference_draft,
    reference_recounts,
    reference_revisions,
    reference_versions,
)
from backend.persistence.transaction import Transaction
from backend.reference.tables import Becomes, Change
from backend.usecases.reference_values import Revision, Version, VersionTaken

LEASE = timedelta(minutes=5)


class SqlVersions:
    """`backend.usecases.reference_values.Versions`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def all(self) -> tuple[Version, ...]:
        rows = await self._tx.connection.execute(
            sa.select(reference_versions).order_by(reference_versions.c.number)
        )
        return tuple(Version(**row._mapping) for row in rows)

    async def revisions(self, until: int) -> tuple[Revision, ...]:
        table = reference_revisions
        rows = await self._tx.connection.execute(
            sa.select(table).where(table.c.version <= until).order_by(table.c.version, table.c.seq)
        )
        return tuple(_revision(row) for row in rows)

    async def add(self, version: Version, revisions: Sequence[Revision]) -> None:
        values = {name: getattr(version, name) for name in Version.__dataclass_fields__}
        added = await self._tx.connection.scalar(
            insert(reference_versions)
            .values(values)
            .on_conflict_do_nothing()
            .returning(reference_versions.c.number)
        )
        if added is None:
            raise VersionTaken(version.number)
        for seq, one in enumerate(revisions, 1):
            row = {"version": version.number, "seq": seq, **_row(one)}
            await self._tx.connection.execute(sa.insert(reference_revisions).values(row))

    async def draft(self) -> tuple[Revision, ...]:
        rows = await self._tx.connection.execute(
            sa.select(reference_draft).order_by(reference_draft.c.at, reference_draft.c.key)
        )
        return tuple(_revision(row) for row in rows)

    async def put(self, revision: Revision) -> None:
        values = _row(revision)
        await self._tx.connection.execute(
            insert(reference_draft)
            .values(values)
            .on_conflict_do_update(index_elements=["file", "key"], set_=values)
        )

    async def drop(self, file: str, key: str) -> None:
        table = reference_draft
        await self._tx.connection.execute(sa.delete(table).where(table.c.file == file, table.c.key == key))

    async def clear(self) -> None:
        await self._tx.connection.execute(sa.delete(reference_draft))


class SqlRecounts:
    """Which version's promises are being counted anew, and by whom: a lease that a crash lets run out."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def take(self, version: int, now: datetime) -> bool:
        """Whether this process may do it; of two one is told so."""
        table = reference_recounts
        taken = await self._tx.connection.scalar(
            insert(table)
            .values(version=version, taken_until=now + LEASE)
            .on_conflict_do_update(
                index_elements=["version"],
                set_={"taken_until": now + LEASE},
                where=sa.and_(table.c.done_at.is_(None), table.c.taken_until <= now),
            )
            .returning(table.c.version)
        )
        return taken is not None

    async def is_done(self, version: int) -> bool:
        table = reference_recounts
        done = await self._tx.connection.scalar(
            sa.select(table.c.done_at.is_not(None)).where(table.c.version == version)
        )
        return bool(done)

    async def going_on(self, version: int, n_changed: int, now: datetime) -> None:
        await self._set(
            version, n_changed=reference_recounts.c.n_changed + n_changed, taken_until=now + LEASE
        )

    async def done(self, version: int, now: datetime) -> None:
        await self._set(version, done_at=now)

    async def results(self) -> dict[int, tuple[int, bool]]:
        """Version → how many promises moved, and whether all were looked at."""
        rows = await self._tx.connection.execute(sa.select(reference_recounts))
        return {row.version: (row.n_changed, row.done_at is not None) for row in rows}

    async def _set(self, version: int, **values: Any) -> None:
        table = reference_recounts
        await self._tx.connection.execute(sa.update(table).where(table.c.version == version).values(values))


def _row(one: Revision) -> dict[str, Any]:
    change = one.change
    return {
        "file": change.file,
        "key": change.key,
        "becomes": str(change.becomes),
        "before": dict(one.before) if one.before is not None else None,
        "after": dict(change.after) if change.after is not None else None,
        "place": change.place,
        "author": one.author,
        "reason": one.reason,
        "at": one.at,
    }


def _revision(row: sa.Row[Any]) -> Revision:
    change = Change(row.file, row.key, Becomes(row.becomes), row.after, row.place)
    return Revision(change, row.before, row.author, row.reason, row.at)
