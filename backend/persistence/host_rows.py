"""Signs of life of the hosts: each writes how it is every few seconds; one that is silent is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.persistence.tables import hosts
from backend.persistence.transaction import Transaction

# A host that was taken away for good is forgotten after this long.
FORGOTTEN = timedelta(days=7)


@dataclass(frozen=True)
class Host:
    """`schema` is the migration its release ends at, `model` the archive it serves, `free_bytes` the room in its data folder."""

    name: str
    started_at: datetime
    seen_at: datetime
    schema: str
    model: str | None
    engines: int
    engines_up: int
    free_bytes: int
    draining: bool = False


class SqlHosts:
    """The hosts of the installation."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def beat(self, host: Host) -> None:
        """It lives, and this is how."""
        values = asdict(host)
        await self._tx.connection.execute(
            insert(hosts).values(values).on_conflict_do_update(index_elements=["name"], set_=values)
        )
        await self._tx.connection.execute(sa.delete(hosts).where(hosts.c.seen_at < host.seen_at - FORGOTTEN))

    async def all(self) -> Sequence[Host]:
        """By name."""
        rows = await self._tx.connection.execute(sa.select(hosts).order_by(hosts.c.name))
        return [Host(**row._mapping) for row in rows]
