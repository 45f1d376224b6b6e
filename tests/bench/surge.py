"""`make bench-surge`: twenty times the ordinary rate for two minutes on the whole product: `python -m tests.bench.surge`.

Ordinary is what `--base` says, messages a second (1 a second is 86,400 a day; a regency of 400,000 people files some dozens). Shown at
the end, as `name: number`: what was lost, how long the backlog took, how long questions by code waited all the while.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

from tests.bench.load import Asker, Crowd, share
from tests.cluster.citizens import Citizen
from tests.cluster.hosts import Cluster
from tests.support.product import Running

TIMES = 20
DRAINED_WITHIN_S = 900.0


async def code_of_a_report(url: str) -> str:
    """Somebody files before the rush."""
    import random

    citizen = Citizen(url, random.Random(1))
    await citizen.live()
    if not citizen.codes:
        raise RuntimeError(f"no report could be filed: {citizen.failure}")
    return min(citizen.codes)


async def waiting(cluster: Cluster) -> int:
    """Messages that no turn has finished."""
    rows = await cluster.ask("SELECT count(*) FROM inbox WHERE status IN ('waiting', 'frozen')")
    return int(rows[0][0])


async def surge(cluster: Cluster, host: Running, base: float, seconds: float) -> dict[str, float]:
    """The rush and its end."""
    code = await code_of_a_report(host.url)
    crowd, asker, stop = Crowd(host.url), Asker(host.url, code), asyncio.Event()
    await crowd.come()
    before = int((await cluster.ask("SELECT count(*) FROM inbox WHERE kind <> 'event'"))[0][0])
    asking = asyncio.create_task(asker.ask(1.0, stop))
    await crowd.write(base * TIMES, seconds)
    backlog, began = await waiting(cluster), time.perf_counter()
    ordinary = asyncio.create_task(crowd.write(base, DRAINED_WITHIN_S))
    while await waiting(cluster) > base * 2 and time.perf_counter() - began < DRAINED_WITHIN_S:
        await asyncio.sleep(2.0)
    drained_s = time.perf_counter() - began
    ordinary.cancel()
    stop.set()
    await asking
    await asyncio.sleep(5.0)
    await crowd.leave()
    rows = await cluster.ask("SELECT status, count(*) AS n FROM inbox WHERE kind <> 'event' GROUP BY status")
    kept = {row["status"]: int(row["n"]) for row in rows}
    stored = sum(kept.values()) - before - len(asker.waits_s) - asker.unanswered
    return {
        "surge_messages_per_s": base * TIMES,
        "surge_accepted": crowd.accepted,
        "surge_lost": max(0, crowd.accepted - stored) + kept.get("dead", 0),
        "surge_still_waiting": kept.get("waiting", 0) + kept.get("frozen", 0),
        "surge_tried_again": crowd.refused,
        "surge_backlog": backlog,
        "surge_drained_s": drained_s,
        "surge_ack_p95_s": share(crowd.acks_s, 0.95),
        "surge_status_asked": len(asker.waits_s) + asker.unanswered,
        "surge_status_unanswered": asker.unanswered,
        "surge_status_p50_s": share(asker.waits_s, 0.5),
        "surge_status_p95_s": share(asker.waits_s, 0.95),
    }


def main() -> int:
    """Measure and print; exit code 1 when something was lost or not answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.surge", description=__doc__)
    parser.add_argument("--base", type=float, default=1.0, help="messages a second on an ordinary day")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long the rush lasts")
    parser.add_argument("--engines", type=int, default=2)
    options = parser.parse_args()
    with Cluster(engines=(options.engines,)).running() as cluster:
        figures = asyncio.run(surge(cluster, cluster.hosts[0], options.base, options.seconds))
    for name, value in figures.items():
        print(f"{name}: {value:.2f}")
    lost = figures["surge_lost"] or figures["surge_still_waiting"] or figures["surge_status_unanswered"]
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
