"""`make bench-scale`: what two engines do against one: `python -m tests.bench.scale`. The last lines are `name: number`.

The load is light: the requests of whole talks are recorded once and then sent again as they are. An engine keeps nothing between two
requests, so a repeated one is as much work as the first. Every engine has a driver and a listener for its questions, each in a process of
its own: within one, the three would wait for each other's interpreter, and the figure would be theirs. What the load costs is printed,
and what the machine itself gives: two processes that only count, against one.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import yaml

from tests.bench.__main__ import TALKS, converse, model_to_use
from tests.bench.processes import processor_seconds
from tests.bench.questions import listening_apart
from tests.bench.sides import SECRET, Ours, cost, ours

HEADERS = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
BOTH = 2


@dataclass(frozen=True)
class Rate:
    """What was done: `per_second` by all together, and the share of it that was not an engine's processor time."""

    per_second: float
    load_share: float


def recorded(side: Ours, talks: Sequence[list[dict[str, str]]]) -> list[bytes]:
    """The bodies of all requests of all talks; holding them warms the engine up."""
    bodies: list[bytes] = []

    def keep(request: httpx.Request) -> None:
        bodies.append(request.read())

    side.client.event_hooks = {"request": [keep]}
    for number, talk in enumerate(talks):
        converse(side, f"recorded-{number}", talk)
    side.client.event_hooks = {}
    return bodies


def drive(url: str, bodies: Sequence[bytes], begin: float, seconds: float) -> tuple[int, float]:
    """Send request after request to one engine from `begin` on (`time.time`): how many answers, and the processor time they cost here."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    time.sleep(max(0.0, begin - time.time()))
    before, n = time.process_time(), 0
    for body in itertools.cycle(bodies):
        if time.time() >= begin + seconds:
            break
        connection.request("POST", "/turns", body, HEADERS)
        answer = connection.getresponse()
        answer.read()
        if answer.status != httpx.codes.OK:
            raise RuntimeError(f"an engine answered {answer.status}")
        n += 1
    connection.close()
    return n, time.process_time() - before


def count(begin: float, seconds: float) -> tuple[int, float]:
    """What the machine does when nothing is asked of it but counting; same units as `drive`."""
    time.sleep(max(0.0, begin - time.time()))
    n = 0
    while time.time() < begin + seconds:
        n += sum(range(2_000))
    return n, seconds


@dataclass(frozen=True)
class Bench:
    """Engines with a listener each, and a pool of processes to drive them."""

    sides: Sequence[Ours]
    listeners: Sequence[int]
    bodies: Sequence[bytes]
    pool: ProcessPoolExecutor

    def turns(self, n_engines: int, seconds: float) -> Rate:
        """Turns a second of that many engines together."""
        sides, listeners = self.sides[:n_engines], self.listeners[:n_engines]
        before = sum(cost(side) for side in sides), sum(processor_seconds(pid) for pid in listeners)
        done = self._at_once(drive, [(side.url, self.bodies) for side in sides], seconds)
        engines = sum(cost(side) for side in sides) - before[0]
        load = sum(processor_seconds(pid) for pid in listeners) - before[1] + sum(spent for _, spent in done)
        return Rate(sum(n for n, _ in done) / seconds, load / (load + engines))

    def counting(self, n_processes: int, seconds: float) -> float:
        """The same of processes that share nothing but the machine."""
        return sum(n for n, _ in self._at_once(count, [()] * n_processes, seconds)) / seconds

    def _at_once(
        self, work: Callable[..., tuple[int, float]], given: Sequence[tuple[object, ...]], seconds: float
    ) -> list[tuple[int, float]]:
        begin = time.time() + 0.5
        return [one.result() for one in [self.pool.submit(work, *each, begin, seconds) for each in given]]


def main() -> int:
    """Measure one and two by turns, so that the machine's moods fall on both, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--model", type=Path, help="a trained archive; default: the newest in models/")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    model = model_to_use(options.model)
    script = yaml.safe_load(TALKS.read_text(encoding="utf-8"))
    one, two, machine = [], [], []
    with ExitStack() as stack:
        sides, listeners = [], []
        for _ in range(BOTH):
            questions, listener = stack.enter_context(listening_apart())
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            sides.append(stack.enter_context(ours(model, "bot.actions", questions, folder)))
            listeners.append(listener)
        for side in sides:
            bodies = recorded(side, script["talks"])
        pool = stack.enter_context(ProcessPoolExecutor(BOTH, multiprocessing.get_context("spawn")))
        bench = Bench(sides, listeners, bodies, pool)
        bench.counting(BOTH, 1.0)
        for _ in range(options.rounds):
            one.append(bench.turns(1, options.seconds))
            two.append(bench.turns(BOTH, options.seconds))
            machine.append(bench.counting(BOTH, 3.0) / bench.counting(1, 3.0))
    print(f"one_engine_turns_per_s: {max(rate.per_second for rate in one):.1f}")
    print(f"two_engines_turns_per_s: {max(rate.per_second for rate in two):.1f}")
    print(f"load_share_of_processor: {sum(rate.load_share for rate in two) / len(two):.2f}")
    print(f"machine_two_over_one: {sum(machine) / len(machine):.2f}")
    print(f"two_over_one: {sum(rate.per_second for rate in two) / sum(rate.per_second for rate in one):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
