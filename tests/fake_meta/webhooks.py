"""Webhooks as Meta sends them: signed over bytes in which everything outside ASCII is escaped, at least once, in no order."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

AGAIN_S = 0.2
MOST_TRIES = 5000


def wire(payload: Mapping[str, Any]) -> bytes:
    """The bytes of a webhook: Meta writes ä as \\u00e4 and / as \\/, and signs it so."""
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signed(body: bytes, secret: str) -> dict[str, str]:
    """The headers for these bytes."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}


@dataclass
class Post:
    """Carries webhooks to the app. `copies` are sent of each at the same moment; with `chance`, each waits up to `spread_s` first,
    so that none keeps its place. What is not answered with 200 is sent again."""

    secret: str
    url: str = ""
    copies: int = 1
    spread_s: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311
    answered_s: list[float] = field(default_factory=list)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _client: httpx.AsyncClient | None = None

    def send(self, payload: Mapping[str, Any]) -> asyncio.Task[None]:
        """Under way; the task is done when every copy was answered with 200."""
        task = asyncio.create_task(self._all(wire(payload)))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def quiet(self) -> None:
        """Until nothing is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way)
            # A gathering of what is done does not wait, and a done task leaves the set only when the loop goes on.
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Whatever is still under way is dropped."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _all(self, body: bytes) -> None:
        await asyncio.gather(*(self._one(body) for _ in range(self.copies)))

    async def _one(self, body: bytes) -> None:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=20, trust_env=False)
        if self.spread_s:
            await asyncio.sleep(self.chance.uniform(0, self.spread_s))
        for _ in range(MOST_TRIES):
            if await self._try(body):
                return
            await asyncio.sleep(AGAIN_S)
        raise AssertionError("the webhook was never answered with 200")

    async def _try(self, body: bytes) -> bool:
        assert self._client is not None
        began = asyncio.get_running_loop().time()
        try:
            answer = await self._client.post(self.url, content=body, headers=signed(body, self.secret))
        except httpx.HTTPError:
            return False
        if answer.status_code != httpx.codes.OK:
            return False
        self.answered_s.append(asyncio.get_running_loop().time() - began)
        return True
