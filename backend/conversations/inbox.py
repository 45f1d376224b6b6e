"""What comes in is committed before it is answered, once, in order."""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from backend.conversations.bundling import Bundling
from backend.persistence.errors import KeyDestroyed
from backend.persistence.inbox_rows import InboxEntry
from backend.persistence.unit_of_work import OpenUnitOfWork, SqlUnitOfWork
from backend.usecases.file_complaint import ANONYMOUS_PURGE

KINDS = ("text", "choice", "location", "attachments", "event", "other")
TRIES = 4


@dataclass(frozen=True)
class Incoming:
    """One message of a channel. `sender` is whatever tells senders apart there (session secret, phone number); it is kept
    only as HMAC. `external_id` is unique in the channel (`client_id` with the session, message id). `address` is where a
    pushing channel reaches the sender. `content` has one of `text`, `choice`, `location`, `attachments` as in the engine
    protocol, or `other` for what is kept and never read; `client_id` comes back in the web history. `sent_at` is when it was
    written, `known_as` are older names of the sender, `fetch`: its attachments lie elsewhere and a turn must wait for them."""

    channel: str
    sender: str = field(repr=False)
    external_id: str = field(repr=False)
    content: Mapping[str, Any] = field(repr=False)
    address: str | None = field(default=None, repr=False)
    client_id: str | None = None
    sent_at: datetime | None = None
    known_as: tuple[str, ...] = field(default=(), repr=False)
    fetch: bool = False

    @property
    def kind(self) -> str:
        return next(kind for kind in KINDS if kind in self.content)


@dataclass(frozen=True)
class Accepted:
    """`seq` is the message's place in its conversation, the same for every copy; `conversation` is None when a copy comes
    after the conversation was purged. `ready_at` is when its turn may begin; `settled`: there will be none."""

    conversation: str | None
    seq: int
    is_new: bool
    ready_at: datetime
    settled: bool = False


@dataclass(frozen=True)
class Settled:
    """A message that needs no turn; `say` answers it. `about` is the report that it went to; `code` makes it a receipt; `and_a_turn`: it
    is answered so much at once, and read all the same."""

    say: str | None = None
    about: str | None = None
    choices: tuple[Mapping[str, str], ...] = ()
    code: str | None = field(default=None, repr=False)
    and_a_turn: bool = False

    @property
    def reply(self) -> dict[str, Any]:
        """The answer as the outbox keeps it."""
        more = {"case": self.about, "code": self.code}
        body: dict[str, Any] = {"text": self.say, "choices": list(self.choices)}
        return {**body, **{name: value for name, value in more.items() if value}}


# Looks at a message in the transaction that stores it, and may do more in it: `Settled`, or None for an ordinary turn.
Settle = Callable[[SqlUnitOfWork, str], Awaitable[Settled | None]]


@dataclass(frozen=True)
class Inbox:
    """Takes messages of all channels."""

    open_uow: OpenUnitOfWork
    bundling: Bundling
    draft_kept: timedelta

    async def accept(self, message: Incoming, now: datetime, settle: Settle | None = None) -> Accepted:
        """Committed when this returns; what `settle` did in the same commit.

        Raises:
            DatabaseUnavailable: not stored for certain; the sender must try again (a copy does no harm).
        """
        for _ in range(TRIES - 1):
            try:
                return await self._accept(message, now, settle)
            except KeyDestroyed:
                continue  # the conversation was purged between finding and storing: the next try opens another
        return await self._accept(message, now, settle)

    async def _accept(self, message: Incoming, now: datetime, settle: Settle | None) -> Accepted:
        content = readable(message.content)
        ready_at = now if self.bundling.closes(content) else self.bundling.ready_at(message.channel, now)
        async with self.open_uow() as uow:
            known = await uow.inbox.known(message.channel, message.external_id)
            if known is not None:
                return Accepted(*known, is_new=False, ready_at=now)
            conversation = await uow.conversations.open(
                message.channel, message.sender, message.address, now, message.known_as
            )
            settled = await settle(uow, conversation) if settle else None
            is_done = settled is not None and not settled.and_a_turn
            entry = InboxEntry(
                channel=message.channel,
                external_id=message.external_id,
                kind=message.kind,
                body={"message": content, "client_id": _readable(message.client_id)},
                received_at=now,
                ready_at=ready_at,
                closes=self.bundling.closes(content),
                urgent=self.bundling.goes_first(content),
                sent_at=message.sent_at,
                fetch=message.fetch and not is_done,
                settled=is_done,
            )
            seq = await uow.inbox.add(conversation, entry, purge_at=now + self.draft_kept)
            if seq is not None:
                if settled is not None and settled.say:
                    kind = "receipt" if settled.code else "reply"
                    await uow.outbox.put(conversation, kind, settled.reply, now)
                if conversation in uow.transaction.emptied:
                    # Filed anonymously just now: not even the word that sent it stays, nor its minute.
                    await uow.conversations.empty(conversation, now + ANONYMOUS_PURGE)
                await uow.commit()
                return Accepted(conversation, seq, True, ready_at, is_done)
        return await self._copy(message, now)

    async def _copy(self, message: Incoming, now: datetime) -> Accepted:
        """Two copies at the same moment: the other one was stored."""
        async with self.open_uow() as uow:
            known = await uow.inbox.known(message.channel, message.external_id)
            if known is None:
                raise KeyDestroyed("the copy that was stored first is gone again")
            return Accepted(*known, is_new=False, ready_at=now)


def readable(content: Mapping[str, Any]) -> dict[str, Any]:
    r"""The content with text that every later reader can encode: lone surrogates and NUL replaced, however deep.

    >>> readable({"location": {"label": "a\x00b"}})
    {'location': {'label': 'ab'}}
    """
    return {str(name): _readable(value) for name, value in content.items()}


def _readable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    if isinstance(value, Mapping):
        return readable(value)
    if isinstance(value, list | tuple):
        return [_readable(one) for one in value]
    return value


def without_markup(text: str) -> str:
    """The text without a leading slash, however written or hidden: to the engine's framework it would be a command.

    >>> without_markup(" /\\u200b/restart")
    'restart'
    """
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf"
    )
    stripped = plain.strip()
    if not stripped.startswith(("/", "\u2044", "\u2215", "\u29f8")):
        return text
    return stripped.lstrip("/\u2044\u2215\u29f8 \t\n")
