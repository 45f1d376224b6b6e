"""Where webhooks land: many that come at the same time are one commit, and none is acknowledged before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from backend.channels.whatsapp.ledger import CHANNEL
from backend.conversations.failpoints import Reach
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.persistence.wakeups import Wakeups

MOST_AT_ONCE = 200
LARGEST_BATCH = 8 * 1024 * 1024


@dataclass
class Letterbox:
    """One writer: while it commits, what comes next gathers, so that a rush costs few commits."""

    open_uow: OpenUnitOfWork
    wakeups: Wakeups
    clock: Callable[[], datetime]
    reach: Reach
    _waiting: list[tuple[bytes, asyncio.Future[None]]] = field(default_factory=list, init=False)
    _writer: asyncio.Task[None] | None = field(default=None, init=False)

    async def keep(self, body: bytes) -> None:
        """Committed when this returns.

        Raises:
            DatabaseUnavailable: not kept for certain; it must be sent again (a copy does no harm).
        """
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((body, kept))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch = self._batch()
                try:
                    await self._commit([body for body, _ in batch])
                except Exception as failure:  # noqa: BLE001 every sender is told; `errors.py` says it as it is
                    for _, kept in batch:
                        if not kept.done():
                            kept.set_exception(failure)
                else:
                    for _, kept in batch:
                        if not kept.done():
                            kept.set_result(None)
        finally:
            self._writer = None

    def _batch(self) -> list[tuple[bytes, asyncio.Future[None]]]:
        n = n_bytes = 0
        for body, _ in self._waiting[:MOST_AT_ONCE]:
            n_bytes += len(body)
            if n and n_bytes > LARGEST_BATCH:
                break
            n += 1
        batch, self._waiting[:] = self._waiting[:n], self._waiting[n:]
        return batch

    async def _commit(self, bodies: list[bytes]) -> None:
        async with self.open_uow() as uow:
            await uow.arrivals.keep(CHANNEL, bodies, self.clock())
            await uow.commit()
        self.reach("arrival_kept")
        self.wakeups.arrived()
