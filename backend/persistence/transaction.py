"""What every repository works with: one connection in one transaction, the vault, and the data keys already opened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backend.persistence.connecting import translated
from backend.persistence.errors import KeyDestroyed
from backend.persistence.sealing import Sealer, Vault, WrappedKey
from backend.persistence.tables import cases, conversations


@dataclass
class Transaction:
    """Lives as long as one unit of work. `emptied` holds conversations whose state must not be written any more; `on_behalf` is the absent
    position in whose place everything of it is done, and every line of history and audit says so."""

    connection: AsyncConnection
    vault: Vault
    emptied: set[str] = field(default_factory=set)
    on_behalf: str = ""
    _conversation_keys: dict[str, Sealer] = field(default_factory=dict, repr=False)
    _case_keys: dict[str, Sealer] = field(default_factory=dict, repr=False)

    async def hold(self, case_id: str) -> None:
        """Called when a case is about to be changed that could be seen; only the desk's scope has to remember it."""

    async def conversation_key(self, conversation: str) -> Sealer:
        """Raises KeyDestroyed when the conversation was purged or never was."""
        if conversation not in self._conversation_keys:
            columns = (conversations.c.key_version, conversations.c.key_wrapped)
            row = (
                await self.connection.execute(sa.select(*columns).where(conversations.c.id == conversation))
            ).one_or_none()
            if row is None:
                raise KeyDestroyed(f"conversation {conversation}")
            self.open_conversation_key(conversation, WrappedKey(row.key_version, row.key_wrapped))
        return self._conversation_keys[conversation]

    def open_conversation_key(self, conversation: str, wrapped: WrappedKey) -> Sealer:
        sealer = self.vault.unwrap(wrapped, f"conversation:{conversation}")
        self._conversation_keys[conversation] = sealer
        return sealer

    def new_conversation_key(self, conversation: str) -> WrappedKey:
        """A fresh key, used from now on in this transaction."""
        sealer, wrapped = self.vault.new_key(f"conversation:{conversation}")
        self._conversation_keys[conversation] = sealer
        return wrapped

    async def case_key(self, case_id: str) -> Sealer:
        """Raises KeyDestroyed when the case was erased or never was."""
        if case_id not in self._case_keys:
            columns = (cases.c.key_version, cases.c.key_wrapped)
            row = (
                await self.connection.execute(sa.select(*columns).where(cases.c.id == case_id))
            ).one_or_none()
            if row is None or row.key_wrapped is None:
                raise KeyDestroyed(f"case {case_id}")
            self.open_case_key(case_id, WrappedKey(row.key_version, row.key_wrapped))
        return self._case_keys[case_id]

    def open_case_key(self, case_id: str, wrapped: WrappedKey) -> Sealer:
        if case_id not in self._case_keys:
            self._case_keys[case_id] = self.vault.unwrap(wrapped, f"case:{case_id}")
        return self._case_keys[case_id]

    def new_case_key(self, case_id: str) -> tuple[Sealer, WrappedKey]:
        sealer, wrapped = self.vault.new_key(f"case:{case_id}")
        self._case_keys[case_id] = sealer
        return sealer, wrapped

    def forget_case_key(self, case_id: str) -> None:
        """After an erasure."""
        self._case_keys.pop(case_id, None)

    def forget_all(self) -> None:
        """After a rollback: keys that were made in it do not exist."""
        self.emptied.clear()
        self._conversation_keys.clear()
        self._case_keys.clear()


@dataclass(frozen=True)
class Opening:
    """How transactions of one pool are opened that commit when their block is left in peace, and are undone otherwise."""

    engine: AsyncEngine = field(repr=False)
    vault: Vault = field(repr=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Raises DatabaseUnavailable from the block when the connection breaks."""
        async with translated(), self.engine.begin() as connection:
            yield Transaction(connection, self.vault)
