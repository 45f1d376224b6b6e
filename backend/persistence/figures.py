"""How many cases were filed and how fast they were answered, counted in the database; no case leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.cases.workflow import KIND, Kind, State
from backend.persistence.tables import case_history, cases
from backend.persistence.transaction import Transaction

DONE = [str(state) for state in State if KIND[state] is Kind.CLOSED]


@dataclass(frozen=True)
class Count:
    """`n` cases of one issue and district that were answered after so many days (None: not yet) and are `done` or not."""

    issue: str
    district_code: str | None
    days: int | None
    done: bool
    rating: int | None
    n: int


class SqlFigures:
    """Counts of one desk."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def counts(self, desk: str, start: datetime, end: datetime) -> tuple[Count, ...]:
        """Of the cases filed from `start` until before `end`. Erased cases count: their number harms nobody."""
        answered = (
            sa.select(case_history.c.case_id, sa.func.min(case_history.c.at).label("at"))
            .where(case_history.c.new_state == State.ANSWERED.value, case_history.c.at >= start)
            .group_by(case_history.c.case_id)
            .subquery()
        )
        days = sa.cast(
            sa.func.floor(sa.extract("epoch", answered.c.at - cases.c.filed_at) / 86400), sa.Integer
        )
        done = cases.c.state.in_(DONE)
        columns = (
            cases.c.issue,
            cases.c.district_code,
            days.label("days"),
            done.label("done"),
            cases.c.rating,
        )
        query = (
            sa.select(*columns, sa.func.count().label("n"))
            .select_from(cases.outerjoin(answered, answered.c.case_id == cases.c.id))
            .where(cases.c.desk == desk, cases.c.filed_at >= start, cases.c.filed_at < end)
            .group_by(*columns)
        )
        return tuple(
            Count(row.issue, row.district_code, row.days, row.done, row.rating, row.n)
            for row in await self._tx.connection.execute(query)
        )
