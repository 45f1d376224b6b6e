"""How many rows of each class of data are older than they may be: counted without opening a key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.persistence.case_tables import CLOSED
from backend.persistence.tables import (
    audit,
    case_figures,
    case_history,
    cases,
    conversation_activity,
    failed_lookups,
    inbox,
)
from backend.persistence.transaction import Transaction


def _old_cases(before: datetime) -> sa.Select[Any]:
    """Nothing was written into their history since then. What was closed since then is left out before any history is looked at."""
    f = case_figures.c
    last = (
        sa.select(sa.func.max(case_history.c.at))
        .where(case_history.c.case_id == cases.c.id)
        .scalar_subquery()
    )
    return (
        sa.select(cases.c.id)
        .join(case_figures, f.case_id == cases.c.id)
        .where(f.closed_at < before, cases.c.state.in_(CLOSED), cases.c.sealed.is_not(None), last < before)
    )


def _conversations(before: datetime) -> sa.Select[Any]:
    due = sa.func.least(conversation_activity.c.purge_at, conversation_activity.c.purge_by)
    return sa.select(conversation_activity.c.conversation_id).where(due < before)


def _traces(before: datetime) -> sa.Select[Any]:
    return sa.select(inbox.c.id).where(inbox.c.conversation_id.is_(None), inbox.c.received_at < before)


COUNTED: dict[str, Callable[[datetime], sa.Select[Any]]] = {
    "case_words": _old_cases,
    "conversations": _conversations,
    "message_traces": _traces,
    "failed_lookups": lambda before: sa.select(failed_lookups.c.at).where(failed_lookups.c.at < before),
    "audit": lambda before: sa.select(audit.c.seq).where(audit.c.at < before),
}


async def n_too_old(tx: Transaction, data_class: str, before: datetime) -> int:
    """Rows of a class that are older than `before`."""
    rows = COUNTED[data_class](before).subquery()
    return int(await tx.connection.scalar(sa.select(sa.func.count()).select_from(rows)) or 0)


async def old_cases(tx: Transaction, before: datetime, limit: int) -> list[str]:
    """Ids of cases that ended before then and still have words."""
    found = await tx.connection.scalars(_old_cases(before).order_by(cases.c.id).limit(limit))
    return list(found)
