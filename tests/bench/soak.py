"""`make bench-soak MINUTES=30`: does memory grow under a steady load? `python -m tests.bench.soak`. The last lines are `name: number`.

After a warm-up resident memory of every process of the product is read every few seconds; the growth is that of the median of the last
tenth over the median of the first tenth. PostgreSQL is left out: its shared memory fills by and by, up to a fixed size.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections import defaultdict

from tests.bench.load import Crowd
from tests.bench.processes import resident_mb
from tests.cluster.hosts import Cluster
from tests.support.product import Running

LOOK_EVERY_S = 5.0
WARM_UP_S = 60.0
KINDS = {"bot.engine": "engine", "workshop": "workshop", "run": "door"}


def processes(host: Running) -> dict[int, str]:
    """Process id → engine, workshop or door."""
    return {pid: kind for words, kind in KINDS.items() for pid, _ in host.processes(words.encode())}


def growth(values: list[float]) -> float:
    """Of the last tenth over the first, in percent."""
    tenth = max(1, len(values) // 10)
    return (statistics.median(values[-tenth:]) / statistics.median(values[:tenth]) - 1) * 100


async def soak(host: Running, per_s: float, seconds: float) -> dict[str, float]:
    """Growth by kind of process, and of all together."""
    crowd = Crowd(host.url, n_people=100)
    await crowd.come()
    await crowd.write(per_s, min(WARM_UP_S, seconds))
    writing = asyncio.create_task(crowd.write(per_s, seconds))
    read: dict[str, list[float]] = defaultdict(list)
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        sums: dict[str, float] = defaultdict(float)
        for pid, kind in processes(host).items():
            sums[kind] += resident_mb(pid)
        for kind, mb in {**sums, "all": sum(sums.values())}.items():
            read[kind].append(mb)
        await asyncio.sleep(LOOK_EVERY_S)
    await writing
    await crowd.leave()
    return {
        "soak_minutes": seconds / 60,
        "soak_messages": crowd.accepted,
        **{f"soak_{kind}_mb": statistics.median(values) for kind, values in read.items()},
        **{f"soak_{kind}_growth_percent": growth(values) for kind, values in read.items()},
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--per-second", type=float, default=5.0, help="messages a second")
    options = parser.parse_args()
    with Cluster(engines=(2,)).running() as cluster:
        figures = asyncio.run(soak(cluster.hosts[0], options.per_second, options.minutes * 60))
    for name, value in figures.items():
        print(f"{name}: {value:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
