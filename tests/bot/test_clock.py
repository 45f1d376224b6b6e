"""The turn's world is frozen for its block and its tasks, and for nobody else."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

from bot import clock

WITA = timezone(timedelta(hours=8))


def world(n: int) -> clock.Frozen:
    return clock.Frozen(datetime(2026, 11, 23, n, tzinfo=WITA), f"{n:032x}", f"c{n}", "62.02", "whatsapp")


def test_outside_a_turn_the_system_decides() -> None:
    assert abs((datetime.now().astimezone() - clock.now()).total_seconds()) < 5
    assert clock.seed() != clock.seed()
    assert (clock.conversation(), clock.channel()) == ("shell", "shell")


async def test_concurrent_turns_do_not_see_each_other() -> None:
    async def turn(n: int) -> tuple[int, str, str, str, str]:
        with clock.frozen(world(n)):
            await asyncio.sleep(0.001 * (5 - n))
            return clock.now().hour, clock.seed(), clock.conversation(), clock.home(), clock.channel()

    seen = await asyncio.gather(*(turn(n) for n in range(5)))
    assert list(seen) == [(n, f"{n:032x}", f"c{n}", "62.02", "whatsapp") for n in range(5)]
    assert clock.conversation() == "shell"
