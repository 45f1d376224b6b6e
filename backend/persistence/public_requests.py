"""What anybody may know of ordinary cases: a few columns, read without opening a single key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from backend.persistence.case_tables import CLOSED
from backend.persistence.tables import case_history, cases
from backend.persistence.transaction import Transaction


@dataclass(frozen=True)
class PublicRequest:
    """No words, no place finer than the district, no file, nobody."""

    number: str
    issue: str
    state: str
    is_closed: bool
    agency: str
    filed_at: datetime
    updated_at: datetime
    due_on: date
    regency_code: str | None
    district_code: str | None


@dataclass(frozen=True)
class Wanted:
    """Which ones: `numbers` and `issues` empty mean any; `closed` None means both; filed from `start` until before `end`."""

    numbers: Sequence[str] = ()
    issues: Sequence[str] = ()
    closed: bool | None = None
    start: datetime | None = None
    end: datetime | None = None
    limit: int = 100


class SqlPublicRequests:
    """Cases that were filed openly about an ordinary matter; all others do not exist here."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, wanted: Wanted) -> tuple[PublicRequest, ...]:
        """Newest first."""
        updated = (
            sa.select(sa.func.max(case_history.c.at))
            .where(case_history.c.case_id == cases.c.id)
            .scalar_subquery()
        )
        query = (
            sa.select(cases, updated.label("updated_at"))
            .where(*_public(), *_conditions(wanted))
            .order_by(cases.c.filed_at.desc(), cases.c.id)
            .limit(wanted.limit)
        )
        return tuple(_request(row) for row in await self._tx.connection.execute(query))


def _public() -> tuple[sa.ColumnElement[bool], ...]:
    ordinary = ~(cases.c.sensitive | cases.c.oversight | cases.c.oversight_lane)
    return cases.c.identity_level == "open", ordinary, cases.c.sealed.is_not(None)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.numbers:
        conditions.append(cases.c.number.in_(wanted.numbers))
    if wanted.issues:
        conditions.append(cases.c.issue.in_(wanted.issues))
    if wanted.closed is not None:
        conditions.append(cases.c.state.in_(CLOSED) if wanted.closed else cases.c.state.not_in(CLOSED))
    if wanted.start is not None:
        conditions.append(cases.c.filed_at >= wanted.start)
    if wanted.end is not None:
        conditions.append(cases.c.filed_at < wanted.end)
    return conditions


def _request(row: sa.Row[Any]) -> PublicRequest:
    return PublicRequest(
        number=row.number,
        issue=row.issue,
        state=row.state,
        is_closed=row.state in CLOSED,
        agency=row.agency,
        filed_at=row.filed_at,
        updated_at=row.updated_at,
        due_on=row.due_on,
        regency_code=row.regency_code,
        district_code=row.district_code,
    )
