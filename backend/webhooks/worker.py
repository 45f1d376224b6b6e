"""Tells targets of public changes, each telling at least once: claimed, sent, settled; patience as the specification proposes.

What is told is read when it is sent, by the same view as Open311: a case that is no longer public by then is withheld.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx

from backend.outward.addresses import AddressRefused, Guard, pinned
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.webhook_rows import Delivery, SqlWebhooks
from backend.webhooks import signing

log = logging.getLogger(__name__)

# Standard Webhooks 1.0, "retry schedule": seconds before the second, third, … attempt.
WAITS_S = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
LEASE = timedelta(minutes=2)
TIMEOUT_S = 15.0
PAUSE_S = 5.0
GONE = 410

PublicRow = Callable[[str], Awaitable[Mapping[str, Any] | None]]


class WebhookUnitOfWork(Protocol):
    """A unit of work with the rows of webhooks."""

    @property
    def webhooks(self) -> SqlWebhooks: ...

    async def commit(self) -> None: ...


@dataclass(frozen=True)
class Webhooks:
    """`once` sends one that is due; `run` goes on. `public_row` is what anybody may know of a case by its number, or None."""

    open_uow: Callable[[], AbstractAsyncContextManager[WebhookUnitOfWork]]
    public_row: PublicRow
    secret_of: Callable[[str], bytes]
    clock: Callable[[], datetime]
    guard: Guard = field(default_factory=lambda: Guard(None))
    client: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(timeout=TIMEOUT_S), repr=False
    )

    async def run(self) -> None:
        """Send until cancelled, through restarts of the database."""
        while True:
            try:
                found = await self.once()
            except DatabaseUnavailable as failure:
                log.warning("database away error=%s", failure)
                found = False
            if not found:
                await asyncio.sleep(PAUSE_S)

    async def close(self) -> None:
        await self.client.aclose()

    async def once(self) -> bool:
        """Send the one that is due longest; False when none is."""
        now = self.clock()
        async with self.open_uow() as uow:
            delivery = await uow.webhooks.claim(now, now + LEASE)
            await uow.commit()
        if delivery is None:
            return False
        row = await self.public_row(delivery.number)
        if row is None:
            await self._settle(delivery, "withheld", "no longer public")
            return True
        status, result = await self._send(delivery, row)
        if 200 <= status < 300:
            await self._settle(delivery, "delivered", result)
        elif status == GONE:
            await self._settle(delivery, "failed", result, stops=True)
        else:
            await self._try_later(delivery, result)
        log.info("webhook delivery=%s attempt=%s result=%s", delivery.id, delivery.attempts, result)
        return True

    async def _send(self, delivery: Delivery, row: Mapping[str, Any]) -> tuple[int, str]:
        """Status (0: no answer) and a short word for the log and the page."""
        now = self.clock()
        told = {"type": delivery.event, "timestamp": delivery.made_at.isoformat(), "data": dict(row)}
        body = json.dumps(told, ensure_ascii=False).encode()
        stamp = int(now.timestamp())
        signed = signing.headers(self.secret_of(delivery.target_id), delivery.id, stamp, body)
        try:
            address = await self.guard.check(delivery.url)
            answer = await self.client.post(
                pinned(address),
                content=body,
                headers={
                    **signed,
                    "Content-Type": "application/json",
                    "Host": httpx.URL(address.url).netloc.decode(),
                },
                extensions={"sni_hostname": address.host},
                follow_redirects=False,
            )
        except AddressRefused as refusal:
            return 0, str(refusal)
        except httpx.HTTPError as failure:
            return 0, type(failure).__name__
        return answer.status_code, f"http {answer.status_code}"

    async def _try_later(self, delivery: Delivery, result: str) -> None:
        if delivery.attempts > len(WAITS_S):
            await self._settle(delivery, "failed", result)
            return
        due_at = self.clock() + timedelta(seconds=WAITS_S[delivery.attempts - 1])
        async with self.open_uow() as uow:
            await uow.webhooks.settle(delivery.id, "waiting", result, due_at)
            await uow.commit()

    async def _settle(self, delivery: Delivery, state: str, result: str, *, stops: bool = False) -> None:
        async with self.open_uow() as uow:
            await uow.webhooks.settle(delivery.id, state, result)
            if stops:
                await uow.webhooks.stop(delivery.target_id, result)
            await uow.commit()
