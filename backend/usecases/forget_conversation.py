"""`hapus data`: the conversation and all that it held is destroyed; cases stay, without a way back to the sender."""

from __future__ import annotations

from datetime import datetime

from backend.usecases.ports import AuditEntry, UnitOfWork


async def forget_conversation(conversation: str, uow: UnitOfWork, now: datetime) -> None:
    """Nothing of the conversation can be read any more once this is committed."""
    await uow.conversations.forget(conversation)
    await uow.audit.add(AuditEntry(now, "reporter", "conversation_forgotten"))
