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
STATEMENT_S = 30.0
# The server gives a statement up first; when we do, it is the line that is silent.
SILENT_S = 2.0
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
# What a server raises that is there, and too slow: nothing was committed, and the next try may be luckier.
SLOW = (
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.OutOfMemoryError,
)


@dataclass(frozen=True)
class Address:
    """How to connect: a PostgreSQL address, and the login or role that replaces the one in it."""

    dsn: str = field(repr=False)
    user: str | None = None
    role: str | None = None
    search_path: str = SCHEMA

    async def connect(self, *, plan_each: bool = False, statement_s: float = STATEMENT_S, **more: Any) -> Any:
        """The server gives a statement up after `statement_s`. `plan_each`: a prepared statement is planned for its values every time. Filters of the work list are anything from three cases
        to all of them; the one plan for all, which PostgreSQL takes from the sixth time on, read a million rows for a district of few."""
        settings = {
            "search_path": self.search_path,
            "application_name": "teman-lapor",
            "jit": "off",
            "timezone": "UTC",
            "statement_timeout": f"{statement_s:.0f}s",
            "idle_in_transaction_session_timeout": "120000",
        }
        if plan_each:
            settings["plan_cache_mode"] = "force_custom_plan"
        if self.role:
            settings["role"] = self.role
        more.setdefault("timeout", CONNECT_S)
        return await asyncpg.connect(self.dsn, user=self.user, server_settings=settings, **more)

    def pool(
        self, size: int, spare: int = 0, *, plan_each: bool = False, patience_s: float | None = None
    ) -> AsyncEngine:
        """With `patience_s` a statement is given up after so long, and a moment later even when the server says nothing at all."""
        limits: dict[str, Any] = {}
        if patience_s is not None:
            limits = {"statement_s": patience_s, "command_timeout": patience_s + SILENT_S}
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=partial(self.connect, plan_each=plan_each, **limits),
            pool_size=size,
            max_overflow=spare,
            pool_timeout=CONNECT_S,
            hide_parameters=True,
        )
        sa.event.listen(engine.sync_engine, "handle_error", _let_go)
        return engine


def _let_go(context: sa.engine.ExceptionContext) -> None:
    """A connection that was silent is not asked to roll back: that would be waited for as long again."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """A broken, missing or exhausted connection becomes DatabaseUnavailable; every other failure stays what it is."""
    try:
        yield
    except DBAPIError as failure:
        cause = failure.orig.__cause__ if failure.orig else None
        if failure.connection_invalidated or isinstance(cause, BROKEN + SLOW):
            raise DatabaseUnavailable(type(cause or failure).__name__) from failure
        raise
    except (*BROKEN, sa.exc.TimeoutError) as failure:
        raise DatabaseUnavailable(type(failure).__name__) from failure
