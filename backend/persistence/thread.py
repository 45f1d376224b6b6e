"""What belongs to a case besides its facts: messages, files and the sealed way back to its sender."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.persistence.tables import attachments, case_contacts, case_messages, cases, conversations
from backend.persistence.transaction import Transaction
from backend.usecases.ports import Attachment, Author, ThreadMessage


class SqlThread:
    """`backend.usecases.ports.Thread`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, message: ThreadMessage) -> None:
        sealer = await self._tx.case_key(message.case_id)
        # The case's row is locked for its history anyway; here it puts the messages in one order.
        await self._tx.connection.execute(
            sa.select(cases.c.id).where(cases.c.id == message.case_id).with_for_update(key_share=True)
        )
        last = await self._tx.connection.scalar(
            sa.select(sa.func.max(case_messages.c.position)).where(case_messages.c.case_id == message.case_id)
        )
        await self._tx.connection.execute(
            sa.insert(case_messages).values(
                id=message.id,
                case_id=message.case_id,
                position=(last or 0) + 1,
                author=str(message.author),
                body=sealer.seal_text(message.text, f"message:{message.id}"),
                at=message.at,
                attachments=list(message.attachments),
            )
        )

    async def of_case(self, case_id: str) -> tuple[ThreadMessage, ...]:
        rows = (
            await self._tx.connection.execute(
                sa.select(case_messages)
                .where(case_messages.c.case_id == case_id)
                .order_by(case_messages.c.at, case_messages.c.position)
            )
        ).all()
        if not rows:
            return ()
        sealer = await self._tx.case_key(case_id)
        return tuple(
            ThreadMessage(
                id=row.id,
                case_id=case_id,
                author=Author(row.author),
                text=sealer.open_text(row.body, f"message:{row.id}") or "",
                at=row.at,
                attachments=tuple(row.attachments),
            )
            for row in rows
        )


class SqlAttachments:
    """`backend.usecases.ports.Attachments`, and the bytes."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, attachment: Attachment) -> None:
        await self._insert(attachment, None)

    async def store(self, attachment: Attachment, content: bytes) -> None:
        """Keep a file with its bytes, sealed under the key of whoever it belongs to."""
        if attachment.case_id is not None:
            sealer = await self._tx.case_key(attachment.case_id)
        else:
            sealer = await self._tx.conversation_key(attachment.conversation or "")
        await self._insert(attachment, sealer.seal(content, f"attachment:{attachment.id}"))

    async def _insert(self, attachment: Attachment, body: bytes | None) -> None:
        await self._tx.connection.execute(
            sa.insert(attachments).values(
                id=attachment.id,
                conversation_id=None if attachment.case_id else attachment.conversation,
                case_id=attachment.case_id,
                kind=attachment.kind,
                media_type=attachment.media_type,
                n_bytes=attachment.n_bytes,
                body=body,
            )
        )

    async def read(self, attachment_id: str) -> bytes | None:
        """The bytes of a file; None when there are none or no such file."""
        row = (
            await self._tx.connection.execute(sa.select(attachments).where(attachments.c.id == attachment_id))
        ).one_or_none()
        if row is None or row.body is None:
            return None
        if row.case_id is not None:
            sealer = await self._tx.case_key(row.case_id)
        else:
            sealer = await self._tx.conversation_key(row.conversation_id)
        return sealer.open(row.body, f"attachment:{attachment_id}")

    async def bind(self, conversation: str, ids: Sequence[str], case_id: str) -> tuple[str, ...]:
        """One file at a time, so that only one lies open in memory."""
        taken = await self._tx.connection.scalar(
            sa.select(sa.func.max(attachments.c.position)).where(attachments.c.case_id == case_id)
        )
        bound: list[str] = []
        for one in dict.fromkeys(ids):
            row = (
                await self._tx.connection.execute(
                    sa.select(attachments.c.body)
                    .where(attachments.c.id == one, attachments.c.conversation_id == conversation)
                    .with_for_update()
                )
            ).one_or_none()
            if row is None:
                continue
            body = None if row.body is None else await self._resealed(one, row.body, conversation, case_id)
            await self._tx.connection.execute(
                sa.update(attachments)
                .where(attachments.c.id == one)
                .values(
                    conversation_id=None, case_id=case_id, body=body, position=(taken or 0) + len(bound) + 1
                )
            )
            bound.append(one)
        return tuple(bound)

    async def _resealed(self, one: str, body: bytes, conversation: str, case_id: str) -> bytes:
        old, new = await self._tx.conversation_key(conversation), await self._tx.case_key(case_id)
        return new.seal(old.open(body, f"attachment:{one}"), f"attachment:{one}")

    async def of_case(self, case_id: str) -> tuple[Attachment, ...]:
        rows = await self._tx.connection.execute(
            sa.select(attachments)
            .where(attachments.c.case_id == case_id)
            .order_by(attachments.c.position, attachments.c.id)
        )
        return tuple(
            Attachment(row.id, row.kind, row.media_type, row.n_bytes, None, row.case_id) for row in rows
        )


class SqlContacts:
    """`backend.usecases.ports.Contacts`. Without the key file a row tells neither the sender nor the conversation."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def link(self, case_id: str, conversation: str) -> None:
        sealer = await self._tx.case_key(case_id)
        values = {
            "sender_hmac": await self._sender(conversation),
            "recipient": sealer.seal(conversation.encode(), f"recipient:{case_id}"),
            "linked_at": sa.func.clock_timestamp(),
        }
        await self._tx.connection.execute(
            insert(case_contacts)
            .values(case_id=case_id, **values)
            .on_conflict_do_update(index_elements=["case_id"], set_=values)
        )

    async def _sender(self, conversation: str) -> bytes:
        """Equal for all conversations of one sender; a conversation whose sender has left is a sender of its own."""
        row = (
            await self._tx.connection.execute(
                sa.select(conversations.c.channel, conversations.c.sender_hmac).where(
                    conversations.c.id == conversation
                )
            )
        ).one_or_none()
        known = row.sender_hmac.hex() if row is not None and row.sender_hmac is not None else conversation
        return self._tx.vault.identifier("case sender", known)

    async def recipient(self, case_id: str) -> str | None:
        sealed = await self._tx.connection.scalar(
            sa.select(case_contacts.c.recipient).where(case_contacts.c.case_id == case_id)
        )
        if sealed is None:
            return None
        sealer = await self._tx.case_key(case_id)
        conversation = sealer.open(sealed, f"recipient:{case_id}").decode()
        alive = await self._tx.connection.scalar(
            sa.select(conversations.c.id).where(conversations.c.id == conversation)
        )
        return str(alive) if alive else None

    async def cases_of(self, conversation: str) -> tuple[str, ...]:
        found = await self._tx.connection.scalars(
            sa.select(case_contacts.c.case_id)
            .join(cases, cases.c.id == case_contacts.c.case_id)
            .where(case_contacts.c.sender_hmac == await self._sender(conversation))
            .order_by(cases.c.filed_at.desc(), case_contacts.c.linked_at.desc())
        )
        return tuple(found)

    async def unlink(self, case_id: str) -> None:
        await self._tx.connection.execute(sa.delete(case_contacts).where(case_contacts.c.case_id == case_id))

    async def unlink_conversation(self, conversation: str) -> None:
        """No case leads to this conversation any more."""
        for case_id in await self.cases_of(conversation):
            if await self.recipient(case_id) == conversation:
                await self.unlink(case_id)
