"""The open database: its server, its keys, and a pool of connections for each login."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, Self

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backend.persistence import keys as key_store
from backend.persistence import schema
from backend.persistence.connecting import STATEMENT_S, Address, translated
from backend.persistence.desk_scope import DeskScope
from backend.persistence.embedded import SUPERUSER, EmbeddedServer, server_in
from backend.persistence.errors import DatabaseUnavailable, KeysRefused
from backend.persistence.keys import Keys
from backend.persistence.tables import installation

log = logging.getLogger(__name__)

DATABASE = "teman_lapor"
# Of whoever waits for an answer: a citizen, a channel that would send again, an engine. Then the truth is told.
PATIENCE_S = 8.0


class DatabaseSettings(Protocol):
    """The part of the settings that is read here (`backend.settings.Settings` has it)."""

    @property
    def data(self) -> Path: ...
    @property
    def database_url(self) -> SecretStr | None: ...
    @property
    def app_database_url(self) -> SecretStr | None: ...
    @property
    def desk_database_url(self) -> SecretStr | None: ...
    @property
    def workers(self) -> int: ...
    @property
    def host_name(self) -> str: ...


@dataclass
class Database:
    """Pools by what they are for: a busy worker never starves a question of an engine, nor the desk; nobody starves `door`, which keeps
    what channels are told."""

    server: EmbeddedServer | None
    keys: Keys
    admin_address: Address
    app_address: Address
    door: AsyncEngine
    requests: AsyncEngine
    workers: AsyncEngine
    desk: AsyncEngine

    @classmethod
    async def open(cls, settings: DatabaseSettings) -> Self:
        """Server running, schema newest, keys checked.

        Raises:
            DatabaseRefused: the server or its data cannot be used; the text says what to do.
            KeysRefused: the key file is missing, unsafe or another database's.
            DatabaseUnavailable: the named server does not answer.
        """
        server = await _started(settings)
        try:
            async with translated():
                return await cls._open(server, settings)
        except BaseException:
            if server is not None:
                await asyncio.to_thread(server.stop)
            raise

    @classmethod
    async def _open(cls, server: EmbeddedServer | None, settings: DatabaseSettings) -> Self:
        admin, app, desk = await _addresses(server, settings)
        engine = admin.pool(1)
        try:
            async with engine.begin() as connection:
                await schema.check_server(connection)
                await schema.make_roles(connection, login=server is not None)
            await schema.migrate_amid_traffic(engine)
            async with engine.begin() as connection:
                keys = await _matching_keys(connection, settings.data)
        finally:
            await engine.dispose()
        return cls.connected(keys, admin, app, desk, workers=settings.workers, server=server)

    @classmethod
    def connected(
        cls,
        keys: Keys,
        admin: Address,
        app: Address,
        desk: Address,
        *,
        workers: int,
        server: EmbeddedServer | None = None,
    ) -> Self:
        """A database that is known to be ready; nothing is asked of it yet."""
        return cls(
            server=server,
            keys=keys,
            admin_address=admin,
            app_address=app,
            door=app.pool(1, spare=1, patience_s=PATIENCE_S),
            requests=app.pool(8, spare=8, patience_s=PATIENCE_S),
            workers=app.pool(workers + 4, spare=4, patience_s=STATEMENT_S),
            desk=desk.pool(4, spare=4, plan_each=True, patience_s=STATEMENT_S),
        )

    async def close(self) -> None:
        """Pools closed and an own server stopped, unless another process uses it."""
        for engine in (self.door, self.requests, self.workers, self.desk):
            await engine.dispose()
        if self.server is not None:
            await asyncio.to_thread(self.server.stop)

    @asynccontextmanager
    async def desk_connection(self, scope: DeskScope) -> AsyncIterator[AsyncConnection]:
        """One transaction of the officers' login that sees the rows of its scope and no others; commits when left in peace."""
        async with translated(), self.desk.begin() as connection:
            await scope.apply(connection)
            yield connection

    async def commit_s(self) -> float:
        """Seconds that the smallest commit takes: a mark in the server's log, in no table. Raises DatabaseUnavailable."""
        began = time.monotonic()
        async with translated(), self.requests.begin() as connection:
            await connection.execute(sa.text("SELECT pg_logical_emit_message(true, 'teman-lapor', '')"))
        return time.monotonic() - began

    async def is_answering(self) -> bool:
        """For readiness: one round trip."""
        try:
            async with translated(), self.requests.connect() as connection:
                await connection.execute(sa.text("SELECT 1"))
        except DatabaseUnavailable:
            return False
        return True


async def _started(settings: DatabaseSettings) -> EmbeddedServer | None:
    """The own server, running; None when the settings name another one."""
    if settings.database_url is not None:
        return None
    return await asyncio.to_thread(lambda: server_in(settings.data).start())


@asynccontextmanager
async def running_server(settings: DatabaseSettings) -> AsyncIterator[EmbeddedServer | None]:
    """The own server while the block lasts, without opening what is in it; None when the settings name another one."""
    server = await _started(settings)
    try:
        async with translated():
            yield server
    finally:
        if server is not None:
            await asyncio.to_thread(server.stop)


async def first_address(server: EmbeddedServer | None, settings: DatabaseSettings) -> Address:
    """Of the administrator."""
    return (await _addresses(server, settings))[0]


async def _addresses(
    server: EmbeddedServer | None, settings: DatabaseSettings
) -> tuple[Address, Address, Address]:
    """Of the administrator, the app and the desk."""
    if server is not None:
        await _make_database(server)
        dsn = f"postgresql:///{DATABASE}?host={server.socket}"
        return (
            Address(dsn, user=SUPERUSER),
            Address(dsn, user=schema.APP),
            Address(dsn, user=schema.DESK),
        )
    assert settings.database_url is not None
    admin = _plain(settings.database_url)
    own_app, own_desk = settings.app_database_url, settings.desk_database_url
    return (
        Address(admin),
        Address(_plain(own_app)) if own_app else Address(admin, role=schema.APP),
        Address(_plain(own_desk)) if own_desk else Address(admin, role=schema.DESK),
    )


def _plain(url: SecretStr) -> str:
    """The address without a driver's name, which asyncpg does not know."""
    scheme, _, rest = url.get_secret_value().partition("://")
    return f"{scheme.split('+')[0]}://{rest}"


async def _make_database(server: EmbeddedServer) -> None:
    address = Address(
        f"postgresql:///postgres?host={server.socket}", user=SUPERUSER, search_path="pg_catalog"
    )
    connection = await address.connect()
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE}")
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        log.info("another process has made the database")
    finally:
        await connection.close()


async def _matching_keys(connection: AsyncConnection, data: Path) -> Keys:
    """The key file's keys, which are those the database was written with; both new at the first start."""
    known = await connection.scalar(sa.select(installation.c.key_fingerprint))
    if known is not None and not key_store.key_file(data).exists():
        raise KeysRefused(
            f"{key_store.key_file(data)} is missing but the database holds reports written with it: "
            "bring the file back (`python -m backend restore`), or no code and no text can be read"
        )
    keys = key_store.load_or_make(data)
    fingerprint = keys.vault.fingerprint()
    if known is None:
        row = {"one": True, "key_fingerprint": fingerprint, "made_at": datetime.now(UTC)}
        await connection.execute(insert(installation).values(row).on_conflict_do_nothing())
        # Two hosts may be first at the same moment; one of them was faster.
        known = await connection.scalar(sa.select(installation.c.key_fingerprint))
    if known != fingerprint:
        raise KeysRefused(
            f"{key_store.key_file(data)} is not the key file this database was written with: "
            "a further host gets the first one's (`backup-keys` there, `restore-keys` here)"
        )
    return keys
