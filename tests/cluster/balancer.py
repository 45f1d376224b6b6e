"""A small balancer for tests: new connections go, by turns, to the hosts whose `/readyz` answers 200."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx

LOOK_EVERY_S = 0.5
CHUNK = 64 * 1024


@dataclass
class Balancer:
    """Forwards bytes and knows nothing of HTTP but the health check, like a balancer in front of real hosts."""

    ports: Sequence[int]
    healthy: set[int] = field(default_factory=set)
    port: int = 0
    _turn: int = 0

    @property
    def url(self) -> str:
        """Where citizens come in."""
        return f"http://localhost:{self.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Balancer]:
        """Listens and looks after the hosts while the block runs."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        looking = asyncio.create_task(self._look())
        try:
            yield self
        finally:
            looking.cancel()
            server.close()

    async def _look(self) -> None:
        async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
            while True:
                await asyncio.gather(*(self._look_at(client, port) for port in self.ports))
                await asyncio.sleep(LOOK_EVERY_S)

    async def _look_at(self, client: httpx.AsyncClient, port: int) -> None:
        try:
            ready = (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            ready = False
        (self.healthy.add if ready else self.healthy.discard)(port)

    def _order(self) -> list[int]:
        """Healthy hosts first, beginning with the one whose turn it is."""
        self._turn += 1
        by_turns = [self.ports[(self._turn + n) % len(self.ports)] for n in range(len(self.ports))]
        return [port for port in by_turns if port in self.healthy]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for port in self._order():
                try:
                    there = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    self.healthy.discard(port)
                    continue
                await self._both_ways((reader, writer), there)
                return
        finally:
            writer.close()

    async def _both_ways(
        self,
        here: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        there: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        """Until one side ends; then the other is ended too."""
        ways = [
            asyncio.create_task(_pour(here[0], there[1])),
            asyncio.create_task(_pour(there[0], here[1])),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            there[1].close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
