"""Records that are added to and read: audit, failed look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from backend.persistence.rows import BEHALF, chained
from backend.persistence.tables import audit, failed_lookups
from backend.persistence.transaction import Transaction
from backend.usecases.ports import AuditEntry


class SqlAudit:
    """`backend.usecases.ports.Audit`: one keyed chain per case, and one per actor for what concerns no case."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, entry: AuditEntry) -> None:
        chain = f"case:{entry.case_id}" if entry.case_id else f"actor:{entry.actor}"
        await self._tx.connection.execute(
            sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(chain, 0)))
        )
        last = (
            await self._tx.connection.execute(
                sa.select(audit.c.seq, audit.c.link)
                .where(audit.c.chain == chain)
                .order_by(audit.c.seq.desc())
                .limit(1)
            )
        ).one_or_none()
        row = {
            "chain": chain,
            "seq": last.seq + 1 if last else 1,
            "case_id": entry.case_id,
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "reason": entry.reason,
            "details": {**entry.details, **({BEHALF: self._tx.on_behalf} if self._tx.on_behalf else {})},
        }
        previous = last.link if last else b""
        link = chained(self._tx.vault, previous, row)
        await self._tx.connection.execute(sa.insert(audit).values(**row, previous=previous, link=link))

    async def of_case(self, case_id: str) -> tuple[AuditEntry, ...]:
        rows = await self._tx.connection.execute(
            sa.select(audit).where(audit.c.chain == f"case:{case_id}").order_by(audit.c.seq)
        )
        return tuple(_entry(row._mapping) for row in rows)

    async def broken_chains(self) -> tuple[str, ...]:
        """Chains of which a line was changed, or taken from the middle; a cut end shows only against an anchor."""
        broken: dict[str, None] = {}
        previous: tuple[str, int, bytes] = ("", 0, b"")
        for row in await self._tx.connection.execute(sa.select(audit).order_by(audit.c.chain, audit.c.seq)):
            chain, seq, link = previous if previous[0] == row.chain else (row.chain, 0, b"")
            whole = dict(row._mapping)
            follows = row.seq == seq + 1 and row.previous == link
            if not follows or chained(self._tx.vault, row.previous, whole) != row.link:
                broken[chain] = None
            previous = (row.chain, row.seq, row.link)
        return tuple(broken)


def _entry(row: Mapping[Any, Any]) -> AuditEntry:
    return AuditEntry(
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        case_id=row["case_id"],
        reason=row["reason"],
        details=MappingProxyType(row["details"]),
    )


class SqlLookups:
    """`backend.usecases.ports.Lookups`. The asker is kept as an HMAC."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def _asker(self, key: str) -> bytes:
        return self._tx.vault.identifier("asker", key)

    async def failures(self, asker_key: str, since: datetime) -> tuple[datetime, ...]:
        return tuple(
            await self._tx.connection.scalars(
                sa.select(failed_lookups.c.at)
                .where(failed_lookups.c.asker == self._asker(asker_key), failed_lookups.c.at >= since)
                .order_by(failed_lookups.c.at)
            )
        )

    async def add_failure(self, asker_key: str, at: datetime) -> None:
        await self._tx.connection.execute(
            sa.insert(failed_lookups).values(asker=self._asker(asker_key), at=at)
        )
