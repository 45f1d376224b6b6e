"""A PostgreSQL server for one run of the tests, and a fresh database for each test, copied from a template.

With `DATABASE_URL` set, that server is used instead (its databases `teman_lapor_test_*` are made and dropped).
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from backend.persistence.connecting import Address
    from backend.persistence.database import Database
    from backend.persistence.embedded import EmbeddedServer
    from backend.persistence.keys import Keys

WORKERS = 4


@dataclass
class TestServer:
    """A running server and its template database, migrated once."""

    __test__ = False

    folder: Path
    server: EmbeddedServer | None
    keys: Keys
    template: str

    def address(self, name: str, login: str | None = None) -> Address:
        """Of one database, as the administrator or as one of the three logins."""
        from backend.persistence.columns import SCHEMA
        from backend.persistence.connecting import Address
        from backend.persistence.embedded import SUPERUSER

        if self.server is not None:
            return Address(f"postgresql:///{name}?host={self.server.socket}", user=login or SUPERUSER)
        base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        return Address(f"{base}/{name}", role=login, search_path=SCHEMA)

    async def command(self, sql: str) -> None:
        connection = await self.address("postgres").connect()
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def migrate(self) -> None:
        from backend.persistence import schema

        await self.command(f"CREATE DATABASE {self.template}")
        engine = self.address(self.template).pool(1)
        async with engine.begin() as connection:
            await schema.make_roles(connection, login=self.server is not None)
        async with engine.begin() as connection:
            await schema.migrate(connection)
        await engine.dispose()

    async def fresh(self) -> tuple[str, Database]:
        from backend.persistence.database import Database
        from backend.persistence.schema import APP, DESK

        name = f"teman_lapor_test_{secrets.token_hex(6)}"
        await self.command(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        addresses = [self.address(name, login) for login in (None, APP, DESK)]
        return name, Database.connected(self.keys, *addresses, workers=WORKERS)

    async def drop(self, name: str) -> None:
        await self.command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def folder_of_tests() -> Path:
    """A new folder that the server's account may pass through, with a short path for its socket."""
    folder = Path(tempfile.mkdtemp(prefix="tl-"))
    folder.chmod(0o755)
    return folder


@contextmanager
def running_server() -> Iterator[TestServer]:
    """A server with its migrated template; stopped and gone afterwards."""
    from backend.persistence.embedded import server_in
    from backend.persistence.keys import new_keys

    folder = folder_of_tests()
    server = None if "DATABASE_URL" in os.environ else server_in(folder).start()
    ours = TestServer(folder, server, new_keys(), f"teman_lapor_test_{secrets.token_hex(6)}")
    try:
        asyncio.run(ours.migrate())
        yield ours
        asyncio.run(ours.drop(ours.template))
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_server() -> Iterator[TestServer]:
    """The server of this run."""
    with running_server() as ours:
        yield ours


@pytest.fixture
async def database(database_server: TestServer) -> AsyncIterator[Any]:
    """A fresh, migrated `Database` of this test's own."""
    name, ours = await database_server.fresh()
    try:
        yield ours
    finally:
        await ours.close()
        await database_server.drop(name)
