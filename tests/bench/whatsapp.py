"""How fast the WhatsApp webhook acknowledges, and whether a burst is drained: `python -m tests.bench.whatsapp`.

Nothing is simplified: the product as people run it with its PostgreSQL and a real engine, a fake Meta in a process of its own that
tells statuses of every answer, and this process, which sends. All share the processors of the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import asyncpg
import httpx

from backend.persistence.embedded import SUPERUSER, server_in
from tests.bench.meta import COUNTED
from tests.fake_meta.__main__ import settings_of
from tests.fake_meta.graph import FakeMeta
from tests.fake_meta.phone import Phone
from tests.fake_meta.webhooks import signed, wire
from tests.support.product import ROOT, Running

CONNECTIONS = 40
PEOPLE = 200
DRAINED_WITHIN_S = 900.0
WAITING = (
    "SELECT (SELECT count(*) FROM arrivals) + (SELECT count(*) FROM inbox WHERE status IN ('waiting', 'frozen')) "
    "+ (SELECT count(*) FROM outbox WHERE status IN ('queued', 'unknown'))"
)


@dataclass
class Line:
    """A product, its Meta, and open connections to the webhook."""

    running: Running
    meta: FakeMeta
    _free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(
        default_factory=asyncio.Queue
    )

    async def connect(self) -> None:
        """Fresh connections: those of the load before were idle while it was drained."""
        while not self._free.empty():
            self._free.get_nowait()[1].close()
        for _ in range(CONNECTIONS):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self.running.port))

    async def say(self, phone: Phone, text: str) -> float:
        """Milliseconds until it is acknowledged, from the moment it was to be sent."""
        body = wire(self.meta.told({"messages": [phone.message("text", {"body": text})]}, phone))
        headers = {**signed(body, self.meta.secret), "Host": "localhost", "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        began = time.perf_counter()
        reader, writer = await self._free.get()
        writer.write(f"POST /api/whatsapp/webhook HTTP/1.1\r\n{head}\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        took = time.perf_counter() - began
        self._free.put_nowait((reader, writer))
        status = answer.split(b" ", 2)[1]
        if status != b"200":
            raise AssertionError(f"answered {status.decode()}")
        return took * 1000

    def counted(self) -> dict[str, int]:
        """Messages that each phone shows."""
        headers = {"Authorization": f"Bearer {self.meta.token}"}
        told = httpx.get(f"{self.meta.url}{COUNTED}", headers=headers, timeout=30).json()
        return {str(address): int(n) for address, n in told["shown"].items()}

    async def drained_s(self) -> float:
        """Seconds until nothing waits: no webhook, no message, no turn, nothing to be sent."""
        server, began = server_in(self.running.folder), time.perf_counter()
        connection = await asyncpg.connect(
            f"postgresql:///teman_lapor?host={server.socket}",
            user=SUPERUSER,
            server_settings={"search_path": "teman_lapor"},
        )
        try:
            async with asyncio.timeout(DRAINED_WITHIN_S):
                while await connection.fetchval(WAITING):
                    await asyncio.sleep(2)
        finally:
            await connection.close()
        return time.perf_counter() - began


async def steady(line: Line, per_second: int, seconds: int) -> tuple[list[float], list[Phone]]:
    """Milliseconds of every acknowledgement at an even pace."""
    phones = [line.meta.phone() for _ in range(PEOPLE)]
    sending: list[asyncio.Task[float]] = []
    began = time.perf_counter()
    for number in range(per_second * seconds):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        sending.append(asyncio.create_task(line.say(phones[number % PEOPLE], f"pesan {number}")))
    return list(await asyncio.gather(*sending)), phones


async def burst(line: Line, n: int) -> tuple[list[float], list[Phone]]:
    """So many people at the same moment."""
    phones = [line.meta.phone() for _ in range(n)]
    return list(await asyncio.gather(*(line.say(phone, "halo") for phone in phones))), phones


Load = Callable[[], Awaitable[tuple[list[float], list[Phone]]]]


async def measure(line: Line, options: argparse.Namespace) -> dict[str, float]:
    """The even pace, then the burst."""
    figures: dict[str, float] = {}
    await line.connect()
    await line.say(line.meta.phone(), "halo")
    await line.drained_s()
    loads: dict[str, Load] = {
        "ack": lambda: steady(line, options.per_second, options.seconds),
        "burst": lambda: burst(line, options.burst),
    }
    for name, load in loads.items():
        await line.connect()
        took, phones = await load()
        figures |= {f"whatsapp_{name}_{what}_ms": value for what, value in spread(took).items()}
        print(f"{name}: {len(took)} acknowledged, {spread(took)}", flush=True)
        figures[f"whatsapp_{name}_drained_s"] = await line.drained_s()
        shown = await asyncio.to_thread(line.counted)
        figures[f"whatsapp_{name}_lost"] = sum(not shown.get(phone.address) for phone in phones)
    return figures


def spread(took: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and the longest."""
    ordered = sorted(took)
    return {
        "p50": statistics.median(ordered),
        "p99": ordered[math.ceil(len(ordered) * 0.99) - 1],
        "max": ordered[-1],
    }


@contextmanager
def real_line() -> Iterator[Line]:
    """Everything started; stopped at the end."""
    meta = FakeMeta(token=secrets.token_hex(8), secret=secrets.token_hex(8))
    running = Running(settings={"TEMAN_LAPOR_QUIET_HOURS": "00-00"})
    webhook = f"http://127.0.0.1:{running.port}/api/whatsapp/webhook"
    command = [sys.executable, "-m", "tests.bench.meta", webhook, meta.token, meta.secret]
    fake = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert fake.stdout is not None
        meta.url = fake.stdout.readline().strip()
        # As people run it: turns and engines stand back.
        running.settings |= {**settings_of(meta), "TEMAN_LAPOR_GIVE_WAY": "5"}
        running.start()
        yield Line(running, meta)
    finally:
        running.stop()
        fake.kill()
        fake.wait()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.whatsapp", description=__doc__)
    parser.add_argument("--per-second", type=int, default=100, help="messages a second")
    parser.add_argument("--seconds", type=int, default=20, help="for so long")
    parser.add_argument("--burst", type=int, default=1_000, help="people who write at the same moment")
    options = parser.parse_args()
    with real_line() as line:
        figures = asyncio.run(measure(line, options))
    for name, value in figures.items():
        print(f"{name}: {value:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
