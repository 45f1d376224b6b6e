"""The first cases of a list in the caller's scope, read from an index in their order, however many there are behind them; and how many.

Row-level security knows who may see what, but its `OR` cannot be looked up in an index. So the scope is asked part by part (the desk, an
office, a sealed lane, what was given by name), what is open state by state; the policy looks at every row besides. No case is in two
parts, so they are only merged: the database reads on in the part whose next case comes first, and stops when it has enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from backend.persistence.case_tables import CLOSED
from backend.persistence.desk_scope import DeskScope
from backend.persistence.tables import case_assignees, cases

Conditions = Sequence[sa.ColumnElement[bool]]


def first_in_order(
    conditions: Conditions,
    states: Sequence[str],
    key: Sequence[sa.Column[Any]],
    limit: int,
    scope: DeskScope,
    *,
    newest: bool = False,
) -> sa.Subquery:
    """Ids (column `id`) of the first `limit` cases that meet the conditions, by `key`, or, `newest`, of the last ones. `states` empty
    means any."""
    pages = [
        sa.select(*key).where(*part, *conditions).order_by(*_ordered(key, newest)).limit(limit).subquery()
        for part in _parts(states, scope)
    ]
    merged = sa.union_all(*[sa.select(*page.c) for page in pages]).subquery()
    order = _ordered([merged.c[column.name] for column in key], newest)
    return sa.select(merged.c.id).order_by(*order).limit(limit).subquery()


def _ordered(key: Sequence[sa.ColumnElement[Any]], newest: bool) -> list[sa.ColumnElement[Any]]:
    return [column.desc() for column in key] if newest else list(key)


def some_of(conditions: Conditions, states: Sequence[str], most: int, scope: DeskScope) -> sa.Subquery:
    """Ids of cases that meet the conditions, in no order, at most so many of them."""
    parts = [sa.select(cases.c.id).where(*part, *conditions) for part in _parts(states, scope)]
    every = sa.union_all(*parts).subquery()
    return sa.select(every.c.id).limit(most).subquery()


def _parts(states: Sequence[str], scope: DeskScope) -> list[Conditions]:
    """Conditions that together hold for everything in the scope, and no two of them for the same case."""
    c = cases.c
    each: list[Conditions] = [[c.state.in_(states)] if states else []]
    # Nearly every case of an old register is closed: those are met while walking, and have no index by state.
    if states and not set(CLOSED).intersection(states):
        each = [[c.state == state] for state in states]
    if "*" in scope.agencies:
        return [[c.desk == scope.desk, *state] for state in each]
    lane = c.oversight | c.oversight_lane
    outside: list[sa.ColumnElement[bool]] = [c.agency.not_in(sorted(scope.agencies)) | lane]
    parts: list[Conditions] = []
    if scope.sealed_lane == "oversight":
        parts = [[c.desk == scope.desk, lane, *state] for state in each]
        outside.append(~lane)
    for agency in sorted(scope.agencies):
        parts += [[c.agency == agency, ~lane, *state] for state in each]
    given = sa.select(case_assignees.c.case_id).where(case_assignees.c.officer == scope.seat)
    any_state = [c.state.in_(states)] if states else []
    return [*parts, [c.id.in_(given), *outside, *any_state]]
