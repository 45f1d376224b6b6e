"""The only HTTP of the conversation: questions to the backend's internal listener.

A question either has an answer or raises; an unanswered question fails the turn, which is then tried again.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, cast

import aiohttp

from bot import clock

SECONDS_TO_ANSWER = 5.0
DEFAULT_ADDRESS = "http://127.0.0.1:8001"


class Backend(Protocol):
    """Whoever answers the questions of docs/architecture.md; tests give one of their own."""

    async def ask(self, name: str, **question: Any) -> dict[str, Any]:
        """The answer to the question `name`; raises whatever went wrong."""
        ...


class HttpBackend:
    """Asks over HTTP; the address may be `http://…` or `unix:/path/of/socket`.

    aiohttp, because Rasa brings it and a question costs a quarter of what it costs with httpx: up to three are asked
    in one turn.
    """

    def __init__(self, address: str, secret: str) -> None:
        self._socket = address[len("unix:") :] if address.startswith("unix:") else None
        self._address = "http://backend" if self._socket else address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def ask(self, name: str, **question: Any) -> dict[str, Any]:
        """POST the question with the turn's conversation and moment; raises `aiohttp.ClientError` on any failure."""
        body = {"conversation": clock.conversation(), "now": clock.now().isoformat(), **question}
        if clock.is_rehearsal():
            body["rehearsal"] = True
        url = f"{self._address}/internal/questions/{name}"
        async with self._session_here().post(url, json=body) as answer:
            answer.raise_for_status()
            return cast("dict[str, Any]", await answer.json())

    async def close(self) -> None:
        """Close the connections of the running loop."""
        if self._session is not None:
            await self._session.close()

    def _session_here(self) -> aiohttp.ClientSession:
        """The session of the running loop; an engine has one loop, tests have many."""
        loop = asyncio.get_running_loop()
        if self._session is None or self._loop is not loop:
            self._loop = loop
            self._session = aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(self._socket) if self._socket else None,
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=SECONDS_TO_ANSWER),
            )
        return self._session


_in_use: Backend | None = None


def backend() -> Backend:
    """The backend of this process, made on first use from the settings in the environment."""
    global _in_use
    if _in_use is None:
        _in_use = HttpBackend(
            os.environ.get("TEMAN_LAPOR_INTERNAL_URL", DEFAULT_ADDRESS),
            os.environ.get("TEMAN_LAPOR_ENGINE_SECRET", ""),
        )
    return _in_use


@contextmanager
def using(replacement: Backend) -> Iterator[None]:
    """For the duration of the block every question goes to `replacement`."""
    global _in_use
    before, _in_use = _in_use, replacement
    try:
        yield
    finally:
        _in_use = before
