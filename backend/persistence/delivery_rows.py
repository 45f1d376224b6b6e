"""How far sent messages have come, as the provider tells it: late, twice, out of order, and before our own commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from backend.persistence.dead_letter_rows import bury
from backend.persistence.news_rows import SqlNews
from backend.persistence.tables import conversations, dead_letters, inbox, outbox
from backend.persistence.transaction import Transaction

# Later never goes back to earlier; what has arrived can fail no more.
RANKS = {"sent": 2, "delivered": 3, "read": 4}
ARRIVED = RANKS["delivered"]
WINDOW_CLOSED = "window_closed"


@dataclass(frozen=True)
class Consignment:
    """One message of ours, locked. `was_told_failed`: the same failure of the same sending was told before."""

    id: str
    conversation: str
    kind: str
    status: str
    attempts: int
    rank: int
    was_told_failed: bool


@dataclass(frozen=True)
class LastWord:
    """What was said last between us and somebody: `body` as the outbox keeps it."""

    body: Any
    at: datetime


@dataclass(frozen=True)
class Undelivered:
    """A message that reached nobody, or not yet: `code` says why; `since` is when it was given up or put off."""

    id: str
    kind: str
    channel: str
    code: str
    since: datetime
    given_up: bool


class SqlDeliveries:
    """Statuses of the outbox."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, outbox_id: str | None, provider_id: str) -> Consignment | None:
        """By the id we gave with it, else by the provider's; None when it is none of ours, or purged."""
        provider = self._provider(provider_id)
        ours = outbox.c.id == outbox_id if outbox_id else outbox.c.provider_hmac == provider
        row = (
            await self._tx.connection.execute(sa.select(outbox).where(ours).with_for_update(key_share=True))
        ).one_or_none()
        if row is None:
            return None
        return Consignment(
            id=row.id,
            conversation=row.conversation_id,
            kind=row.kind,
            status=row.status,
            attempts=row.attempts,
            rank=row.provider_rank,
            was_told_failed=row.failed_hmac == provider,
        )

    async def arrived(self, one: Consignment, status: str, provider_id: str, at: datetime) -> bool:
        """Note that it was sent, delivered or read; whether that is news. Words sent to an anonymous person are emptied now."""
        rank = RANKS[status]
        if rank <= one.rank:
            return False
        await self._set(
            one.id,
            provider_rank=rank,
            status="delivered",
            delivered_at=sa.func.coalesce(
                outbox.c.delivered_at,
                sa.case((outbox.c.empty_on_delivery, sa.func.date_trunc("hour", sa.literal(at))), else_=at),
            ),
            provider_hmac=sa.func.coalesce(outbox.c.provider_hmac, self._provider(provider_id)),
            error_code=None,
            body=sa.case((outbox.c.empty_on_delivery, None), else_=outbox.c.body),
        )
        if one.status == "dead":
            await self._news(one, SqlNews(self._tx).arrived, at)
            await self._tx.connection.execute(
                sa.update(dead_letters).where(dead_letters.c.subject_id == one.id).values(resolved_at=at)
            )
        return True

    async def failed_for_now(self, one: Consignment, provider_id: str, code: str, until: datetime) -> None:
        """The provider took it and could not deliver it: it is sent again."""
        await self._set(
            one.id,
            status="queued",
            next_try_at=until,
            error_code=code,
            delivered_at=None,
            provider_hmac=None,
            failed_hmac=self._provider(provider_id),
        )

    async def failed(self, one: Consignment, provider_id: str, code: str, at: datetime) -> None:
        """It will never arrive; officers see it."""
        await self._set(
            one.id,
            status="dead",
            error_code=code,
            delivered_at=None,
            failed_hmac=self._provider(provider_id),
        )
        await self._news(one, partial(SqlNews(self._tx).failed, code=code), at)
        await bury(self._tx, "outbox", one.id, one.conversation, code, at)

    async def _news(self, one: Consignment, note: Callable[..., Awaitable[None]], at: datetime) -> None:
        """Of a notice the case is told what became of it; its words are opened for the case's id alone."""
        body = await self._tx.connection.scalar(sa.select(outbox.c.body).where(outbox.c.id == one.id))
        if one.kind == "notice" and body is not None:
            sealer = await self._tx.conversation_key(one.conversation)
            await note(sealer.open_json(body, f"outbox:{one.id}"), at=at)

    async def quoted(self, conversation: str, provider_id: str) -> Any:
        """What a message of ours said that this person answers; None when it is gone, or was sent to somebody else."""
        row = (
            await self._tx.connection.execute(
                sa.select(outbox.c.id, outbox.c.body).where(
                    outbox.c.provider_hmac == self._provider(provider_id),
                    outbox.c.conversation_id == conversation,
                )
            )
        ).one_or_none()
        if row is None or row.body is None:
            return None
        sealer = await self._tx.conversation_key(conversation)
        return sealer.open_json(row.body, f"outbox:{row.id}")

    async def last_word(self, conversation: str, besides: str = "") -> LastWord | None:
        """Our own message, when it was the last one; None when the person has spoken since (`besides` does not count), is telling a
        report, or nothing was said."""
        row = (
            await self._tx.connection.execute(
                sa.select(outbox.c.id, outbox.c.body, outbox.c.seq, outbox.c.created_at)
                .join(conversations, conversations.c.id == outbox.c.conversation_id)
                .where(outbox.c.conversation_id == conversation, ~conversations.c.draft_open)
                .order_by(outbox.c.seq.desc())
                .limit(1)
            )
        ).one_or_none()
        if row is None or row.body is None:
            return None
        since = sa.select(inbox.c.id).where(
            inbox.c.conversation_id == conversation,
            inbox.c.seq > row.seq,
            inbox.c.kind != "event",
            inbox.c.id != besides,
        )
        if await self._tx.connection.scalar(since.limit(1)) is not None:
            return None
        sealer = await self._tx.conversation_key(conversation)
        return LastWord(sealer.open_json(row.body, f"outbox:{row.id}"), row.created_at)

    async def window_opened(self, conversation: str, now: datetime) -> bool:
        """What waited for this person to write goes out now; whether anything did."""
        done = await self._tx.connection.execute(
            sa.update(outbox)
            .where(
                outbox.c.conversation_id == conversation,
                outbox.c.status == "queued",
                outbox.c.error_code == WINDOW_CLOSED,
            )
            .values(next_try_at=now)
        )
        return bool(done.rowcount)

    async def undelivered(self, limit: int = 200) -> Sequence[Undelivered]:
        """Given up and not yet resolved, then those that wait, oldest first."""
        dead = await self._tx.connection.execute(
            sa.select(
                dead_letters.c.subject_id,
                outbox.c.kind,
                outbox.c.channel,
                dead_letters.c.error_code,
                dead_letters.c.at,
            )
            .outerjoin(outbox, outbox.c.id == dead_letters.c.subject_id)
            .where(dead_letters.c.kind == "outbox", dead_letters.c.resolved_at.is_(None))
            .order_by(dead_letters.c.at)
            .limit(limit)
        )
        waiting = await self._tx.connection.execute(
            sa.select(outbox.c.id, outbox.c.kind, outbox.c.channel, outbox.c.error_code, outbox.c.created_at)
            .where(outbox.c.status.in_(["queued", "unknown"]), outbox.c.error_code.is_not(None))
            .order_by(outbox.c.created_at)
            .limit(limit)
        )
        return [
            *(Undelivered(row[0], row[1] or "notice", row[2] or "", row[3], row[4], True) for row in dead),
            *(Undelivered(row[0], row[1], row[2], row[3], row[4], False) for row in waiting),
        ]

    def _provider(self, provider_id: str) -> bytes:
        return self._tx.vault.identifier("provider", provider_id)

    async def _set(self, row_id: str, **values: Any) -> None:
        await self._tx.connection.execute(sa.update(outbox).where(outbox.c.id == row_id).values(**values))
