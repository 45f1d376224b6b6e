"""The first cases of a list in the caller's scope, read from an index in their order, however many there are behind them.

Row-level security knows who may see what, but its `OR` cannot be looked up in an index. So the scope is asked part by part (the desk, an
office, a sealed lane, what was given by name), what is open of the large ones state by state, a page of each; the policy looks at every
row besides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from backend.cases.workflow import KIND, Kind, State
from backend.persistence.desk_scope import DeskScope
from backend.persistence.tables import case_assignees, cases

# Nearly every case of an old register is in one of these: they are met while walking, and have no index by state.
CLOSED = frozenset(str(state) for state in State if KIND[state] is Kind.CLOSED)
Conditions = Sequence[sa.ColumnElement[bool]]


def first_in_order(
    conditions: Conditions,
    states: Sequence[str],
    key: Sequence[Any],
    limit: int,
    scope: DeskScope,
) -> sa.Subquery:
    """Ids (column `id`) among which are the first `limit` cases that meet the conditions, each once. `states` empty means any."""
    page = [
        sa.select(cases.c.id).where(*part, *conditions).order_by(*key).limit(limit).subquery()
        for part in _parts(states, scope)
    ]
    return sa.union(*[sa.select(one.c.id) for one in page]).subquery()


def _parts(states: Sequence[str], scope: DeskScope) -> list[Conditions]:
    """Conditions that together hold for everything in the scope."""
    c = cases.c
    any_state: Conditions = [c.state.in_(states)] if states else []
    each: list[Conditions] = [any_state]
    if states and not CLOSED.intersection(states):
        each = [[c.state == state] for state in states]
    given = sa.select(case_assignees.c.case_id).where(case_assignees.c.officer == scope.seat)
    parts: list[Conditions] = [[c.id.in_(given), *any_state]]
    if "*" in scope.agencies:
        return [*parts, *[[c.desk == scope.desk, *state] for state in each]]
    if scope.sealed_lane == "oversight":
        parts.append([c.desk == scope.desk, c.oversight | c.oversight_lane, *any_state])
    for agency in sorted(scope.agencies):
        parts += [[c.agency == agency, *state] for state in each]
    return parts
