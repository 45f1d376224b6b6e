"""What becomes of everything a webhook tells. Each piece is committed before the webhook leaves the letterbox; copies change nothing."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from backend.channels.whatsapp.fates import Fates
from backend.channels.whatsapp.heard import (
    Edited,
    Heard,
    Message,
    Renamed,
    Revoked,
    Status,
    TemplateChanged,
    Trouble,
)
from backend.channels.whatsapp.ledger import CHANNEL
from backend.conversations.answers_to_officers import AnswersToOfficers
from backend.conversations.inbox import Incoming, Settle, Settled
from backend.conversations.pipeline import Pipeline
from backend.persistence.unit_of_work import OpenUnitOfWork, SqlUnitOfWork
from backend.persistence.wakeups import Bell
from backend.reference.loader import Reference

WORDS = Path(__file__).with_name("words.csv")
LATE = timedelta(hours=1)


@dataclass(frozen=True)
class Intake:
    """Hands messages to the pipeline and statuses to the outbox. `greet` is told of every new message that a turn will answer,
    `files` rings for whoever fetches files."""

    pipeline: Pipeline
    open_uow: OpenUnitOfWork
    reference: Reference
    answers: AnswersToOfficers
    fates: Fates
    zone: tzinfo
    clock: Callable[[], datetime]
    greet: Callable[[str], None]
    files: Bell
    words: Mapping[str, str] = field(default_factory=lambda: commands(WORDS))

    async def take(self, heard: Heard, came_at: datetime) -> None:
        """Do what it asks for. Raises DatabaseUnavailable: it must be taken again."""
        match heard:
            case Message():
                await self._message(heard, came_at)
            case Edited():
                await self._edited(heard, came_at)
            case Revoked():
                await self._revoked(heard, came_at)
            case Renamed(old, new, address):
                async with self.open_uow() as uow:
                    await uow.conversations.rename(CHANNEL, old, new, address)
                    await uow.commit()
            case Status():
                await self.fates.status(heard)
            case Trouble(error):
                await self.fates.trouble(error)
            case TemplateChanged(name, language, state):
                await self.fates.template(name, language, state)

    async def _message(self, message: Message, came_at: datetime) -> None:
        incoming = self._incoming(message, came_at)
        accepted = await self.pipeline.accept(incoming, self._settle(message, incoming, came_at))
        if accepted.is_new and not accepted.settled:
            self.greet(message.id)
            if incoming.fetch:
                self.files.ring()

    def _incoming(self, message: Message, came_at: datetime) -> Incoming:
        content: Mapping[str, Any] = message.content or {"other": message.kind}
        if message.media is not None:
            file = {"media": message.media.id, "kind": message.media.kind, "sha256": message.media.sha256}
            content = {"attachments": [file], "caption": message.media.caption, "quoted": message.quoted}
        return Incoming(
            channel=CHANNEL,
            sender=message.person.name,
            external_id=message.id,
            content=content,
            address=message.person.address,
            sent_at=_not_ahead(message.sent_at, came_at),
            known_as=message.person.known_as,
            fetch=message.media is not None,
        )

    def _settle(self, message: Message, incoming: Incoming, came_at: datetime) -> Settle:
        """What is looked at in the transaction that stores the message."""

        async def settle(uow: SqlUnitOfWork, conversation: str) -> Settled | None:
            now = self.clock()
            sent_at = incoming.sent_at or came_at
            await uow.line.heard(conversation, sent_at)
            await uow.deliveries.window_opened(conversation, now)
            if message.content is None and message.media is None:
                return Settled(self.reference.sentence(message.remark) if message.remark else None)
            if came_at - sent_at > LATE and await uow.second_thoughts.is_stale(conversation, sent_at, now):
                day = self.reference.date_label(sent_at.astimezone(self.zone).date())
                return Settled(self.reference.sentence("whatsapp_late", day=day))
            text = str((message.content or {}).get("text", ""))
            if wish := self.words.get(plain(text)):
                return await self._wish(wish, conversation, uow)
            if text and message.quoted:
                return await self.answers.answered(conversation, message.quoted, text, (), uow, now)
            return await self.answers.directly(conversation, text, (), uow, now) if text else None

        return settle

    async def _wish(self, wish: str, conversation: str, uow: SqlUnitOfWork) -> Settled | None:
        """STOP and its opposite; whoever never stopped may say the words of resuming for other reasons."""
        if wish == "stop":
            await uow.line.stop(conversation, stopped=True)
            return Settled(self.reference.sentence("whatsapp_stopped"))
        if not (await uow.line.recipient(conversation)).stopped:
            return None
        await uow.line.stop(conversation, stopped=False)
        return Settled(self.reference.sentence("whatsapp_resumed"))

    async def _edited(self, edited: Edited, came_at: datetime) -> None:
        """An unread message is replaced; of one that was read, the new wording is heard as another message."""
        if not edited.text:
            return
        async with self.open_uow() as uow:
            if await uow.second_thoughts.rewrite(CHANNEL, edited.original, edited.text):
                await uow.commit()
                return
            known = await uow.inbox.known(CHANNEL, edited.original)
        # An edit that overtakes its original takes its place, so that the old wording is a copy when it comes.
        message_id = edited.original if known is None else edited.id
        content = {"text": edited.text}
        await self._message(Message(message_id, edited.person, "text", edited.sent_at, content), came_at)

    async def _revoked(self, revoked: Revoked, came_at: datetime) -> None:
        """The words go; if they have not come yet, they are not taken when they come."""
        async with self.open_uow() as uow:
            found = await uow.second_thoughts.take_back(CHANNEL, revoked.original)
            await uow.commit()
        if not found:
            await self._message(Message(revoked.original, revoked.person, "revoke", None), came_at)


def commands(path: Path) -> dict[str, str]:
    """Words → what they wish."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["meaning"] for row in csv.DictReader(file)}


def plain(text: str) -> str:
    """Small letters and single blanks only.

    >>> plain(" STOP!! ")
    'stop'
    """
    return " ".join(re.findall(r"[^\W\d_]+", text.lower())) if len(text) < 40 else ""


def _not_ahead(sent_at: datetime | None, now: datetime) -> datetime | None:
    """A clock of Meta's that is ahead of ours must not put a message after those that follow."""
    return min(sent_at, now) if sent_at else None
