"""Messages whose files must be fetched before a turn may read them, and messages that are changed after they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backend.persistence.tables import conversation_activity, conversations, inbox
from backend.persistence.transaction import Transaction

# A fetcher that died leaves its message to others after this long.
LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Unfetched:
    """A message with files elsewhere. `body` is as it came; `fetches` counts this try."""

    id: str
    conversation: str
    body: Any
    received_at: datetime
    fetches: int


class SqlFiles:
    """Files on their way in."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def take(self, now: datetime) -> Unfetched | None:
        """The message that is due longest; nobody else gets it for a minute."""
        row = (
            await self._tx.connection.execute(
                sa.select(inbox)
                .where(inbox.c.fetch_at <= now, inbox.c.status == "waiting")
                .order_by(inbox.c.fetch_at)
                .limit(1)
                .with_for_update(key_share=True, skip_locked=True)
            )
        ).one_or_none()
        if row is None:
            return None
        await self._set(row.id, fetch_at=now + LEASE, fetches=row.fetches + 1)
        sealer = await self._tx.conversation_key(row.conversation_id)
        body = sealer.open_json(row.body, f"inbox:{row.id}")
        return Unfetched(row.id, row.conversation_id, body, row.received_at, row.fetches + 1)

    async def is_still_wanted(self, message: Unfetched) -> bool:
        """False when it was taken back or purged meanwhile. Locked."""
        found = await self._tx.connection.scalar(
            sa.select(inbox.c.id)
            .where(inbox.c.id == message.id, inbox.c.status == "waiting", inbox.c.fetch_at.is_not(None))
            .with_for_update(key_share=True)
        )
        return found is not None

    async def ready(
        self, message: Unfetched, content: Any, at: datetime, *, settled: bool, note: str | None = None
    ) -> None:
        """The message as a turn may read it, `note` to be said before the answer; `settled`: no turn takes it."""
        sealer = await self._tx.conversation_key(message.conversation)
        body = {**message.body, "message": content, "note": note}
        sealed = sealer.seal_json(body, f"inbox:{message.id}")
        status = "done" if settled else "waiting"
        await self._set(message.id, body=sealed, fetch_at=None, ready_at=at, status=status)

    async def put_off(self, message: Unfetched, until: datetime) -> None:
        await self._set(message.id, fetch_at=until)

    async def _set(self, row_id: str, **values: Any) -> None:
        await self._tx.connection.execute(sa.update(inbox).where(inbox.c.id == row_id).values(**values))


class SqlSecondThoughts:
    """What a person changes about messages that came before."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def rewrite(self, channel: str, external_id: str, text: str) -> bool:
        """Whether the earlier message was still waiting and now says `text`."""
        row = await self._find(channel, external_id)
        if row is None or row.status != "waiting" or row.conversation_id is None:
            return False
        sealer = await self._tx.conversation_key(row.conversation_id)
        about = f"inbox:{row.id}"
        body = sealer.open_json(row.body, about)
        message = dict(body["message"])
        if "text" in message:
            message["text"] = text
        elif "attachments" in message:
            message["caption"] = text
        else:
            return False
        await self._set(row.id, body=sealer.seal_json({**body, "message": message}, about))
        return True

    async def take_back(self, channel: str, external_id: str) -> bool:
        """Empty an earlier message; whether there was one. One that a turn is reading stays until the turn is done."""
        row = await self._find(channel, external_id)
        if row is None:
            return False
        if row.status != "frozen":
            status = "done" if row.status == "waiting" else row.status
            await self._set(row.id, body=None, fetch_at=None, status=status)
        return True

    async def is_stale(self, conversation: str, sent_at: datetime, now: datetime) -> bool:
        """Whether the talk has gone on since that was written: later words were heard, or a draft of another day is open."""
        row = (
            await self._tx.connection.execute(
                sa.select(conversation_activity.c.last_sent_at, conversations.c.draft_open)
                .join(conversations, conversations.c.id == conversation_activity.c.conversation_id)
                .where(conversations.c.id == conversation)
            )
        ).one()
        went_on = row.last_sent_at is not None and sent_at < row.last_sent_at
        return bool(went_on or (row.draft_open and now - sent_at > timedelta(days=1)))

    async def _find(self, channel: str, external_id: str) -> Any:
        hmac = self._tx.vault.identifier(f"message {channel}", external_id)
        return (
            await self._tx.connection.execute(
                sa.select(inbox)
                .where(inbox.c.channel == channel, inbox.c.external_hmac == hmac)
                .with_for_update(key_share=True)
            )
        ).one_or_none()

    async def _set(self, row_id: str, **values: Any) -> None:
        await self._tx.connection.execute(sa.update(inbox).where(inbox.c.id == row_id).values(**values))
