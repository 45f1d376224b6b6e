"""Copies and disorder: every message has its effect once, in the order it was written. `TEMAN_LAPOR_FLOOD=10000` for the long run."""

from __future__ import annotations

import asyncio
import os
import random
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from backend.conversations.bundling import Bundling, words_that
from tests.fake_meta.phone import Phone
from tests.support.whatsapp import Line

pytestmark = pytest.mark.database

WEBHOOKS = int(os.environ.get("TEMAN_LAPOR_FLOOD", "1000"))
FEWEST_COPIES, MOST_COPIES = 2, 50
LINES = 4
PEOPLE = max(2, round(WEBHOOKS / (LINES + 1) / ((FEWEST_COPIES + MOST_COPIES) / 2)))
AT_ONCE = 30
LONG = timedelta(minutes=10)

Written = tuple[Phone, dict[str, Any]]


async def flood(line: Line, messages: list[Written], chance: random.Random) -> int:
    """Every message 2 to 50 times, all mixed, many at the same moment; returns how many webhooks that were."""
    copies = [one for one in messages for _ in range(chance.randint(FEWEST_COPIES, MOST_COPIES))]
    chance.shuffle(copies)
    gate = asyncio.Semaphore(AT_ONCE)

    async def send(phone: Phone, message: dict[str, Any]) -> None:
        async with gate:
            await line.meta.post.send(line.meta.told({"messages": [message]}, phone))

    await asyncio.gather(*(send(*one) for one in copies))
    return len(copies)


@pytest.mark.timeout(300 + WEBHOOKS)
async def test_copies_and_disorder(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    # The clock stands still while the flood comes: however slow the machine, one person's lines are one turn.
    monkeypatch.setattr("tests.support.live_site.time", SimpleNamespace(monotonic=time.monotonic().__float__))
    chance = random.Random(1)  # noqa: S311
    bundling = Bundling({"whatsapp": LONG}, words=words_that("closes"))
    object.__setattr__(line.talk.pipeline.inbox, "bundling", bundling)
    phones = [line.meta.phone() for _ in range(PEOPLE)]
    messages: list[Written] = []
    for number in range(LINES):
        line.talk.wait(seconds=2)
        messages += [
            (phone, phone.message("text", {"body": f"{phone.address} baris {number}"})) for phone in phones
        ]
    n_webhooks = await flood(line, messages, chance)
    await line.sorted(within_s=180 + WEBHOOKS / 3)
    line.talk.wait(minutes=11)
    await line.quiet(within_s=180 + WEBHOOKS / 3)
    last = [(phone, phone.message("text", {"body": f"{phone.address} kirim"})) for phone in phones]
    n_webhooks += await flood(line, last, chance)
    await line.quiet(within_s=180 + WEBHOOKS / 3)

    heard: dict[str, list[str]] = {}
    for request in line.engine.requests:
        for one in request["messages"]:
            if said := str(one.get("text") or ""):
                heard.setdefault(request["conversation"], []).append(said)
    wanted = [[*(f"{one.address} baris {n}" for n in range(LINES)), f"{one.address} kirim"] for one in phones]
    assert sorted(heard.values()) == sorted(wanted)
    counted = (await line.rows("SELECT count(*) AS n FROM cases"))[0]
    assert counted["n"] == PEOPLE
    assert all(len(phone.screens) == 2 and "Kode: " in phone.last for phone in phones)
    print(f"{n_webhooks} webhooks of {len(messages) + len(last)} messages")
