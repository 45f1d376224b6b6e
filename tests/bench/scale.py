"""`make bench-scale`: what two engines do against one: `python -m tests.bench.scale`. The last lines are `name: number`.

The load is light: the requests of whole talks are recorded once and then sent again as they are, from one thread for each engine. An
engine keeps nothing between two requests, so a repeated one is as much work as the first.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import yaml

from tests.bench.__main__ import TALKS, converse, model_to_use
from tests.bench.questions import listening
from tests.bench.sides import SECRET, Ours, ours

HEADERS = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}


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


def drive(side: Ours, bodies: Sequence[bytes], until: float, done: list[int]) -> None:
    """Send request after request to one engine; the number of answers goes into `done`."""
    parts = urlsplit(side.url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    n = 0
    for body in itertools.cycle(bodies):
        if time.perf_counter() >= until:
            break
        connection.request("POST", "/turns", body, HEADERS)
        answer = connection.getresponse()
        answer.read()
        if answer.status != httpx.codes.OK:
            raise RuntimeError(f"an engine answered {answer.status}")
        n += 1
    connection.close()
    done.append(n)


def per_second(sides: Sequence[Ours], bodies: Sequence[bytes], seconds: float) -> float:
    """Turns a second of these engines together."""
    done: list[int] = []
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=drive, args=(side, bodies, until, done)) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(done) != len(sides):
        raise RuntimeError("a driver ended early")
    return sum(done) / seconds


def main() -> int:
    """Measure one and two by turns, so that the machine's moods fall on both, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--model", type=Path, help="a trained archive; default: the newest in models/")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    model = model_to_use(options.model)
    script = yaml.safe_load(TALKS.read_text(encoding="utf-8"))
    one, two = [], []
    with ExitStack() as stack:
        questions = stack.enter_context(listening())
        sides = []
        for _ in range(2):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            sides.append(stack.enter_context(ours(model, "bot.actions", questions, folder)))
        for side in sides:
            bodies = recorded(side, script["talks"])
        for _ in range(options.rounds):
            one.append(per_second(sides[:1], bodies, options.seconds))
            two.append(per_second(sides, bodies, options.seconds))
    print(f"one_engine_turns_per_s: {max(one):.1f}\ntwo_engines_turns_per_s: {max(two):.1f}")
    print(f"two_over_one: {sum(two) / sum(one):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
