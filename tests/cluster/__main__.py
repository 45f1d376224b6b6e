"""`make cluster-demo`: two backends and three engines on one PostgreSQL behind a balancer, each killed in turn, both upgraded,
during 500 conversations. Exit code 0 when nothing was lost, nothing doubled and everything in order."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

from tests.cluster.drill import Drill
from tests.cluster.hosts import Cluster


def main() -> int:
    """Run the drill and print the verdict."""
    options = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    options.add_argument("--talks", type=int, default=500)
    options.add_argument("--at-once", type=int, default=8)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    began = time.monotonic()
    with Cluster().running() as cluster:
        drill = Drill(
            cluster, given.talks, given.at_once, given.seed, say=lambda text: print(text, flush=True)
        )
        verdict = asyncio.run(drill.run())
        if verdict.findings:
            for host in cluster.hosts:
                print(host.log()[-6000:], file=sys.stderr)
    print(f"{verdict}\nseconds: {time.monotonic() - began:.0f}")
    return 1 if verdict.findings else 0


if __name__ == "__main__":
    sys.exit(main())
