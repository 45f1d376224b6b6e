"""What a channel was told, as it came: kept before it is acknowledged, gone once it was sorted.

Each row is sealed under a key of its own that is wrapped in the row: the talk it belongs to, and its key, are not known yet.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.persistence.sealing import WrappedKey
from backend.persistence.tables import arrivals, dead_letters
from backend.persistence.transaction import Transaction


@dataclass(frozen=True)
class Arrival:
    """One webhook; `tries` counts the failed attempts to sort it."""

    id: str
    body: bytes = field(repr=False)
    received_at: datetime
    tries: int


class SqlArrivals:
    """Webhooks between the door and the inbox."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def keep(self, channel: str, bodies: Sequence[bytes], now: datetime) -> None:
        """All of them, in this order, in one statement."""
        rows = []
        for body in bodies:
            arrival = secrets.token_hex(16)
            sealer, wrapped = self._tx.vault.new_key(_about(arrival))
            rows.append(
                {
                    "id": arrival,
                    "channel": channel,
                    "key_version": wrapped.version,
                    "key_wrapped": wrapped.wrapped,
                    "body": sealer.seal(body, _about(arrival)),
                    "received_at": now,
                    "next_try_at": now,
                }
            )
        await self._tx.connection.execute(insert(arrivals), rows)

    async def take(self, channel: str, now: datetime, limit: int) -> Sequence[Arrival]:
        """Those that came first, locked until the end of the transaction; nobody else gets them."""
        found = await self._tx.connection.execute(
            sa.select(arrivals)
            .where(arrivals.c.channel == channel, arrivals.c.next_try_at <= now)
            .order_by(arrivals.c.n)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = []
        for row in found.all():
            about = _about(row.id)
            sealer = self._tx.vault.unwrap(WrappedKey(row.key_version, row.key_wrapped), about)
            taken.append(Arrival(row.id, sealer.open(row.body, about), row.received_at, row.tries))
        return taken

    async def sorted(self, done: Sequence[Arrival], at: datetime) -> None:
        """They are where they belong; what was given up about them is settled."""
        await self._delete(done)
        if tried := [one.id for one in done if one.tries]:
            await self._tx.connection.execute(
                sa.update(dead_letters)
                .where(dead_letters.c.kind == "arrival", dead_letters.c.subject_id.in_(tried))
                .values(resolved_at=at)
            )

    async def drop(self, arrival: Arrival) -> None:
        """It was tried for long enough; that it was given up stays on the list."""
        await self._delete([arrival])

    async def _delete(self, gone: Sequence[Arrival]) -> None:
        ids = [one.id for one in gone]
        await self._tx.connection.execute(sa.delete(arrivals).where(arrivals.c.id.in_(ids)))

    async def put_off(self, arrival: Arrival, until: datetime) -> None:
        """It could not be sorted now."""
        await self._tx.connection.execute(
            sa.update(arrivals)
            .where(arrivals.c.id == arrival.id)
            .values(tries=arrival.tries + 1, next_try_at=until)
        )


def _about(arrival: str) -> str:
    return f"arrival:{arrival}"
