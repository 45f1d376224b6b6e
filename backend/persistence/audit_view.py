"""The audit as an auditor reads it: newest first, a page at a time, each entry recomputed as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.persistence.rows import chained
from backend.persistence.tables import anchor_files, audit, cases, officers
from backend.persistence.transaction import Transaction

PAGE = 50
Place = tuple[datetime, str, int]


@dataclass(frozen=True)
class Wanted:
    """What to show; empty means all. `before` is the place of the last entry of the page before."""

    desk: str
    case_number: str = ""
    actor: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: Place | None = None


@dataclass(frozen=True)
class Entry:
    """`who` is a position's title, or the bare word of an actor that is no position; `whole` tells that the entry is what its link
    says (the chain and its end are `verify-audit`'s)."""

    place: Place
    who: str
    is_position: bool
    action: str
    reason: str
    case_number: str | None
    details: Mapping[str, Any]
    mark: str
    whole: bool


class SqlAuditView:
    """Reading only, within one regency; what operators did concerns all."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def page(self, wanted: Wanted) -> tuple[Entry, ...]:
        """At most fifty, newest first."""
        query = (
            sa.select(audit, cases.c.number, officers.c.title)
            .select_from(
                audit.outerjoin(cases, cases.c.id == audit.c.case_id).outerjoin(
                    officers, officers.c.id == audit.c.actor
                )
            )
            .where(*_conditions(wanted))
            .order_by(audit.c.at.desc(), audit.c.chain.desc(), audit.c.seq.desc())
            .limit(PAGE)
        )
        return tuple([self._entry(row) for row in await self._tx.connection.execute(query)])

    async def anchored(self) -> tuple[int, datetime | None]:
        """How many lines the anchor files of all hosts have, and when the last round was."""
        query = sa.select(
            sa.func.coalesce(sa.func.sum(anchor_files.c.n), 0), sa.func.max(anchor_files.c.upto)
        )
        n, upto = (await self._tx.connection.execute(query)).one()
        return int(n), upto

    def _entry(self, row: sa.Row[Any]) -> Entry:
        own = {column.name: getattr(row, column.name) for column in audit.columns}
        return Entry(
            place=(row.at, row.chain, row.seq),
            who=row.title or row.actor,
            is_position=row.title is not None,
            action=row.action,
            reason=row.reason,
            case_number=row.number,
            details=row.details,
            mark=f"{row.seq} · {row.link.hex()[:8]}",
            whole=chained(self._tx.vault, row.previous, own) == row.link,
        )


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    of_nobody = sa.and_(audit.c.case_id.is_(None), officers.c.id.is_(None))
    found: list[sa.ColumnElement[bool]] = [
        sa.or_(cases.c.desk == wanted.desk, officers.c.desk == wanted.desk, of_nobody)
    ]
    exact = (
        (cases.c.number, wanted.case_number),
        (audit.c.actor, wanted.actor),
        (audit.c.action, wanted.action),
    )
    found += [column == value for column, value in exact if value]
    if wanted.since is not None:
        found.append(audit.c.at >= wanted.since)
    if wanted.until is not None:
        found.append(audit.c.at < wanted.until)
    if wanted.before is not None:
        found.append(sa.tuple_(audit.c.at, audit.c.chain, audit.c.seq) < sa.tuple_(*wanted.before))
    return found
