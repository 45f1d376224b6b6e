"""What is purged, and how: keys destroyed, bodies emptied, times blurred, waiting messages kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from backend.persistence.case_tables import CLOSED
from backend.persistence.conversation_rows import ConversationRows
from backend.persistence.review_rows import SqlReview
from backend.persistence.sealing import Sealer
from backend.persistence.tables import (
    attachments,
    cases,
    conversation_activity,
    conversations,
    failed_lookups,
    hand_overs,
    inbox,
    outbox,
    turns,
)
from backend.persistence.thread import SqlContacts

KEPT_AFTER_FORGET = timedelta(hours=1)
DUPLICATES_COME_FOR = timedelta(days=8)


class SqlConversations(ConversationRows):
    """`backend.usecases.ports.Conversations`: living ones, and how they end."""

    async def empty(self, conversation: str, purge_at: datetime) -> None:
        await self._empty_inbox(conversation)
        await self._blur_times(conversation)
        await self._tx.connection.execute(
            sa.update(conversations).where(conversations.c.id == conversation).values(state=None)
        )
        await self._purge_no_later_than(conversation, purge_at)
        self._tx.emptied.add(conversation)

    async def _empty_inbox(self, conversation: str) -> None:
        """Messages that no turn has read yet stay: they belong to what comes next."""
        await self._tx.connection.execute(
            sa.update(inbox)
            .where(inbox.c.conversation_id == conversation, inbox.c.status != "waiting")
            .values(body=None)
        )

    async def _blur_times(self, conversation: str) -> None:
        """Times to the hour: the minute of a message must not be matched with that of a case."""
        hour = sa.func.date_trunc
        await self._tx.connection.execute(
            sa.update(inbox)
            .where(inbox.c.conversation_id == conversation, inbox.c.status != "waiting")
            .values(
                received_at=hour("hour", inbox.c.received_at),
                ready_at=hour("hour", inbox.c.ready_at),
                sent_at=None,
            )
        )
        await self._tx.connection.execute(
            sa.update(outbox)
            .where(outbox.c.conversation_id == conversation)
            .values(
                created_at=hour("hour", outbox.c.created_at),
                delivered_at=hour("hour", outbox.c.delivered_at),
            )
        )
        await self._tx.connection.execute(
            sa.delete(turns).where(turns.c.conversation_id == conversation, turns.c.status == "done")
        )
        await self._tx.connection.execute(
            sa.update(conversation_activity)
            .where(conversation_activity.c.conversation_id == conversation)
            .values(
                plain=None,
                last_message_at=hour("hour", conversation_activity.c.last_message_at),
                last_sent_at=hour("hour", conversation_activity.c.last_sent_at),
            )
        )

    async def _purge_no_later_than(self, conversation: str, at: datetime) -> None:
        await self._tx.connection.execute(
            sa.update(conversation_activity)
            .where(conversation_activity.c.conversation_id == conversation)
            .values(purge_by=sa.func.least(conversation_activity.c.purge_by, at), remind_at=None)
        )

    async def forget(self, conversation: str) -> None:
        await SqlReview(self._tx).unlearn_sender_of(conversation)
        await SqlContacts(self._tx).unlink_conversation(conversation)
        await self.wipe(conversation)
        # The farewell is still said, under the new key; then the row goes too.
        await self._tx.connection.execute(
            sa.update(conversation_activity)
            .where(conversation_activity.c.conversation_id == conversation)
            .values(purge_by=sa.func.now() + KEPT_AFTER_FORGET)
        )

    async def wipe(self, conversation: str) -> None:
        """Destroy the key and all that it sealed; the sender can still be reached, under a new key."""
        address = await self.address(conversation)
        channel = await self._tx.connection.scalar(
            sa.select(conversations.c.channel).where(conversations.c.id == conversation)
        )
        old = await self._tx.conversation_key(conversation)
        wrapped = self._tx.new_conversation_key(conversation)
        await self._reseal_waiting(conversation, old)
        await self._tx.connection.execute(
            sa.update(conversations)
            .where(conversations.c.id == conversation)
            .values(
                key_version=wrapped.version,
                key_wrapped=wrapped.wrapped,
                state=None,
                identity_level=None,
                sensitive=False,
                draft_open=False,
            )
        )
        await self._empty_inbox(conversation)
        for table in (outbox, attachments, hand_overs):
            await self._tx.connection.execute(sa.delete(table).where(table.c.conversation_id == conversation))
        await self._blur_times(conversation)
        await self._tx.connection.execute(
            sa.update(conversation_activity)
            .where(conversation_activity.c.conversation_id == conversation)
            .values(remind_at=None, purge_at=None, purge_by=None, reminded=False)
        )
        if address is not None:
            await self.write_address(conversation, str(channel), address)
        self._tx.emptied.add(conversation)

    async def _reseal_waiting(self, conversation: str, old: Sealer) -> None:
        """Messages that no turn has read yet are not lost with the key: they are sealed anew."""
        new = await self._tx.conversation_key(conversation)
        rows = await self._tx.connection.execute(
            sa.select(inbox.c.id, inbox.c.body).where(
                inbox.c.conversation_id == conversation, inbox.c.status == "waiting"
            )
        )
        for row in rows.all():
            about = f"inbox:{row.id}"
            await self._tx.connection.execute(
                sa.update(inbox)
                .where(inbox.c.id == row.id)
                .values(body=new.seal(old.open(row.body, about), about))
            )

    async def leave(self, conversation: str, now: datetime) -> None:
        """The sender has gone for good (quick exit): nobody can come back to it, and it is purged as soon as it is quiet."""
        await self._tx.connection.execute(
            sa.update(conversations).where(conversations.c.id == conversation).values(sender_hmac=None)
        )
        await self._purge_no_later_than(conversation, now)

    async def due_for_purge(
        self, now: datetime, limit: int = 20, *, even_if_busy: bool = False
    ) -> Sequence[str]:
        """Conversations whose time is over and in which nothing waits, neither a message nor a reply. Locked.
        `even_if_busy`: after a restore what waits has been answered long ago, or is too old to be."""
        busy_turn = sa.exists().where(
            turns.c.conversation_id == conversations.c.id, turns.c.status == "frozen"
        )
        busy_inbox = sa.exists().where(
            inbox.c.conversation_id == conversations.c.id, inbox.c.status == "waiting"
        )
        busy_outbox = sa.exists().where(
            outbox.c.conversation_id == conversations.c.id, outbox.c.status.in_(["queued", "unknown"])
        )
        found = await self._tx.connection.scalars(
            sa.select(conversations.c.id)
            .join(conversation_activity)
            .where(
                sa.func.least(conversation_activity.c.purge_at, conversation_activity.c.purge_by) <= now,
                sa.true() if even_if_busy else ~sa.or_(busy_turn, busy_inbox, busy_outbox),
            )
            .order_by(conversations.c.id)
            .limit(limit)
            .with_for_update(of=[conversations, conversation_activity], skip_locked=True)
        )
        return found.all()

    async def purge(self, conversation: str) -> None:
        """Gone, with its key. A sender who still awaits news of an open report keeps an empty conversation."""
        if await self._awaits_news(conversation):
            await self.wipe(conversation)
            return
        await SqlContacts(self._tx).unlink_conversation(conversation)
        await self._tx.connection.execute(
            sa.update(inbox)
            .where(inbox.c.conversation_id == conversation)
            .values(
                conversation_id=None,
                turn_id=None,
                body=None,
                sent_at=None,
                fetch_at=None,
                received_at=sa.func.date_trunc("hour", inbox.c.received_at),
                ready_at=sa.func.date_trunc("hour", inbox.c.ready_at),
            )
        )
        await self._tx.connection.execute(sa.delete(conversations).where(conversations.c.id == conversation))

    async def _awaits_news(self, conversation: str) -> bool:
        row = (
            await self._tx.connection.execute(
                sa.select(conversations.c.sender_hmac).where(conversations.c.id == conversation)
            )
        ).one()
        if row.sender_hmac is None:
            return False
        linked = await SqlContacts(self._tx).cases_of(conversation)
        open_cases = (
            sa.select(cases.c.id).where(cases.c.id.in_(linked), cases.c.state.not_in(CLOSED)).limit(1)
        )
        return await self._tx.connection.scalar(open_cases) is not None

    async def drop_old_traces(self, now: datetime) -> int:
        """HMACs of messages whose copies cannot come any more, and of askers who failed as long ago; the number of rows."""
        old = now - DUPLICATES_COME_FOR
        await self._tx.connection.execute(sa.delete(failed_lookups).where(failed_lookups.c.at < old))
        done = await self._tx.connection.execute(
            sa.delete(inbox).where(inbox.c.conversation_id.is_(None), inbox.c.received_at < old)
        )
        return int(done.rowcount)
