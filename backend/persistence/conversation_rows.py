"""Living conversations as rows: opened, their state, their order, how their sender is reached."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.persistence.errors import KeyDestroyed
from backend.persistence.tables import (
    case_contacts,
    contacts,
    conversation_activity,
    conversations,
    hand_overs,
)
from backend.persistence.transaction import Transaction
from backend.usecases.ports import HumanRequest


@dataclass(frozen=True)
class ConversationFlags:
    """How a conversation must be treated after a turn (`draft` of the engine's answer)."""

    identity_level: str | None
    sensitive: bool
    draft_open: bool


class ConversationRows:
    """Living conversations."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, channel: str, sender: str) -> str | None:
        """The conversation of a sender, if there is one."""
        found = await self._tx.connection.scalar(
            sa.select(conversations.c.id).where(
                conversations.c.channel == channel,
                conversations.c.sender_hmac == self.sender_hmac(channel, sender),
            )
        )
        return str(found) if found else None

    def sender_hmac(self, channel: str, sender: str) -> bytes:
        return self._tx.vault.identifier(f"sender {channel}", sender)

    async def open(
        self, channel: str, sender: str, address: str | None, now: datetime, known_as: Sequence[str] = ()
    ) -> str:
        """The sender's conversation, made if there is none. `address` is where a pushing channel reaches the sender, `known_as` are
        names under which the sender may have come before."""
        known = await self.find(channel, sender)
        for name in known_as:
            known = known or await self.rename(channel, name, sender, address)
        if known is not None:
            return known
        conversation = secrets.token_hex(16)
        wrapped = self._tx.new_conversation_key(conversation)
        added = await self._tx.connection.scalar(
            insert(conversations)
            .values(
                id=conversation,
                channel=channel,
                sender_hmac=self.sender_hmac(channel, sender),
                key_version=wrapped.version,
                key_wrapped=wrapped.wrapped,
            )
            .on_conflict_do_nothing()
            .returning(conversations.c.id)
        )
        if added is None:
            return await self.open(channel, sender, address, now, known_as)
        await self._tx.connection.execute(
            sa.insert(conversation_activity).values(conversation_id=conversation, last_message_at=now)
        )
        if address is not None:
            await self.write_address(conversation, channel, address)
        return conversation

    async def rename(self, channel: str, old: str, new: str, address: str | None) -> str | None:
        """The sender has another name: the talk and the reports go along. The conversation, None when there was none."""
        conversation = await self.find(channel, old)
        if conversation is None:
            return None
        was, now_is = self.sender_hmac(channel, old), self.sender_hmac(channel, new)
        if await self.find(channel, new) is None:
            await self._tx.connection.execute(
                sa.update(conversations).where(conversations.c.id == conversation).values(sender_hmac=now_is)
            )
            if address is not None:
                await self.forget_address(conversation)
                await self.write_address(conversation, channel, address)
        await self._tx.connection.execute(
            sa.update(case_contacts)
            .where(case_contacts.c.sender_hmac == self._tx.vault.identifier("case sender", was.hex()))
            .values(sender_hmac=self._tx.vault.identifier("case sender", now_is.hex()))
        )
        return await self.find(channel, new)

    async def forget_address(self, conversation: str) -> None:
        await self._tx.connection.execute(
            sa.delete(contacts).where(contacts.c.conversation_id == conversation)
        )

    async def write_address(self, conversation: str, channel: str, address: str) -> None:
        sealer = await self._tx.conversation_key(conversation)
        values = {
            "conversation_id": conversation,
            "address": sealer.seal(address.encode(), f"contact:{conversation}"),
        }
        await self._tx.connection.execute(
            insert(contacts)
            .values(
                channel=channel,
                address_hmac=self._tx.vault.identifier(f"address {channel}", address),
                **values,
            )
            .on_conflict_do_update(index_elements=["channel", "address_hmac"], set_=values)
        )

    async def address(self, conversation: str) -> str | None:
        """Where the sender is reached; only the outbox sender asks."""
        sealed = await self._tx.connection.scalar(
            sa.select(contacts.c.address).where(contacts.c.conversation_id == conversation)
        )
        if sealed is None:
            return None
        sealer = await self._tx.conversation_key(conversation)
        return sealer.open(sealed, f"contact:{conversation}").decode()

    async def state(self, conversation: str) -> Any:
        """The engine's snapshot; None before the first turn and after everything was emptied."""
        sealed = await self._tx.connection.scalar(
            sa.select(conversations.c.state).where(conversations.c.id == conversation)
        )
        if sealed is None:
            return None
        return (await self._tx.conversation_key(conversation)).open_json(sealed, f"state:{conversation}")

    async def write_state(self, conversation: str, state: Any, flags: ConversationFlags, model: str) -> None:
        """Keep the snapshot of a turn and the model that answered; no snapshot when the conversation was emptied in this very
        transaction."""
        sealer = await self._tx.conversation_key(conversation)
        keep = state is not None and conversation not in self._tx.emptied
        await self._tx.connection.execute(
            sa.update(conversations)
            .where(conversations.c.id == conversation)
            .values(
                state=sealer.seal_json(state, f"state:{conversation}") if keep else None,
                identity_level=flags.identity_level,
                sensitive=flags.sensitive,
                draft_open=flags.draft_open,
                told_engine_is_down=False,
                model=model,
            )
        )

    async def next_seq(self, conversation: str) -> int:
        """The next place in the conversation's one order of messages in and out; held until the commit.

        Raises:
            KeyDestroyed: the conversation has been purged.
        """
        seq = await self._tx.connection.scalar(
            sa.update(conversation_activity)
            .where(conversation_activity.c.conversation_id == conversation)
            .values(last_seq=conversation_activity.c.last_seq + 1)
            .returning(conversation_activity.c.last_seq)
        )
        if seq is None:
            raise KeyDestroyed(f"conversation {conversation}")
        return int(seq)

    async def request_human(self, request: HumanRequest) -> None:
        sealer = await self._tx.conversation_key(request.conversation)
        await self._tx.connection.execute(
            sa.insert(hand_overs).values(
                id=request.id,
                conversation_id=request.conversation,
                reason=request.reason,
                summary=sealer.seal(request.summary.encode(), f"hand_over:{request.id}"),
                at=request.at,
            )
        )
