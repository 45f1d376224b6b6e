"""How far a conversation has come with the fixed questions, sealed under its key, beside its order of messages."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backend.persistence.inbox_rows import SqlInbox
from backend.persistence.tables import conversation_activity, inbox
from backend.persistence.transaction import Transaction


class SqlPlain:
    """Talks without the assistant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def read(self, conversation: str) -> Any:
        """None when there is none. A talk that goes on is locked, so that two messages answer one question after the other."""
        query = sa.select(conversation_activity.c.plain).where(
            conversation_activity.c.conversation_id == conversation
        )
        sealed = await self._tx.connection.scalar(query)
        if sealed is None:
            return None
        sealed = await self._tx.connection.scalar(query.with_for_update(key_share=True))
        if sealed is None:
            return None
        return (await self._tx.conversation_key(conversation)).open_json(sealed, f"plain:{conversation}")

    async def write(self, conversation: str, talk: Any) -> None:
        """None ends it."""
        sealer = await self._tx.conversation_key(conversation)
        sealed = sealer.seal_json(talk, f"plain:{conversation}") if talk is not None else None
        await self._tx.connection.execute(
            sa.update(conversation_activity)
            .where(conversation_activity.c.conversation_id == conversation)
            .values(plain=sealed)
        )

    async def take_waiting_texts(self, conversation: str) -> list[str]:
        """What was written and no turn has read yet; no turn will."""
        waiting = await SqlInbox(self._tx).waiting(conversation)
        texts = [one for one in waiting if one.kind == "text" and one.body is not None]
        await self._tx.connection.execute(
            sa.update(inbox)
            .where(inbox.c.id.in_([one.id for one in texts]), inbox.c.status == "waiting")
            .values(status="done")
        )
        return [str(one.body["message"]["text"]) for one in texts]
