"""Who is who on a channel: senders become opaque conversations; what they sent lies under the conversation's key."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.usecases.ports import Attachment


class NoRoom(Exception):
    """The disk is nearly full: files are refused, so that words can still be kept."""


@dataclass(frozen=True)
class Senders:
    """Conversations of senders. A sender's own name (session secret, number) is never stored, only its HMAC. `has_room` is asked before
    a file is kept."""

    open_uow: OpenUnitOfWork
    clock: Callable[[], datetime]
    has_room: Callable[[], bool] = lambda: True

    async def find(self, channel: str, sender: str) -> str | None:
        """The sender's conversation; None before the first message and after a purge."""
        async with self.open_uow() as uow:
            return await uow.conversations.find(channel, sender)

    async def open(self, channel: str, sender: str, address: str | None = None) -> str:
        """The sender's conversation, made when there is none."""
        async with self.open_uow() as uow:
            now = self.clock()
            conversation = await uow.conversations.open(channel, sender, address, now)
            await uow.commit()
            return conversation

    async def leave(self, channel: str, sender: str) -> None:
        """Quick exit: what waits is still answered and filed, then the conversation is purged; nobody can come back to it."""
        async with self.open_uow() as uow:
            conversation = await uow.conversations.find(channel, sender)
            if conversation is not None:
                await uow.conversations.leave(conversation, self.clock())
                await uow.commit()

    async def store_upload(self, conversation: str, content: bytes, kind: str, media_type: str) -> str:
        """Keep a file (already checked and re-encoded) under the conversation's key; the id is for `attachments`.

        Raises:
            KeyDestroyed: the conversation has been purged.
            NoRoom: the disk is nearly full.
        """
        if not self.has_room():
            raise NoRoom
        upload = secrets.token_hex(16)
        attachment = Attachment(upload, kind, media_type, len(content), conversation=conversation)
        async with self.open_uow() as uow:
            await uow.attachments.store(attachment, content)
            await uow.commit()
        return upload
