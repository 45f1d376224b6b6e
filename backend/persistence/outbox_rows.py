"""The outbox as rows, and the web channel's history, which is inbox and outbox in their one order."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backend.persistence.conversation_rows import ConversationRows
from backend.persistence.dead_letter_rows import bury
from backend.persistence.errors import KeyDestroyed
from backend.persistence.news_rows import SqlNews
from backend.persistence.tables import conversations, inbox, outbox
from backend.persistence.transaction import Transaction
from backend.usecases.ports import Notice

# How long the outcome of a send may stay unknown before it is sent again.
UNKNOWN_FOR = timedelta(seconds=120)
# What waits for the morning, or for the person to write, does not hold up what comes later.
HOLDS_UP_NOBODY = frozenset({"quiet_hours", "window_closed"})
# Channels whose clients come and read: a committed row is delivered.
PULLED = frozenset({"web"})


@dataclass(frozen=True)
class Outgoing:
    """A message to be sent: `body` as in the engine's reply, with `code` where a receipt carries one."""

    id: str
    conversation: str
    channel: str
    kind: str
    body: Any
    attempts: int
    created_at: datetime


@dataclass(frozen=True)
class HistoryEvent:
    """One event of a conversation: `mine` (the person's), `reply`, `receipt` or `notice`."""

    seq: int
    kind: str
    at: datetime
    body: Any


class SqlOutbox:
    """`backend.usecases.ports.Outbox`, and what the sender needs beyond it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, notice: Notice) -> None:
        """A notice for a conversation that is gone goes to the dead letters, where officers see it."""
        body = {"text": notice.text, "sentence": notice.sentence, "case": notice.case_id}
        try:
            await self.put(notice.conversation, "notice", body, notice.at, row_id=notice.id)
        except KeyDestroyed:
            await bury(self._tx, "outbox", notice.id, None, "recipient_gone", notice.at)

    async def settled_at(self, conversation: str, written_at: datetime) -> datetime | None:
        """As the port says. What was given up counts from its last try."""
        rows = (
            await self._tx.connection.execute(
                sa.select(
                    outbox.c.status, sa.func.coalesce(outbox.c.delivered_at, outbox.c.next_try_at).label("at")
                ).where(
                    outbox.c.conversation_id == conversation,
                    outbox.c.kind == "notice",
                    outbox.c.created_at == written_at,
                )
            )
        ).all()
        if any(row.status in ("queued", "unknown") for row in rows):
            return None
        latest: datetime = max([written_at, *[row.at for row in rows]])
        return latest

    async def put(
        self, conversation: str, kind: str, body: Any, at: datetime, *, row_id: str | None = None
    ) -> int:
        """Its place in the conversation. On a pulled channel it is delivered by being there.

        Raises:
            KeyDestroyed: the conversation is gone.
        """
        row_id = row_id or secrets.token_hex(16)
        sealer = await self._tx.conversation_key(conversation)
        row = (
            await self._tx.connection.execute(
                sa.select(conversations.c.channel, conversations.c.identity_level).where(
                    conversations.c.id == conversation
                )
            )
        ).one()
        pulled = row.channel in PULLED
        emptied = conversation in self._tx.emptied
        kept = at.replace(minute=0, second=0, microsecond=0) if emptied else at
        seq = await ConversationRows(self._tx).next_seq(conversation)
        await self._tx.connection.execute(
            sa.insert(outbox).values(
                id=row_id,
                conversation_id=conversation,
                channel=row.channel,
                seq=seq,
                kind=kind,
                body=sealer.seal_json(body, f"outbox:{row_id}"),
                empty_on_delivery=not pulled and (emptied or row.identity_level == "anonymous"),
                created_at=kept,
                status="delivered" if pulled else "queued",
                next_try_at=kept,
                delivered_at=kept if pulled else None,
            )
        )
        if pulled and kind == "notice":
            await SqlNews(self._tx).arrived(body, kept)
        return seq

    async def take(self, channels: Collection[str], now: datetime) -> Outgoing | None:
        """The next message to send, in the order of its conversation. From the commit on its outcome is unknown, so that a
        crash while sending sends it again after a while rather than at once."""
        earlier = outbox.alias("earlier")
        blocked = sa.exists().where(
            earlier.c.conversation_id == outbox.c.conversation_id,
            earlier.c.seq < outbox.c.seq,
            earlier.c.status.in_(["queued", "unknown"]),
            sa.or_(
                sa.func.coalesce(earlier.c.error_code, "").not_in(HOLDS_UP_NOBODY),
                earlier.c.next_try_at <= now,
            ),
        )
        row = (
            await self._tx.connection.execute(
                sa.select(outbox)
                .where(
                    outbox.c.status.in_(["queued", "unknown"]),
                    outbox.c.next_try_at <= now,
                    outbox.c.channel.in_(list(channels)),
                    ~blocked,
                )
                .order_by(outbox.c.next_try_at, outbox.c.seq)
                .limit(1)
                .with_for_update(key_share=True, skip_locked=True)
            )
        ).one_or_none()
        if row is None:
            return None
        await self._set(
            row.id,
            status="unknown",
            attempts=row.attempts + 1,
            next_try_at=now + UNKNOWN_FOR,
            error_code=None,
        )
        sealer = await self._tx.conversation_key(row.conversation_id)
        return Outgoing(
            id=row.id,
            conversation=row.conversation_id,
            channel=row.channel,
            kind=row.kind,
            body=sealer.open_json(row.body, f"outbox:{row.id}"),
            attempts=row.attempts + 1,
            created_at=row.created_at,
        )

    async def delivered(
        self, message: Outgoing, at: datetime, provider_id: str | None, *, confirmed: bool = True
    ) -> None:
        """Accepted by the channel. What was sent anonymously is emptied now, or, if a status is still to come, with that."""
        provider = self._tx.vault.identifier("provider", provider_id) if provider_id else None
        emptied = sa.and_(outbox.c.empty_on_delivery, sa.literal(confirmed))
        await self._settle(
            message,
            status="delivered",
            delivered_at=sa.case(
                (outbox.c.empty_on_delivery, sa.func.date_trunc("hour", sa.literal(at))), else_=at
            ),
            provider_hmac=provider,
            provider_rank=sa.func.greatest(outbox.c.provider_rank, 1),
            error_code=None,
            body=sa.case((emptied, None), else_=outbox.c.body),
        )
        if message.kind == "notice":
            await SqlNews(self._tx).arrived(message.body, at)

    async def put_off(
        self, message: Outgoing, until: datetime, error_code: str, *, counts: bool = True
    ) -> None:
        """Later again. `counts`: as one of the tries after which it is given up."""
        attempts = message.attempts if counts else message.attempts - 1
        await self._settle(
            message, status="queued", next_try_at=until, error_code=error_code, attempts=attempts
        )

    async def undeliverable(self, message: Outgoing, at: datetime, error_code: str) -> None:
        """Given up; officers see it."""
        done = await self._settle(message, status="dead", error_code=error_code)
        if done and message.kind == "notice":
            await SqlNews(self._tx).failed(message.body, error_code, at)
        if done:
            await bury(self._tx, "outbox", message.id, message.conversation, error_code, at)

    async def _settle(self, message: Outgoing, **values: Any) -> bool:
        """Write the outcome of this very try; False when a status was faster, or another try has begun."""
        done = await self._tx.connection.execute(
            sa.update(outbox)
            .where(
                outbox.c.id == message.id,
                outbox.c.status == "unknown",
                outbox.c.attempts == message.attempts,
            )
            .values(**values)
        )
        return bool(done.rowcount)

    async def _set(self, row_id: str, **values: Any) -> None:
        await self._tx.connection.execute(sa.update(outbox).where(outbox.c.id == row_id).values(**values))

    async def history(self, conversation: str, after: int, limit: int = 200) -> Sequence[HistoryEvent]:
        """What both sides said after place `after`, oldest first; nothing of what was emptied."""
        parts = (
            sa.select(
                inbox.c.id, inbox.c.seq, sa.literal("mine").label("kind"), inbox.c.received_at, inbox.c.body
            ).where(
                inbox.c.conversation_id == conversation,
                inbox.c.seq > after,
                inbox.c.kind != "event",
                inbox.c.body.is_not(None),
            ),
            sa.select(outbox.c.id, outbox.c.seq, outbox.c.kind, outbox.c.created_at, outbox.c.body).where(
                outbox.c.conversation_id == conversation, outbox.c.seq > after, outbox.c.body.is_not(None)
            ),
        )
        rows = (
            await self._tx.connection.execute(sa.union_all(*parts).order_by(sa.text("seq")).limit(limit))
        ).all()
        if not rows:
            return ()
        sealer = await self._tx.conversation_key(conversation)
        return tuple(
            HistoryEvent(
                seq, kind, at, sealer.open_json(body, f"{'inbox' if kind == 'mine' else 'outbox'}:{row}")
            )
            for row, seq, kind, at, body in rows
        )
