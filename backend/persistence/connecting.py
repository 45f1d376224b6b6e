"""How a connection is made, and what a broken one is called."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from backend.persistence.columns import SCHEMA
from backend.persistence.errors import DatabaseUnavailable

CONNECT_S = 10.0
STATEMENT_MS = 30_000
# What a connection that never was, broke, or belongs to a stopping server raises.
BROKEN = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    ConnectionError,
    TimeoutError,
    OSError,
)


@dataclass(frozen=True)
class Address:
    """How to connect: a PostgreSQL address, and the login or role that replaces the one in it."""

    dsn: str = field(repr=False)
    user: str | None = None
    role: str | None = None
    search_path: str = SCHEMA

    async def connect(self, *, plan_each: bool = False, **more: Any) -> Any:
        """`plan_each`: a prepared statement is planned for its values every time. Filters of the work list are anything from three cases
        to all of them; the one plan for all, which PostgreSQL takes from the sixth time on, read a million rows for a district of few."""
        settings = {
            "search_path": self.search_path,
            "application_name": "teman-lapor",
            "jit": "off",
            "timezone": "UTC",
            "statement_timeout": str(STATEMENT_MS),
            "idle_in_transaction_session_timeout": "120000",
        }
        if plan_each:
            settings["plan_cache_mode"] = "force_custom_plan"
        if self.role:
            settings["role"] = self.role
        more.setdefault("timeout", CONNECT_S)
        return await asyncpg.connect(self.dsn, user=self.user, server_settings=settings, **more)

    def pool(self, size: int, spare: int = 0, *, plan_each: bool = False) -> AsyncEngine:
        return create_async_engine(
            "postgresql+asyncpg://",
            async_creator=partial(self.connect, plan_each=plan_each),
            pool_size=size,
            max_overflow=spare,
            pool_timeout=CONNECT_S,
            hide_parameters=True,
        )


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """A broken or missing connection becomes DatabaseUnavailable; every other failure stays what it is."""
    try:
        yield
    except DBAPIError as failure:
        cause = failure.orig.__cause__ if failure.orig else None
        if failure.connection_invalidated or isinstance(cause, BROKEN):
            raise DatabaseUnavailable(type(cause or failure).__name__) from failure
        raise
    except (*BROKEN, sa.exc.TimeoutError) as failure:
        raise DatabaseUnavailable(type(failure).__name__) from failure
