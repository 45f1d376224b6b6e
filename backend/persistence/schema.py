"""Roles, schema and migrations: a database that this release can work with, or a refusal that says why."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backend.cases.workflow import MOVES
from backend.persistence.errors import DatabaseRefused
from backend.persistence.tables import SCHEMA, case_moves

log = logging.getLogger(__name__)

OWNER, APP, DESK = "teman_lapor_owner", "teman_lapor_app", "teman_lapor_desk"
OLDEST_SERVER = 150000
# One migration and one making of roles at a time, whichever host starts first.
LOCK = 7_305_021_894_113
LOCK_WAIT_S, MOST_TRIES, PAUSE_S = 2, 60, 0.5


async def check_server(connection: AsyncConnection) -> None:
    """Raises DatabaseRefused for a server that is too old or that may forget what it has confirmed."""
    values = {
        name: str(await connection.scalar(sa.text("SELECT current_setting(:name)"), {"name": name}))
        for name in ("server_version_num", "fsync", "synchronous_commit", "full_page_writes")
    }
    if int(values["server_version_num"]) < OLDEST_SERVER:
        raise DatabaseRefused("PostgreSQL 15 or newer is needed: upgrade the server")
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        if values[name] == "off":
            raise DatabaseRefused(f"{name} is off: reports could be lost; set {name} = on in postgresql.conf")


async def make_roles(connection: AsyncConnection, *, login: bool) -> None:
    """The three logins and our schema exist afterwards, and whoever we are may act as each of them."""
    await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    known = set(
        await connection.scalars(
            sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names)"), {"names": [OWNER, APP, DESK]}
        )
    )
    kind = "LOGIN" if login else "NOLOGIN"
    try:
        for role in (OWNER, APP, DESK):
            if role not in known:
                await connection.execute(sa.text(f"CREATE ROLE {role} {kind} NOBYPASSRLS"))
            await connection.execute(sa.text(f"GRANT {role} TO CURRENT_USER"))
        await connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION {OWNER}"))
    except ProgrammingError as failure:
        raise DatabaseRefused(
            f"this login may not make the roles {OWNER}, {APP}, {DESK} and the schema {SCHEMA}: "
            "give it CREATEROLE and CREATE on the database, or make them as docs/operations.md says"
        ) from failure


async def migrate(connection: AsyncConnection) -> None:
    """The newest schema afterwards, made as its owner; the caller commits. Hosts of the release before may be at work: a change that
    has to wait for them gives up soon, so that nobody queues behind it, and `migrate_amid_traffic` tries again.

    Raises:
        DatabaseRefused: the database was written by a newer release.
    """
    await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    await connection.execute(sa.text(f"SET LOCAL ROLE {OWNER}"))
    await connection.execute(sa.text(f"SET LOCAL search_path = {SCHEMA}"))
    # An index of a million rows may take its time; waiting in front of others may not.
    await connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
    await connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_WAIT_S}s'"))
    await connection.execute(sa.text("SET LOCAL maintenance_work_mem = '256MB'"))
    at = await revision(connection)
    if at is not None and at not in known_revisions():
        raise DatabaseRefused(f"the database is newer ({at}) than this release; start the newer release")
    await connection.run_sync(_upgrade)
    await _write_moves(connection)


async def migrate_amid_traffic(engine: AsyncEngine) -> None:
    """`migrate`, committed, between two turns of whoever is at work.

    Raises:
        DatabaseRefused: see `migrate`; or no quiet moment was found.
    """
    for _ in range(MOST_TRIES):
        try:
            async with engine.begin() as connection:
                await migrate(connection)
                return
        except DBAPIError as failure:
            cause = failure.orig.__cause__ if failure.orig else None
            if not isinstance(cause, asyncpg.LockNotAvailableError | asyncpg.DeadlockDetectedError):
                raise
            log.info("migration waits for a quiet moment")
        await asyncio.sleep(PAUSE_S)
    raise DatabaseRefused(
        "the migration found no quiet moment: stop the other hosts for a minute, start again"
    )


async def revision(connection: AsyncConnection) -> str | None:
    """The migration the database stands at; None when it is empty."""
    table = f"{SCHEMA}.alembic_version"
    if await connection.scalar(sa.text("SELECT to_regclass(:table)"), {"table": table}) is None:
        return None
    return str(await connection.scalar(sa.text(f"SELECT version_num FROM {table}")))  # noqa: S608


def newest_revision() -> str | None:
    """The migration this release ends at."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known_revisions() -> frozenset[str]:
    return frozenset(step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions())


def _upgrade(connection: sa.Connection) -> None:
    configuration = _config()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


def _config() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return configuration


async def _write_moves(connection: AsyncConnection) -> None:
    """The database refuses whatever the workflow table of this release does not list."""
    wanted = {(str(move.old), str(move.new)) for move in MOVES}
    stored = {(row.old_state, row.new_state) for row in await connection.execute(sa.select(case_moves))}
    for old, new in sorted(stored - wanted):
        await connection.execute(
            sa.delete(case_moves).where(case_moves.c.old_state == old, case_moves.c.new_state == new)
        )
    for old, new in sorted(wanted - stored):
        await connection.execute(sa.insert(case_moves).values(old_state=old, new_state=new))
