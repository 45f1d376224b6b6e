"""The officers' work list: which cases, the most urgent first, a page at a time; no text is decrypted for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from backend.cases.workflow import State
from backend.persistence.case_tables import CLOSED
from backend.persistence.desk_scope import DeskScope
from backend.persistence.in_order import first_in_order, some_of
from backend.persistence.tables import case_assignees, cases
from backend.persistence.transaction import Transaction

PAGE = 50
MOST_FOLDED = 200
Order = Literal["due", "new", "old"]
COUNTED_AT_MOST = 1000
FOUND_AT_MOST = 2000


@dataclass(frozen=True)
class Wish:
    """What to show. Empty fields mean any; `assigned_to` is a position that has the case by name; `after` is the key of the last row of the
    page before: (due date or time of filing, id), as `order` says."""

    states: Sequence[str] = ()
    agency: str = ""
    issue: str = ""
    district: str = ""
    text: str = ""
    number: str = ""
    code_digest: bytes | None = None
    due_before: date | None = None
    filed_from: datetime | None = None
    filed_before: datetime | None = None
    closed: bool = False
    report_class: str = ""
    identity_level: str = ""
    emergency: bool = False
    assigned_to: str = ""
    order: Order = "due"
    after: tuple[date | datetime, str] | None = None


@dataclass(frozen=True)
class WorkRow:
    """One line of the list."""

    id: str
    number: str
    issue: str
    state: str
    agency: str
    place_label: str | None
    due_on: date
    filed_at: datetime
    emergency: bool
    sensitive: bool
    oversight: bool
    identity_level: str
    version: int


class SqlWorkList:
    """Reads in the caller's scope: row-level security decides what exists."""

    def __init__(self, tx: Transaction, scope: DeskScope) -> None:
        self._tx = tx
        self._scope = scope

    async def page(self, wish: Wish, limit: int = PAGE) -> tuple[tuple[WorkRow, ...], bool]:
        """(rows, whether there are more), in the wished order."""
        names = WorkRow.__dataclass_fields__
        key = _key(wish.order)
        holding = await self._holding(wish.text)
        if holding is None:
            return (), False
        conditions = [*self._conditions(wish), *holding]
        newest = wish.order == "new"
        first = first_in_order(conditions, _states(wish), key, limit + 1, self._scope, newest=newest)
        query = (
            sa.select(*[cases.c[name] for name in names])
            .join(first, first.c.id == cases.c.id)
            .order_by(*([column.desc() for column in key] if newest else key))
        )
        rows = (await self._tx.connection.execute(query)).all()
        return tuple(WorkRow(**row._mapping) for row in rows[:limit]), len(rows) > limit

    async def folded(self, leaders: Sequence[str]) -> dict[str, tuple[WorkRow, ...]]:
        """Id of a leader → the cases in view that follow it, oldest first; leaders whom nobody follows are left out."""
        names = WorkRow.__dataclass_fields__
        rows = await self._tx.connection.execute(
            sa.select(cases.c.parent_id, *[cases.c[name] for name in names])
            .where(cases.c.parent_id.in_(list(leaders)), cases.c.state == str(State.MERGED))
            .order_by(cases.c.filed_at, cases.c.id)
            .limit(MOST_FOLDED)
        )
        found: dict[str, tuple[WorkRow, ...]] = {}
        for row in rows:
            values = dict(row._mapping)
            leader = values.pop("parent_id")
            found[leader] = (*found.get(leader, ()), WorkRow(**values))
        return found

    async def has(self, number: str) -> bool:
        """Whether the case with this number is in view; nothing of it is opened."""
        found = await self._tx.connection.scalar(sa.select(cases.c.id).where(cases.c.number == number))
        return found is not None

    async def count(self, wish: Wish) -> int:
        """How many, counted no further than 1,000: a list says "1000+" rather than wait."""
        holding = await self._holding(wish.text)
        if holding is None:
            return 0
        conditions = [*self._conditions(replace(wish, after=None)), *holding]
        inner = some_of(conditions, _states(wish), COUNTED_AT_MOST, self._scope)
        return int(await self._tx.connection.scalar(sa.select(sa.func.count()).select_from(inner)) or 0)

    async def _holding(self, text: str) -> list[sa.ColumnElement[bool]] | None:
        """That every word of a search stands in the case; None when nothing in view has them all, or no word is long enough. Words
        that are in very many cases are looked for while walking: nearly any page has some."""
        if not text:
            return []
        words = self._tx.vault.words(text)
        found = sa.func.desk_found(sa.cast(words, ARRAY(BYTEA)), FOUND_AT_MOST + 1)
        ids = list(await self._tx.connection.scalars(sa.select(found)))
        if not ids:
            return None
        if len(ids) <= FOUND_AT_MOST:
            return [cases.c.id == sa.any_(sa.cast(ids, ARRAY(sa.Text)))]
        column: Any = cases.c.words
        return [column.contains(words)]

    def _conditions(self, wish: Wish) -> list[sa.ColumnElement[bool]]:
        c = cases.c
        conditions: list[sa.ColumnElement[bool]] = []
        conditions += _equal(wish)
        if wish.code_digest is not None:
            conditions.append(c.code_digest == wish.code_digest)
        if wish.emergency:
            conditions.append(c.emergency)
        if wish.assigned_to:
            given = sa.select(case_assignees.c.case_id).where(case_assignees.c.officer == wish.assigned_to)
            conditions.append(c.id.in_(given))
        if wish.due_before is not None:
            conditions.append(c.due_on < wish.due_before)
        if wish.after is not None:
            key, last = sa.tuple_(*_key(wish.order)), sa.tuple_(*wish.after)
            conditions.append(key < last if wish.order == "new" else key > last)
        return conditions + _filed(wish)


def _filed(wish: Wish) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wish.filed_from is not None:
        conditions.append(cases.c.filed_at >= wish.filed_from)
    if wish.filed_before is not None:
        conditions.append(cases.c.filed_at < wish.filed_before)
    return conditions


def _equal(wish: Wish) -> list[sa.ColumnElement[bool]]:
    c = cases.c
    wanted = (
        (c.agency, wish.agency),
        (c.issue, wish.issue),
        (c.district_code, wish.district),
        (c.number, wish.number),
        (c.report_class, wish.report_class),
        (c.identity_level, wish.identity_level),
    )
    return [column == value for column, value in wanted if value]


def _key(order: Order) -> tuple[Any, ...]:
    """What rows are sorted by, and pages are cut at."""
    return (cases.c.due_on if order == "due" else cases.c.filed_at), cases.c.id


def _states(wish: Wish) -> Sequence[str]:
    """Empty when all are wanted: then the states need not be looked at."""
    if wish.states:
        return () if set(wish.states) >= set(State) else wish.states
    return CLOSED if wish.closed else ()
