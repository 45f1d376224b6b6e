"""A database that is slow, holds its locks, or falls silent without hanging up: nobody is left without an answer, and nothing is lost."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from backend.persistence.connecting import Address
from backend.persistence.embedded import SUPERUSER, EmbeddedServer, server_in
from tests.support.database import folder_of_tests
from tests.support.product import Citizen, Running
from tests.support.slow_line import SlowLine

pytestmark = [pytest.mark.slow, pytest.mark.database, pytest.mark.timeout(900)]

DATABASE = "teman_lapor_slow"
# What a person is made to wait at most before the truth is told; browsers and Meta give up after about twenty seconds.
PATIENCE_S = 16.0
NOT_STORED = "Pesan belum tersimpan karena gangguan di pihak kami"


@dataclass
class Stage:
    """A product whose database is behind a line of ours."""

    running: Running
    line: SlowLine
    server: EmbeddedServer

    def address(self, database: str = DATABASE) -> Address:
        """Past the line."""
        return Address(f"postgresql:///{database}?host={self.server.socket}", user=SUPERUSER)

    async def ask(self, sql: str) -> Any:
        """One value, past the line."""
        connection = await self.address().connect()
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Nobody else reads or writes the table meanwhile."""
        held, done = threading.Event(), threading.Event()

        async def hold() -> None:
            connection = await self.address().connect()
            async with connection.transaction():
                await connection.execute(f"LOCK TABLE teman_lapor.{table} IN ACCESS EXCLUSIVE MODE")
                held.set()
                await asyncio.to_thread(done.wait)
            await connection.close()

        thread = threading.Thread(target=asyncio.run, args=(hold(),))
        thread.start()
        try:
            assert held.wait(30)
            yield
        finally:
            done.set()
            thread.join()

    def workshop(self) -> list[int]:
        return [pid for pid, _ in self.running.processes(b"workshop")]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    folder = folder_of_tests()
    server = server_in(folder).start()
    with SlowLine(server.socket) as line:
        running = Running(scripted=True, ready_within_s=600)
        ours = Stage(running, line, server)
        asyncio.run(make_database(ours))
        running.settings = {"DATABASE_URL": f"postgresql://{SUPERUSER}@/{DATABASE}?host={line.folder}"}
        if os.geteuid() == 0:
            line.folder.chmod(0o755)
        try:
            running.start()
            yield ours
        finally:
            line.speak()
            running.stop()
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)


async def make_database(stage: Stage) -> None:
    connection = await stage.address("postgres").connect()
    try:
        await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()


def n_messages(stage: Stage) -> int:
    return int(asyncio.run(stage.ask("SELECT count(*) FROM teman_lapor.inbox")))


def sent(citizen: Citizen, text: str, client_id: str) -> tuple[httpx.Response, float]:
    """One attempt, and how long its answer took."""
    began = time.monotonic()
    answer = citizen.http.post("/api/web/messages", json={"client_id": client_id, "text": text}, timeout=60)
    return answer, time.monotonic() - began


def told_the_truth(answer: httpx.Response, took_s: float) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.json()["detail"].startswith(NOT_STORED)
    assert int(answer.headers["Retry-After"]) >= 1
    assert took_s < PATIENCE_S


def test_slow_is_slow_and_no_more(stage: Stage) -> None:
    citizen = Citizen(stage.running)
    citizen.say("halo")
    stage.line.delay_s = 0.05
    try:
        assert "dengar: lampu mati" in citizen.say("lampu mati")
    finally:
        stage.line.delay_s = 0.0


def test_silent_database(stage: Stage) -> None:
    citizen, before = Citizen(stage.running), n_messages(stage)
    citizen.say("halo")
    workshop = stage.workshop()
    stage.line.silence()
    try:
        told_the_truth(*sent(citizen, "pesan saat database diam", "c" * 24))
        began = time.monotonic()
        ready = httpx.get(f"{stage.running.url}/readyz", timeout=30)
        assert ready.status_code == 503 and time.monotonic() - began < 5
        assert httpx.get(f"{stage.running.url}/healthz", timeout=5).status_code == 200
        assert httpx.get(f"{stage.running.url}/status", timeout=5).status_code == 200
        began = time.monotonic()
        asked = httpx.post(
            f"{stage.running.url}/status", data={"code": "1111 2222 3333 4444 5555"}, timeout=60
        )
        assert asked.status_code == 503 and NOT_STORED in asked.text
        assert time.monotonic() - began < PATIENCE_S
    finally:
        stage.line.speak()
    stage.running.wait_until_ready()
    assert stage.workshop() == workshop
    again = [sent(citizen, "pesan saat database diam", "c" * 24)[0] for _ in range(3)]
    assert {one.status_code for one in again} == {202} and len({one.json()["seq"] for one in again}) == 1
    assert n_messages(stage) == before + 2
    assert "dengar: pesan saat database diam" in "\n".join(
        str(one["message"]["text"]) for one in citizen.replies(0)
    )


@pytest.mark.parametrize("table", ["inbox", "conversations"])
def test_locked_table(stage: Stage, table: str) -> None:
    """A lock held for long, as a maintenance by hand does."""
    citizen, before = Citizen(stage.running), n_messages(stage)
    citizen.say("halo")
    workshop = stage.workshop()
    with stage.locked(table):
        answer, took_s = sent(citizen, f"saat {table} terkunci", table.ljust(24, "x"))
        if answer.status_code != 202:
            told_the_truth(answer, took_s)
        asked = httpx.post(
            f"{stage.running.url}/status", data={"code": "1111 2222 3333 4444 5555"}, timeout=60
        )
        assert asked.status_code in {404, 422, 503}
        time.sleep(
            32
        )  # longer than any statement may take: what works in the background meets its limit, too
    stage.running.wait_until_ready()
    assert stage.workshop() == workshop, "the workshop lived through it"
    assert sent(citizen, f"saat {table} terkunci", table.ljust(24, "x"))[0].status_code == 202
    assert f"dengar: saat {table} terkunci" in "\n".join(
        str(one["message"]["text"]) for one in citizen.replies(0)
    )
    assert n_messages(stage) == before + 2
