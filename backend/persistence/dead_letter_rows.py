"""What was given up, for officers to see."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa

from backend.persistence.tables import dead_letters
from backend.persistence.transaction import Transaction


async def bury(
    tx: Transaction, kind: str, subject: str, conversation: str | None, error_code: str, at: datetime
) -> None:
    """Add to the list of what was given up: a turn or a message of the outbox."""
    await tx.connection.execute(
        sa.insert(dead_letters).values(
            id=secrets.token_hex(16),
            kind=kind,
            subject_id=subject,
            conversation_id=conversation,
            error_code=error_code,
            at=at,
        )
    )
