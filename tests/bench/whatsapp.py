"""How fast the WhatsApp webhook acknowledges, and whether a burst is drained: `python -m tests.bench.whatsapp`.

Everything is in one process here: the fake Meta that sends, the backend that acknowledges and works, an engine that follows a
script. PostgreSQL is real. The figures are therefore above those of a backend that has a process of its own.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time

from tests.support.database import TestServer, running_server
from tests.support.whatsapp import Line, live_line

PER_SECOND, SECONDS, PEOPLE = 100, 10, 200
BURST = 1_000
DRAINED_WITHIN_S = 300


async def steady(line: Line) -> list[float]:
    """Milliseconds of every acknowledgement at an even pace."""
    phones = [line.meta.phone() for _ in range(PEOPLE)]
    line.meta.post.answered_s.clear()
    sending = []
    began = time.perf_counter()
    for number in range(PER_SECOND * SECONDS):
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
        sending.append(asyncio.create_task(phones[number % PEOPLE].say(f"pesan {number}")))
    await asyncio.gather(*sending)
    # Statuses of our own messages are webhooks too, and are acknowledged in the same queue.
    return [seconds * 1000 for seconds in line.meta.post.answered_s]


async def burst(line: Line) -> tuple[float, int]:
    """A thousand people at the same moment: seconds until all are answered, and how many were not."""
    phones = [line.meta.phone() for _ in range(BURST)]
    began = time.perf_counter()
    await asyncio.gather(*(phone.say("halo") for phone in phones))
    await line.quiet(within_s=DRAINED_WITHIN_S)
    return time.perf_counter() - began, sum(len(phone.screens) != 1 for phone in phones)


async def measure(server: TestServer) -> dict[str, float]:
    """On a fresh database."""
    figures: dict[str, float] = {}
    name, database = await server.fresh()
    try:
        async with live_line(database) as line:
            line.meta.per_second = 10_000
            took = sorted(await steady(line))
            figures["whatsapp_ack_p50_ms"] = statistics.median(took)
            figures["whatsapp_ack_p99_ms"] = took[int(len(took) * 0.99)]
            await line.quiet(within_s=DRAINED_WITHIN_S)
            seconds, n_lost = await burst(line)
            figures["whatsapp_burst_s"] = seconds
            figures["whatsapp_burst_lost"] = n_lost
    finally:
        await database.close()
        await server.drop(name)
    return figures


def main() -> int:
    """Measure and print."""
    with running_server() as server:
        figures = asyncio.run(measure(server))
    for name, value in figures.items():
        print(f"{name}: {value:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
