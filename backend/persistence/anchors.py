"""Every minute the heads of the audit's chains go into a file outside the database, so that a cut end shows."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backend.persistence.anchor_file import AnchorFile, Heads
from backend.persistence.connecting import translated
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.tables import anchor_files, audit, audit_anchor

log = logging.getLogger(__name__)

EVERY_S = 60.0
# A line may be committed this long after it was written.
OVERLAP = timedelta(minutes=10)
HEADS_A_LINE = 1000
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Anchors:
    """Writes anchors of one host. Any number of its processes may: each waits for the other's transaction."""

    engine: AsyncEngine = field(repr=False)
    file: AnchorFile
    _written: dict[str, int] = field(default_factory=dict)

    async def run(self, every_s: float = EVERY_S) -> None:
        """Until cancelled, through restarts of the database; a full disk is told and tried again."""
        while True:
            try:
                await self.anchor()
            except (DatabaseUnavailable, OSError) as failure:
                log.error("audit not anchored error=%s", type(failure).__name__)
            await asyncio.sleep(every_s)

    async def anchor(self) -> int:
        """The number of chains whose new heads are on the disk now."""
        async with translated(), self.engine.begin() as connection:
            _, _, upto = await self._place(connection)
            heads = await self._heads(connection, upto - OVERLAP)
            news = {chain: head for chain, head in heads.items() if self._written.get(chain) != head[0]}
            await self._write(connection, news)
        self._written = {chain: seq for chain, (seq, _) in heads.items()}
        return len(news)

    async def restored(self, dump: str) -> None:
        """The database is a dump's now: says so under signature, and anchors every chain anew."""
        async with translated(), self.engine.begin() as connection:
            n, link, _ = await self._place(connection)
            if self.file.last() is None:  # on a new machine the file begins anew
                n, link = 0, b""
            line = self.file.append((n, link), await _clock(connection), {}, "restored", dump)
            await self._move(connection, line.n, line.link)
            await self._write(connection, await self._heads(connection, NEVER))

    async def _place(self, connection: AsyncConnection) -> tuple[int, bytes, datetime]:
        """Number and link of the last line, and until when entries are anchored; the row stays locked. The file is ahead after a
        crash or a restore; it is behind only when somebody cut it, and then the missing numbers shall show."""
        query = sa.select(anchor_files).where(anchor_files.c.host == self.file.host).with_for_update()
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            has_file = await asyncio.to_thread(self.file.last) is not None
            n, link, upto = await _before_hosts(connection) if has_file else (0, b"", NEVER)
            first = {"host": self.file.host, "n": n, "link": link, "upto": upto}
            await connection.execute(insert(anchor_files).values(first).on_conflict_do_nothing())
            row = (await connection.execute(query)).one()
        last = await asyncio.to_thread(self.file.last)
        if last is not None and last.n > row.n:
            return last.n, last.link, row.upto
        return row.n, row.link, row.upto

    async def _heads(self, connection: AsyncConnection, since: datetime) -> Heads:
        rows = await connection.execute(
            sa.select(audit.c.chain, audit.c.seq, audit.c.link)
            .ext(distinct_on(audit.c.chain))
            .where(audit.c.stored_at > since)
            .order_by(audit.c.chain, audit.c.seq.desc())
        )
        return {row.chain: (row.seq, row.link.hex()) for row in rows}

    async def _write(self, connection: AsyncConnection, heads: Heads) -> None:
        n, link, _ = await self._place(connection)
        now = await _clock(connection)
        for part in batched(sorted(heads.items()), HEADS_A_LINE):
            line = await asyncio.to_thread(self.file.append, (n, link), now, dict(part))
            n, link = line.n, line.link
        await self._move(connection, n, link)

    async def _move(self, connection: AsyncConnection, n: int, link: bytes) -> None:
        await connection.execute(
            sa.update(anchor_files)
            .where(anchor_files.c.host == self.file.host)
            .values(n=n, link=link, upto=sa.func.transaction_timestamp())
        )


async def _before_hosts(connection: AsyncConnection) -> tuple[int, bytes, datetime]:
    """Where the one anchor file stood that an installation had before each host got its own."""
    row = (await connection.execute(sa.select(audit_anchor))).one_or_none()
    return (row.n, row.link, row.upto) if row else (0, b"", NEVER)


async def _clock(connection: AsyncConnection) -> datetime:
    now: datetime = (await connection.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()
    return now
