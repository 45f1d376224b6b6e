"""Sessions of officers, and the delays of those who guess; the same for every process of the backend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.cases.access import Officer
from backend.persistence.officer_rows import officer_from
from backend.persistence.tables import desk_sessions, login_failures, officers
from backend.persistence.transaction import Transaction

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
# Between the password and the second factor, and from an invitation to its end.
HALF_WAY = timedelta(minutes=15)
TOUCHED_EVERY = timedelta(seconds=60)
LONGEST_DELAY_S = 60.0
FORGOTTEN_AFTER = timedelta(hours=1)

SHOWN: list[Any] = [desk_sessions.c[name] for name in ("stage", "began_at", "seen_at", "absence_id")]


@dataclass(frozen=True)
class Session:
    """A live session. `stage` is set_up, second (the password was right) or in; `absence_id` under which the officer took another's place."""

    officer: Officer
    stage: str
    holder: str
    sk_until: date
    absence_id: str | None = None


class SqlSessions:
    """Rows of `desk_sessions`: the cookie's secret is known here as HMAC only."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def _digest(self, secret: str) -> bytes:
        return self._tx.vault.identifier("desk session", secret)

    async def begin(self, secret: str, officer_id: str, stage: str, now: datetime) -> None:
        row = {"officer_id": officer_id, "stage": stage, "began_at": now, "seen_at": now}
        await self._tx.connection.execute(sa.insert(desk_sessions).values(token=self._digest(secret), **row))
        await self._tx.connection.execute(
            sa.delete(desk_sessions).where(desk_sessions.c.seen_at < now - LONGEST)
        )

    async def find(self, secret: str, now: datetime) -> Session | None:
        """The session, whose idle time begins anew; None when it is over or its position has ended."""
        digest = self._digest(secret)
        query: sa.Select[Any] = (
            sa.select(*SHOWN, officers)
            .join(officers, officers.c.id == desk_sessions.c.officer_id)
            .where(desk_sessions.c.token == digest, officers.c.active)
        )
        row = (await self._tx.connection.execute(query)).one_or_none()
        if row is None:
            return None
        idle, longest = (IDLE, LONGEST) if row.stage == "in" else (HALF_WAY, HALF_WAY)
        if now - row.seen_at > idle or now - row.began_at > longest:
            return None
        if now - row.seen_at > TOUCHED_EVERY:
            await self._tx.connection.execute(
                sa.update(desk_sessions).where(desk_sessions.c.token == digest).values(seen_at=now)
            )
        return Session(officer_from(row), row.stage, row.holder, row.sk_until, row.absence_id)

    async def end(self, secret: str) -> None:
        await self._tx.connection.execute(
            sa.delete(desk_sessions).where(desk_sessions.c.token == self._digest(secret))
        )

    async def end_others(self, officer_id: str, secret: str) -> None:
        """After a change of password: everywhere else the position is out."""
        await self._tx.connection.execute(
            sa.delete(desk_sessions).where(
                desk_sessions.c.officer_id == officer_id, desk_sessions.c.token != self._digest(secret)
            )
        )


class SqlDelays:
    """Failures by key: each beyond the first `free` doubles the wait for the next try, up to a minute; nobody is locked out."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def reserve(self, key: str, now: datetime, free: int = 0) -> float:
        """0 when a try may begin, and it is counted as a failure until `forgive`; else the seconds to wait. Counting first makes
        guesses that come at the same time wait for each other."""
        digest = self._tx.vault.identifier("log-in", key)
        table = login_failures
        await self._tx.connection.execute(
            insert(table).values(key=digest, n=0, next_at=now).on_conflict_do_nothing()
        )
        row = (
            await self._tx.connection.execute(sa.select(table).where(table.c.key == digest).with_for_update())
        ).one()
        if row.next_at > now:
            return float((row.next_at - now).total_seconds())
        n = 1 if now - row.next_at > FORGOTTEN_AFTER else row.n + 1
        wait = timedelta(seconds=delay_s(n - free))
        await self._tx.connection.execute(
            sa.update(table).where(table.c.key == digest).values(n=n, next_at=now + wait)
        )
        return 0.0

    async def forgive(self, key: str) -> None:
        digest = self._tx.vault.identifier("log-in", key)
        await self._tx.connection.execute(sa.delete(login_failures).where(login_failures.c.key == digest))

    async def forgive_one(self, key: str, now: datetime) -> None:
        """A success among the tries of many: it does not count, the others do."""
        digest = self._tx.vault.identifier("log-in", key)
        await self._tx.connection.execute(
            sa.update(login_failures)
            .where(login_failures.c.key == digest, login_failures.c.n > 0)
            .values(n=login_failures.c.n - 1, next_at=now)
        )


def delay_s(n: int) -> float:
    """Seconds to wait after the n-th failure that counts.

    >>> [delay_s(n) for n in (0, 1, 2, 3, 20)]
    [0.0, 1.0, 2.0, 4.0, 60.0]
    """
    return 0.0 if n < 1 else min(2.0 ** (n - 1), LONGEST_DELAY_S)
