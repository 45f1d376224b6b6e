"""The inbox as rows: what came in, once each, in one order."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.persistence.conversation_rows import ConversationRows
from backend.persistence.tables import conversation_activity, conversations, inbox
from backend.persistence.transaction import Transaction

# The order in which a person wrote, which is not always the order in which it came.
AS_WRITTEN = (sa.func.coalesce(inbox.c.sent_at, inbox.c.received_at), inbox.c.seq)


@dataclass(frozen=True)
class StoredMessage:
    """A message as it lies in the inbox; `body` is None once emptied."""

    id: str
    seq: int
    kind: str
    body: Any
    received_at: datetime


@dataclass(frozen=True)
class InboxEntry:
    """What is to be stored. `ready_at` is when a turn may take it if nothing follows; `closes` lets it be taken at once. `sent_at` is
    when its sender wrote it; `fetch`: files must be fetched first; `settled`: it is kept, no turn takes it; `urgent`: it overtakes others' messages."""

    channel: str
    external_id: str
    kind: str
    body: Any
    received_at: datetime
    ready_at: datetime
    closes: bool
    sent_at: datetime | None = None
    fetch: bool = False
    settled: bool = False
    urgent: bool = False


class SqlInbox:
    """Messages that came in."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def known(self, channel: str, external_id: str) -> tuple[str | None, int] | None:
        """Conversation (None once purged) and place of a message that came before; None when it is new."""
        row = (
            await self._tx.connection.execute(
                sa.select(inbox.c.conversation_id, inbox.c.seq).where(
                    inbox.c.channel == channel,
                    inbox.c.external_hmac == self._external(channel, external_id),
                )
            )
        ).one_or_none()
        return None if row is None else (row.conversation_id, row.seq)

    def _external(self, channel: str, external_id: str) -> bytes:
        return self._tx.vault.identifier(f"message {channel}", external_id)

    async def add(self, conversation: str, entry: InboxEntry, purge_at: datetime | None) -> int | None:
        """Its place in the conversation; None when a copy of it was stored by somebody else meanwhile."""
        seq = await ConversationRows(self._tx).next_seq(conversation)
        message = secrets.token_hex(16)
        sealer = await self._tx.conversation_key(conversation)
        stored = await self._tx.connection.scalar(
            insert(inbox)
            .values(
                id=message,
                conversation_id=conversation,
                channel=entry.channel,
                external_hmac=self._external(entry.channel, entry.external_id),
                seq=seq,
                kind=entry.kind,
                body=sealer.seal_json(entry.body, f"inbox:{message}"),
                received_at=entry.received_at,
                ready_at=entry.ready_at,
                closes=entry.closes,
                urgent=entry.urgent,
                status="done" if entry.settled else "waiting",
                sent_at=entry.sent_at,
                fetch_at=entry.received_at if entry.fetch else None,
            )
            .on_conflict_do_nothing(index_elements=["channel", "external_hmac"])
            .returning(inbox.c.seq)
        )
        if stored is None:
            return None
        if entry.kind != "event":
            await self._tx.connection.execute(
                sa.update(conversation_activity)
                .where(conversation_activity.c.conversation_id == conversation)
                .values(
                    last_message_at=entry.received_at,
                    last_sent_at=sa.func.greatest(conversation_activity.c.last_sent_at, entry.sent_at),
                    remind_at=None,
                    purge_at=purge_at,
                )
            )
        return int(stored)

    async def waiting(self, conversation: str) -> Sequence[StoredMessage]:
        """Not yet part of a turn, in order."""
        return await self._read(
            sa.select(inbox)
            .where(inbox.c.conversation_id == conversation, inbox.c.status == "waiting")
            .order_by(*AS_WRITTEN)
        )

    async def of_turn(self, turn_id: str) -> Sequence[StoredMessage]:
        return await self._read(sa.select(inbox).where(inbox.c.turn_id == turn_id).order_by(*AS_WRITTEN))

    async def _read(self, query: sa.Select[Any]) -> Sequence[StoredMessage]:
        messages = []
        for row in (await self._tx.connection.execute(query)).all():
            body = None
            if row.body is not None:
                sealer = await self._tx.conversation_key(row.conversation_id)
                body = sealer.open_json(row.body, f"inbox:{row.id}")
            messages.append(StoredMessage(row.id, row.seq, row.kind, body, row.received_at))
        return messages

    async def mark(self, turn_id: str, status: str) -> None:
        await self._tx.connection.execute(
            sa.update(inbox).where(inbox.c.turn_id == turn_id).values(status=status)
        )

    async def untold_waits(self, now: datetime, patience: timedelta, limit: int = 20) -> Sequence[str]:
        """Conversations whose oldest open message is older than `patience` and who have not been told why. Locked."""
        late = sa.exists().where(
            inbox.c.conversation_id == conversations.c.id,
            inbox.c.status.in_(["waiting", "frozen"]),
            inbox.c.kind != "event",
            inbox.c.received_at <= now - patience,
        )
        found = await self._tx.connection.scalars(
            sa.select(conversations.c.id)
            .where(~conversations.c.told_engine_is_down, late)
            .limit(limit)
            .with_for_update(key_share=True, skip_locked=True)
        )
        return found.all()

    async def told(self, conversation: str) -> None:
        await self._tx.connection.execute(
            sa.update(conversations)
            .where(conversations.c.id == conversation)
            .values(told_engine_is_down=True)
        )

    async def due_reminders(self, now: datetime, limit: int = 50) -> Sequence[tuple[str, str]]:
        """(conversation, channel) of drafts left in silence; each is given out once."""
        due = (
            sa.select(conversation_activity.c.conversation_id)
            .where(conversation_activity.c.remind_at <= now)
            .order_by(conversation_activity.c.remind_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = await self._tx.connection.execute(
            sa.update(conversation_activity)
            .where(
                conversation_activity.c.conversation_id.in_(due),
                conversations.c.id == conversation_activity.c.conversation_id,
            )
            .values(remind_at=None, reminded=True)
            .returning(conversations.c.id, conversations.c.channel)
        )
        return [(row.id, row.channel) for row in rows]

    async def after_turn(self, conversation: str, draft_open: bool, remind_at: datetime) -> None:
        """One reminder per draft: none when it has been given, none when there is no draft."""
        activity = conversation_activity.c
        waits = sa.and_(sa.literal(draft_open), ~activity.reminded)
        await self._tx.connection.execute(
            sa.update(conversation_activity)
            .where(activity.conversation_id == conversation)
            .values(
                remind_at=sa.case((waits, remind_at), else_=None),
                reminded=sa.and_(sa.literal(draft_open), activity.reminded),
            )
        )
