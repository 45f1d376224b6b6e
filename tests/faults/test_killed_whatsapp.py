"""kill -9 of door, workshop and engines while several people report over WhatsApp: none is lost, none is filed twice, all get their code.

The engine follows a script and is up at once, so that one may kill often: `TEMAN_LAPOR_KILLS=10000` for the long run. With the bot's own
engine, `test_killed_product.py` kills at every point.
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

import pytest

from backend.conversations.failpoints import NAMES
from tests.fake_meta.__main__ import settings_of
from tests.fake_meta.graph import FakeMeta
from tests.fake_meta.phone import Phone
from tests.fake_meta.server import graph
from tests.faults.test_killed_product import n_cases
from tests.support.product import Running

pytestmark = [pytest.mark.slow, pytest.mark.database]

KILLS = int(os.environ.get("TEMAN_LAPOR_KILLS", "18"))
AT_ONCE = 3
REACHED_WITHIN_S = 300.0
ANSWER_WITHIN_S = 900.0
CODE = re.compile(r"\b\d{4}(?:[ -]\d{4}){4}\b")


def kills() -> Iterator[str]:
    """Named points, the first and later times they are reached; every fourth kill is at a random moment, of each process in turn."""
    named = itertools.cycle(f"{name}@{count}" if count > 1 else name for count in (1, 2, 3) for name in NAMES)
    whole = itertools.cycle(("workshop", "door", "engine"))
    for number in itertools.count(1):
        yield next(whole) if number % 4 == 0 else next(named)


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
            await phone.say("lampu jalan mati depan pasar")
            await self._until(phone, "dengar", 0)
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


async def kill(running: Running, point: str, chance: random.Random) -> None:
    """Kill at a named point, as soon as anybody reaches it, be it while recovering from the kill before; or at a random moment. A dead
    door is started again; what it is the parent of starts by itself."""
    if point in {"workshop", "door", "engine"}:
        await asyncio.sleep(chance.uniform(0.2, 6.0))
        if point == "door":
            running.kill_backend()
        elif point == "workshop":
            running.kill_workshop()
        else:
            running.kill_engines()
    else:
        running.arm(point)
        async with asyncio.timeout(REACHED_WITHIN_S):
            while not running.is_hit():
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)  # it removes the file a moment before it dies
    if running.is_dead():
        running.start(wait=False)


@pytest.mark.timeout(300 + 60 * KILLS)
async def test_kills_under_talks() -> None:
    chance, meta = random.Random(4), FakeMeta(per_second=1000)  # noqa: S311
    async with graph(meta):
        settings = {**settings_of(meta), "TEMAN_LAPOR_QUIET_HOURS": "00-00"}
        running = Running(settings=settings, scripted=True)
        meta.webhook = f"http://127.0.0.1:{running.port}/api/whatsapp/webhook"
        crowd, began = Crowd(meta, running), time.monotonic()
        try:
            points = list(itertools.islice(kills(), KILLS))
            await asyncio.to_thread(running.start)
            people = [asyncio.create_task(crowd.report()) for _ in range(AT_ONCE)]
            for number, point in enumerate(points, start=1):
                await kill(running, point, chance)
                print(f"{time.monotonic() - began:.0f} s", number, point, len(crowd.codes), flush=True)
            crowd.killing = False
            await asyncio.gather(*people)
            await meta.quiet()
            filed = await asyncio.to_thread(n_cases, running)
            assert filed == len(crowd.phones) == len(crowd.codes) == len(set(crowd.codes.values()))
            print(f"{KILLS} kills, {len(crowd.phones)} reports, {len(meta.taken)} messages sent")
        finally:
            running.stop()
