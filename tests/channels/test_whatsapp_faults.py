"""Meta at its worst: whatever it does to 200 messages, each arrives or stands in the undelivered list, and none is called sent
that was not. `TEMAN_LAPOR_FAULTS` sets another number."""

from __future__ import annotations

import asyncio
import itertools
import os

import pytest

from tests.fake_meta.faults import Fault, Kind
from tests.fake_meta.phone import Phone
from tests.support.whatsapp import Line

pytestmark = pytest.mark.database

SENDS = int(os.environ.get("TEMAN_LAPOR_FAULTS", "40"))
PASSING = [
    Fault(Kind.HTTP, 500),
    Fault(Kind.HTTP, 502),
    Fault(Kind.HTTP, 503),
    Fault(Kind.HTTP, 429),
    Fault(Kind.REFUSED, 131056),
    Fault(Kind.REFUSED, 130429),
    Fault(Kind.REFUSED, 131000),
    Fault(Kind.REFUSED, 80007),
    Fault(Kind.SILENT),
    Fault(Kind.LOST),
    Fault(Kind.FAILS, 131056),
    Fault(Kind.FAILS, 131000),
]
LASTING = [Fault(Kind.REFUSED, 131026), Fault(Kind.REFUSED, 131009), Fault(Kind.FAILS, 131049)]


async def delivered(line: Line) -> dict[str, int]:
    """Messages of ours by where they stand."""
    found = await line.rows("SELECT status, count(*) AS n FROM outbox GROUP BY status")
    return {row["status"]: row["n"] for row in found}


async def waited_out(line: Line, within_s: float = 90.0) -> None:
    """Until nothing is on its way, with the clock pushed over every pause."""
    async with asyncio.timeout(within_s):
        while True:
            await line.meta.quiet()
            # Time passes only when what has arrived is read: a status counts before the next try is due.
            while await line.rows("SELECT 1 FROM arrivals"):
                await asyncio.sleep(0.05)
            open_turns = await line.rows("SELECT 1 FROM inbox WHERE status IN ('waiting', 'frozen')")
            waiting = (await delivered(line)).keys() & {"queued", "unknown"}
            if not waiting and not open_turns:
                return
            line.talk.wait(seconds=125)
            await asyncio.sleep(0.25)


@pytest.mark.parametrize("fault", [*PASSING, *LASTING], ids=lambda one: f"{one.kind}-{one.number}")
async def test_each_fault(line: Line, fault: Fault) -> None:
    phone = line.meta.phone()
    line.meta.faults.append(fault)
    await phone.say("halo")
    await waited_out(line)
    async with line.open_uow() as uow:
        undelivered = await uow.deliveries.undelivered()
    if fault in LASTING:
        assert [(one.code, one.given_up) for one in undelivered] == [(str(fault.number), True)]
        assert phone.screens == []
        assert await delivered(line) == {"dead": 1}
    else:
        assert undelivered == []
        assert phone.last == "dengar: halo"
        assert await delivered(line) == {"delivered": 1}
    # Taken and never acknowledged: its status tells, so that it is not sent twice.
    assert len(phone.screens) <= 1


@pytest.mark.timeout(300 + 5 * SENDS)
async def test_many_faults(line: Line) -> None:
    phones = [line.meta.phone() for _ in range(SENDS)]
    faults = itertools.cycle([*PASSING, *LASTING])
    line.meta.faults.extend(next(faults) for _ in phones)
    await asyncio.gather(*(phone.say(f"halo {phone.number}") for phone in phones))
    await waited_out(line, within_s=60 + SENDS)
    stands = await delivered(line)
    async with line.open_uow() as uow:
        undelivered = await uow.deliveries.undelivered(limit=10 * SENDS)
    arrived = [phone for phone in phones if phone.screens]
    assert stands.get("delivered", 0) == len(arrived)
    assert stands.get("dead", 0) == len(undelivered) == SENDS - len(arrived)
    assert all(own_words_once(phone) for phone in arrived)


def own_words_once(phone: Phone) -> bool:
    return [screen.text for screen in phone.screens] == [f"dengar: halo {phone.number}"]


async def test_a_token_that_has_expired_stops_the_line_until_it_is_well(line: Line) -> None:
    phone = line.meta.phone()
    told, line.meta.token = line.meta.token, "yang baru"
    await phone.say("halo")
    async with asyncio.timeout(10):
        while not await line.rows("SELECT 1 FROM alarms WHERE cleared_at IS NULL"):
            await asyncio.sleep(0.05)
    assert phone.screens == []
    line.meta.token = told
    await waited_out(line)
    assert phone.last == "dengar: halo"
    assert await line.rows("SELECT 1 FROM alarms WHERE cleared_at IS NULL") == []


async def test_no_status_at_all_is_not_called_delivered(line: Line) -> None:
    """Meta took it and says nothing more: sent, but nobody may claim that it arrived."""
    line.meta.statuses = ()
    phone = line.meta.phone()
    await phone.say("halo")
    await line.screens(phone, 1)
    await waited_out(line)
    row = (await line.rows("SELECT provider_rank FROM outbox"))[0]
    assert row["provider_rank"] < 3
