"""Archives of models in the database, in parts: what was trained on one host is served by all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from backend.persistence.tables import model_archives, model_parts, served_models
from backend.persistence.transaction import Transaction

PART = 1024 * 1024
# Beside those that served last: a candidate or two that wait.
KEPT = 4


@dataclass(frozen=True)
class StoredArchive:
    """An archive as it lies on a disk: its name, its signature, and the reviewed files it was taught."""

    name: str
    signature: str
    files: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


class SqlArchives:
    """What any host may fetch."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def publish(self, archive: StoredArchive, at: datetime) -> bool:
        """Whether it was new; old ones go."""
        known = sa.select(sa.exists().where(model_archives.c.name == archive.name))
        if await self._tx.connection.scalar(known):
            return False
        parts = [archive.content[place : place + PART] for place in range(0, len(archive.content), PART)]
        row = {"name": archive.name, "signature": archive.signature, "files": dict(archive.files)}
        await self._tx.connection.execute(sa.insert(model_archives).values(**row, n_parts=len(parts), at=at))
        for number, part in enumerate(parts):
            values = {"name": archive.name, "part": number, "content": part}
            await self._tx.connection.execute(sa.insert(model_parts).values(values))
        await self._forget_old()
        return True

    async def fetch(self, name: str) -> StoredArchive | None:
        """None when it was never published, or is forgotten."""
        query = sa.select(model_archives).where(model_archives.c.name == name)
        row = (await self._tx.connection.execute(query)).one_or_none()
        if row is None:
            return None
        parts = await self._tx.connection.scalars(
            sa.select(model_parts.c.content).where(model_parts.c.name == name).order_by(model_parts.c.part)
        )
        return StoredArchive(name, row.signature, row.files, b"".join(parts))

    async def _forget_old(self) -> None:
        newest = sa.select(model_archives.c.name).order_by(model_archives.c.at.desc()).limit(KEPT)
        last = sa.select(served_models.c.model).order_by(served_models.c.at.desc()).limit(2)
        await self._tx.connection.execute(
            sa.delete(model_archives).where(
                model_archives.c.name.not_in(newest), model_archives.c.name.not_in(last)
            )
        )
