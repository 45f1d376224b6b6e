"""kill -9 of backend and engines while several people report over WhatsApp: none is lost, none is filed twice, all get their code.

`TEMAN_LAPOR_KILLS=60` for the long run.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from backend.conversations.failpoints import NAMES
from tests.fake_meta.__main__ import settings_of
from tests.fake_meta.graph import FakeMeta
from tests.fake_meta.phone import Phone
from tests.fake_meta.server import graph
from tests.faults.test_killed_product import FIRST, n_cases
from tests.support.product import Running

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.database]

KILLS = int(os.environ.get("TEMAN_LAPOR_KILLS", "4"))
AT_ONCE = 3
DIES_WITHIN_S = 25.0
ANSWER_WITHIN_S = 900.0
CODE = re.compile(r"\b\d{4}(?:[ -]\d{4}){4}\b")


def kills() -> Iterator[str]:
    """Named points, the first and later times they are reached; every fourth is a random moment, every eighth an engine's."""
    named = itertools.cycle(f"{name}@{count}" if count > 1 else name for count in (2, 1, 3) for name in NAMES)
    for number in itertools.count(1):
        yield "engine" if number % 8 == 0 else "random" if number % 4 == 0 else next(named)


@dataclass
class Crowd:
    """People who report one after another until the killing is over."""

    meta: FakeMeta
    running: Running
    killing: bool = True
    phones: list[Phone] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)

    async def report(self) -> None:
        """Report after report."""
        while self.killing:
            phone = self.meta.phone()
            self.phones.append(phone)
            await phone.say(FIRST)
            await self._until(phone, "Sangatta Utara", 0)
            seen = len(phone.screens)
            await phone.say("kirim")
            self.codes[phone.number] = await self._until(phone, CODE.pattern, seen)

    async def _until(self, phone: Phone, pattern: str, seen: int) -> str:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while True:
                for screen in phone.screens[seen:]:
                    if found := re.search(pattern, screen.text):
                        return found[0]
                await asyncio.sleep(0.05)


def until_up(running: Running) -> None:
    """Return when turns are answered, or when it is dead before that."""
    while not running.is_dead():
        try:
            if httpx.get(f"{running.url}/readyz?all=1", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)


async def kill(running: Running, point: str, chance: random.Random) -> None:
    """Wait until it is up, then until it dies there, or make it."""
    await asyncio.to_thread(until_up, running)
    if point in {"random", "engine"}:
        await asyncio.sleep(chance.uniform(0.2, 6.0))
    if point == "engine":
        assert running.kill_engines() == 1
        return
    if point != "random":
        for _ in range(int(DIES_WITHIN_S * 10)):
            if running.is_dead():
                return
            await asyncio.sleep(0.1)
    running.kill_backend()


@pytest.mark.timeout(300 + 90 * KILLS)
async def test_kills_under_talks() -> None:
    chance, meta = random.Random(4), FakeMeta(per_second=1000)  # noqa: S311
    async with graph(meta):
        running = Running(settings={**settings_of(meta), "TEMAN_LAPOR_QUIET_HOURS": "00-00"})
        meta.webhook = f"http://127.0.0.1:{running.port}/api/whatsapp/webhook"
        crowd = Crowd(meta, running)
        try:
            points = list(itertools.islice(kills(), KILLS))
            await asyncio.to_thread(running.start, named(points[0]))
            people = [asyncio.create_task(crowd.report()) for _ in range(AT_ONCE)]
            for number, point in enumerate(points, start=1):
                await kill(running, point, chance)
                if number == len(points):
                    crowd.killing = False
                if running.is_dead():
                    following = named(points[number]) if number < len(points) else ""
                    running.start(following, wait=False)
                print(number, point, len(crowd.codes), flush=True)
            await asyncio.gather(*people)
            await meta.quiet()
            filed = await asyncio.to_thread(n_cases, running)
            assert filed == len(crowd.phones) == len(crowd.codes) == len(set(crowd.codes.values()))
            print(f"{KILLS} kills, {len(crowd.phones)} reports, {len(meta.taken)} messages sent")
        finally:
            running.stop()


def named(point: str) -> str:
    return "" if point in {"random", "engine"} else point
