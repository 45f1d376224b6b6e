"""How the pipeline does, in a handful of cheap queries: what waits, since when, what was given up. Counts only, no words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.cases.workflow import KIND, Kind, State
from backend.persistence.tables import alarms, arrivals, cases, dead_letters, inbox, outbox, review_items
from backend.persistence.transaction import Transaction
from backend.review.decisions import GOLD

OPEN = [str(state) for state in State if KIND[state] is Kind.OPEN]


@dataclass(frozen=True)
class Queue:
    """`n` waiting; `oldest_s` seconds since the oldest of them was due, 0 when none is."""

    n: int = 0
    oldest_s: float = 0.0


@dataclass(frozen=True)
class Pulse:
    """Queues by channel (`arrivals`: acknowledged, not yet sorted); `dead` by kind (not looked after yet); `alarms` the codes that are
    raised now."""

    arrivals: dict[str, Queue] = field(default_factory=dict)
    inbox: dict[str, Queue] = field(default_factory=dict)
    outbox: dict[str, Queue] = field(default_factory=dict)
    dead: dict[str, int] = field(default_factory=dict)
    alarms: tuple[str, ...] = ()
    to_review: int = 0
    overdue: int = 0


class SqlPulse:
    """Reads the pulse in the caller's transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def read(self, now: datetime) -> Pulse:
        """The state of the queues at `now`."""
        return Pulse(
            arrivals=await self._queues(arrivals.c.channel, arrivals.c.received_at, sa.true(), now),
            inbox=await self._queues(
                inbox.c.channel, inbox.c.ready_at, inbox.c.status.in_(("waiting", "frozen")), now
            ),
            outbox=await self._queues(
                outbox.c.channel, outbox.c.created_at, outbox.c.status.in_(("queued", "unknown")), now
            ),
            dead={
                row.kind: row.n
                for row in await self._tx.connection.execute(
                    sa.select(dead_letters.c.kind, sa.func.count().label("n"))
                    .where(dead_letters.c.resolved_at.is_(None))
                    .group_by(dead_letters.c.kind)
                )
            },
            alarms=tuple(
                await self._tx.connection.scalars(
                    sa.select(alarms.c.code).where(alarms.c.cleared_at.is_(None)).order_by(alarms.c.code)
                )
            ),
            overdue=int(
                await self._tx.connection.scalar(
                    sa.select(sa.func.count()).where(cases.c.state.in_(OPEN), cases.c.due_on < now.date())
                )
                or 0
            ),
            to_review=int(
                await self._tx.connection.scalar(
                    sa.select(sa.func.count()).where(
                        review_items.c.status == "pending", review_items.c.source != GOLD
                    )
                )
                or 0
            ),
        )

    async def _queues(
        self,
        channel: sa.Column[Any],
        since: sa.Column[Any],
        waiting: sa.ColumnElement[bool],
        now: datetime,
    ) -> dict[str, Queue]:
        rows = await self._tx.connection.execute(
            sa.select(
                channel.label("channel"), sa.func.count().label("n"), sa.func.min(since).label("oldest")
            )
            .where(waiting)
            .group_by(channel)
        )
        return {row.channel: Queue(row.n, max(0.0, (now - row.oldest).total_seconds())) for row in rows}
