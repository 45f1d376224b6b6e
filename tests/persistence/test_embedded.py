"""Our own server: private, careful with its data, adopted when orphaned, and back after being killed."""

import asyncio
import os
import shutil
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import pytest

from backend.persistence.binaries import Programs
from backend.persistence.database import Database
from backend.persistence.embedded import LONGEST_SOCKET_PATH, SOCKET_NAME, EmbeddedServer, server_in
from backend.persistence.errors import DatabaseRefused
from tests.support.database import TestServer, folder_of_tests
from tests.support.talk import Talk

pytestmark = pytest.mark.database


@pytest.fixture
def data() -> Iterator[Path]:
    folder = folder_of_tests()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(database_server: TestServer) -> EmbeddedServer:
    """The one of this run, for looking at."""
    if database_server.server is None:
        pytest.skip("DATABASE_URL names another server")
    return database_server.server


@pytest.fixture
def own(data: Path) -> Iterator[EmbeddedServer]:
    """One that may be stopped."""
    ours = server_in(data).start()
    yield ours
    ours.stop()


def postmaster(server: EmbeddedServer) -> int:
    return int((server.cluster / "postmaster.pid").read_text().splitlines()[0])


async def asked(server: EmbeddedServer, sql: str) -> str:
    connection = await asyncpg.connect(server.url("postgres").replace("+asyncpg", ""))
    try:
        return str(await connection.fetchval(sql))
    finally:
        await connection.close()


async def test_it_listens_on_a_private_socket_only(server: EmbeddedServer) -> None:
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert await asked(server, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("wal_recycle", "off"),
        ("log_min_error_statement", "panic"),
        ("log_parameter_max_length_on_error", "0"),
    ],
)
async def test_it_keeps_what_it_confirms_and_logs_no_words(
    server: EmbeddedServer, setting: str, value: str
) -> None:
    assert await asked(server, f"SHOW {setting}") == value


async def test_an_error_leaves_no_word_of_it_in_the_log(server: EmbeddedServer) -> None:
    with pytest.raises(asyncpg.PostgresError):
        await asked(server, "SELECT 'kanarikata' FROM tidak_ada")
    connection = await asyncpg.connect(server.url("postgres").replace("+asyncpg", ""))
    with pytest.raises(asyncpg.PostgresError):
        await connection.fetchval("SELECT 1 / length($1)", "")
    await connection.close()
    assert "kanarikata" not in (server.home / "server.log").read_text(errors="replace")


def test_as_root_it_runs_under_another_account(server: EmbeddedServer) -> None:
    owner = Path(f"/proc/{postmaster(server)}").stat().st_uid
    assert owner != 0
    assert (owner == os.geteuid()) == (server.programs.account is None)


def test_an_orphan_is_adopted(own: EmbeddedServer, data: Path) -> None:
    before = postmaster(own)
    own._users.close()  # the run that started it is gone, without a word
    own._users = None
    again = server_in(data).start()
    assert postmaster(again) == before
    again.stop()
    assert not again.is_running()


def test_the_last_to_leave_stops_it(own: EmbeddedServer, data: Path) -> None:
    other = server_in(data).start()
    other.stop()
    assert own.is_running()
    own.stop()
    assert not own.is_running()


def test_a_long_path_gets_a_socket_elsewhere(data: Path) -> None:
    deep = data / ("panjang" * 12)
    deep.mkdir(mode=0o755)
    server = server_in(deep)
    assert len(str(server.socket / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    server.start().stop()
    shutil.rmtree(server.socket)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_a_folder_the_account_cannot_reach_is_refused_with_advice(data: Path) -> None:
    closed = data / "tertutup"
    closed.mkdir(mode=0o700)
    with pytest.raises(DatabaseRefused, match="TEMAN_LAPOR_DATA"):
        server_in(closed / "isi")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700, "folders of others stay as they are"


async def test_killed_twice_under_a_conversation_it_comes_back_and_nothing_is_lost(data: Path) -> None:
    settings = SimpleNamespace(
        data=data, database_url=None, app_database_url=None, desk_database_url=None, workers=2
    )
    database = await Database.open(settings)
    assert database.server is not None
    watching = asyncio.create_task(database.server.keep_running(every_s=0.1))
    talk = Talk(database)
    running = asyncio.create_task(talk.pipeline.run())
    try:
        for n in range(3):
            accepted = await _until_accepted(talk, f"pesan {n}", f"id-{n}")
            found = await _until_answered(talk, str(accepted.conversation), f"dengar: pesan {n}")
            assert found
            if n < 2:
                os.kill(postmaster(database.server), signal.SIGKILL)
    finally:
        for task in (running, watching):
            task.cancel()
        await asyncio.gather(running, watching, return_exceptions=True)
        await database.close()


async def _until_accepted(talk: Talk, text: str, message: str):  # type: ignore[no-untyped-def]
    from backend.persistence.errors import DatabaseUnavailable

    deadline = time.monotonic() + 60
    while True:
        try:
            return await talk.send(text, id=message)
        except DatabaseUnavailable:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)


async def _until_answered(talk: Talk, conversation: str, wanted: str) -> bool:
    from backend.persistence.errors import DatabaseUnavailable

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if await talk.last(conversation) == wanted:
                return True
        except DatabaseUnavailable:
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.05)
    return False


async def test_a_server_that_cannot_come_back_is_tried_again(tmp_path: Path) -> None:
    """As on a disk that is full for longer than one try lasts."""
    tries: list[str] = []

    class Dead(EmbeddedServer):
        def _is_alive(self) -> bool:
            return len(tries) > 1

        def _recover(self) -> None:
            tries.append("recover")
            if len(tries) == 1:
                raise DatabaseRefused("no space left on device")

    server = Dead(home=tmp_path, programs=Programs(tmp_path, None), socket=tmp_path)
    keeping = asyncio.create_task(server.keep_running(every_s=0.01))
    async with asyncio.timeout(5):
        while len(tries) < 2:
            await asyncio.sleep(0.01)
    assert not keeping.done()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
