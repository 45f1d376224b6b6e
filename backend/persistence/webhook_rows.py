"""Targets and deliveries of outgoing webhooks. The rows of a change are written by the database itself, in its transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.persistence.tables import cases, webhook_deliveries, webhook_targets
from backend.persistence.transaction import Transaction

SHOWN = 100


@dataclass(frozen=True)
class Target:
    """A system that wants to be told. Its secret is derived from its id, so that none is stored."""

    id: str
    desk: str
    url: str
    made_by: str
    made_at: datetime
    active: bool = True
    stopped_why: str | None = None


@dataclass(frozen=True)
class Delivery:
    """One telling; `id` is the `webhook-id`, the same at every attempt. `state`: waiting, delivered, failed, withheld."""

    id: str
    target_id: str
    url: str
    number: str
    event: str
    made_at: datetime
    state: str
    attempts: int
    last_result: str | None


class SqlWebhooks:
    """On the app's login."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, target: Target) -> None:
        await self._tx.connection.execute(sa.insert(webhook_targets).values(vars(target)))

    async def targets(self, desk: str) -> tuple[Target, ...]:
        """Of one regency, oldest first."""
        t = webhook_targets.c
        query = sa.select(webhook_targets).where(t.desk == desk).order_by(t.made_at, t.id)
        return tuple(Target(**row._mapping) for row in await self._tx.connection.execute(query))

    async def switch(self, target_id: str, desk: str, *, active: bool, why: str | None = None) -> bool:
        """Stop or resume one; False when this regency has no such target."""
        t = webhook_targets.c
        done = await self._tx.connection.execute(
            sa.update(webhook_targets)
            .where(t.id == target_id, t.desk == desk)
            .values(active=active, stopped_why=why)
        )
        return done.rowcount == 1

    async def stop(self, target_id: str, why: str) -> None:
        """A target that said it is gone for good."""
        query = sa.update(webhook_targets).where(webhook_targets.c.id == target_id)
        await self._tx.connection.execute(query.values(active=False, stopped_why=why))

    async def of_desk(self, desk: str, state: str = "") -> tuple[Delivery, ...]:
        """The newest hundred, of one state or of any."""
        query = self._joined().where(webhook_targets.c.desk == desk)
        if state:
            query = query.where(webhook_deliveries.c.state == state)
        query = query.order_by(webhook_deliveries.c.made_at.desc(), webhook_deliveries.c.id).limit(SHOWN)
        return tuple(Delivery(**row._mapping) for row in await self._tx.connection.execute(query))

    async def again(self, delivery_id: str, desk: str, now: datetime) -> bool:
        """Send one once more, from the beginning of its patience; False when this regency has none like it."""
        own = sa.select(webhook_targets.c.id).where(webhook_targets.c.desk == desk)
        d = webhook_deliveries.c
        done = await self._tx.connection.execute(
            sa.update(webhook_deliveries)
            .where(d.id == delivery_id, d.target_id.in_(own))
            .values(state="waiting", attempts=0, due_at=now)
        )
        return done.rowcount == 1

    async def claim(self, now: datetime, lease_until: datetime) -> Delivery | None:
        """The one that is due longest, taken until the lease ends; None when none is."""
        d, t = webhook_deliveries.c, webhook_targets.c
        due = (
            sa.select(d.id)
            .join(webhook_targets, t.id == d.target_id)
            .where(d.state == "waiting", d.due_at <= now, t.active)
            .order_by(d.due_at)
            .limit(1)
            .with_for_update(of=webhook_deliveries, key_share=True, skip_locked=True)
        )
        claimed = await self._tx.connection.scalar(
            sa.update(webhook_deliveries)
            .where(d.id == due.scalar_subquery())
            .values(due_at=lease_until, attempts=d.attempts + 1)
            .returning(d.id)
        )
        if claimed is None:
            return None
        row = (await self._tx.connection.execute(self._joined().where(d.id == claimed))).one()
        return Delivery(**row._mapping)

    async def settle(self, delivery_id: str, state: str, result: str, due_at: datetime | None = None) -> None:
        """How an attempt ended; `due_at` is when a waiting one is tried again."""
        values = {"state": state, "last_result": result, **({"due_at": due_at} if due_at else {})}
        query = sa.update(webhook_deliveries).where(webhook_deliveries.c.id == delivery_id)
        await self._tx.connection.execute(query.values(**values))

    def _joined(self) -> sa.Select[tuple[object, ...]]:
        d, t = webhook_deliveries.c, webhook_targets.c
        return (
            sa.select(
                d.id,
                d.target_id,
                t.url,
                cases.c.number,
                d.event,
                d.made_at,
                d.state,
                d.attempts,
                d.last_result,
            )
            .select_from(webhook_deliveries)
            .join(webhook_targets, t.id == d.target_id)
            .join(cases, cases.c.id == d.case_id)
        )
