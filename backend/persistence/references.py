"""Everything about versions of the reference rows in one transaction of the app's login, with the audit of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from backend.persistence.officer_rows import SqlPositions
from backend.persistence.records import SqlAudit
from backend.persistence.reference_rows import SqlRecounts, SqlVersions
from backend.persistence.transaction import Opening


@dataclass(frozen=True)
class ReferenceRows:
    """The repositories of one transaction."""

    versions: SqlVersions
    recounts: SqlRecounts
    positions: SqlPositions
    audit: SqlAudit


@dataclass(frozen=True)
class References(Opening):
    """`async with references.begin() as rows:` commits when the block is left in peace."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[ReferenceRows]:
        async with self.transaction() as tx:
            yield ReferenceRows(SqlVersions(tx), SqlRecounts(tx), SqlPositions(tx), SqlAudit(tx))
