"""kill -9 of backend, engine and database at named points of real conversations: each talk ends with exactly one case."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from backend.persistence.connecting import Address
from backend.persistence.embedded import SUPERUSER, server_in
from tests.support.product import Citizen, Running

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.database]

FIRST = "lampu jalan mati depan sd 004 sangatta utara sudah seminggu"
AT_FIRST_MESSAGE = ("message_accepted", "turn_frozen", "turn_held", "engine_answered", "before_turn_commit")
# Effects are done once in a talk: when the report is sent.
AT_SENDING = (
    "turn_frozen@2",
    "engine_answered@2",
    "effects_done",
    "before_turn_commit@2",
    "after_turn_commit@2",
)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    ours = Running()
    ours.start()
    yield ours
    ours.stop()


def n_cases(running: Running) -> int:
    """How many cases the register holds, asked of the database itself."""

    async def ask() -> int:
        server = server_in(running.folder)
        address = Address(f"postgresql:///teman_lapor?host={server.socket}", user=SUPERUSER)
        connection: asyncpg.Connection[asyncpg.Record] = await address.connect()
        try:
            return int(await connection.fetchval("SELECT count(*) FROM cases"))
        finally:
            await connection.close()

    return asyncio.run(ask())


def filed_once(running: Running, citizen: Citizen, before: int) -> None:
    """One case more, its code works, and nothing waits."""
    assert citizen.code
    assert n_cases(running) == before + 1
    for _ in range(5):  # without an engine the backend answers, too, but tells less
        running.wait_until_ready()
        if "Dinas Perhubungan" in citizen.say(f"cek status {citizen.code}"):
            return
    raise AssertionError(f"no full status\n{running.log()[-1500:]}")


@pytest.mark.parametrize("point", [*AT_FIRST_MESSAGE, *AT_SENDING])
def test_killed_at(running: Running, point: str) -> None:
    before = n_cases(running)
    running.wait_until_ready()
    running.arm(point)
    citizen = Citizen(running)
    if point in AT_FIRST_MESSAGE:
        sent = citizen_sends_into_the_crash(citizen, FIRST, running)
        assert "Sangatta Utara" in "\n".join(one["message"]["text"] for one in citizen.replies(sent))
        citizen.say("kirim")
    else:
        citizen.say(FIRST)
        sent = citizen_sends_into_the_crash(citizen, "kirim", running)
        citizen.replies(sent)
    filed_once(running, citizen, before)


def citizen_sends_into_the_crash(citizen: Citizen, text: str, running: Running) -> int:
    """Send, wait for the process that was hit to be gone and back; the message is accepted once, before or after."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(citizen.send, text)
        running.wait_until_hit()
        running.recover()
        return sending.result()


@pytest.mark.parametrize("when", ["before the first message", "before sending"])
def test_engine_killed(running: Running, when: str) -> None:
    before = n_cases(running)
    citizen = Citizen(running)
    if when == "before the first message":
        assert running.kill_engines() == 1
    citizen.say(FIRST)
    if when == "before sending":
        assert running.kill_engines() == 1
    citizen.say("kirim")
    filed_once(running, citizen, before)


@pytest.mark.parametrize("when", ["after the first message", "while sending"])
def test_database_killed(running: Running, when: str) -> None:
    before = n_cases(running)
    citizen = Citizen(running)
    citizen.say(FIRST)
    if when == "after the first message":
        running.kill_database()
        citizen.say("kirim")
    else:
        sent = citizen.send("kirim")
        running.kill_database()
        citizen.replies(sent)
    filed_once(running, citizen, before)
