"""Counts for the desk's overview, in the caller's scope: row-level security decides which cases there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from backend.persistence.transaction import Transaction
from backend.usecases.sight_port import Cell, Silent, Window

# A case that follows another one is folded under it, here as in the work list.
_WHERE = (
    "desk = :desk AND state <> 'merged' AND (:agency = '' OR agency = :agency) AND (:issue = '' OR issue = :issue)"
    " AND (:district = '' OR district_code = :district)"
)
_CLOSED_UNTOLD = (
    "closed_at IS NOT NULL AND state <> 'withdrawn' AND resolution IS DISTINCT FROM 'confirmed'"
    " AND (informed_at IS NULL OR informed_at < closed_at)"
)
_IN_WINDOW = f"{_WHERE} AND filed_at >= :start AND filed_at < :end"


def _local(column: str) -> str:
    """The day on the wall of the regency."""
    return f"(({column} + CAST(:shift AS interval)) AT TIME ZONE 'UTC')::date"


def _workday(column: str) -> str:
    """The number of that day; an array is looked into, since joins with a table of days cost more than all the rest."""
    return f"(CAST(:workdays AS int[]))[{_local(column)} - CAST(:first AS date) + 1]"


# Durations and promises of the period, counted once for each kind that occurs, then summed in several ways.
_TIMES = f"""
WITH g AS (
  SELECT agency, issue, {_workday("answered_at")} - {_workday("filed_at")} AS answer,
    {_workday("closed_at")} - {_workday("filed_at")} AS close,
    CASE WHEN coalesce(answered_at, closed_at) IS NOT NULL THEN {_local("coalesce(answered_at, closed_at)")} <= due_on
         WHEN due_on < CAST(:today AS date) THEN false END::int AS promise, count(*) AS n
  FROM case_figures WHERE {_IN_WINDOW} GROUP BY 1, 2, 3, 4, 5)
SELECT grouping(agency, issue, answer, close, promise) AS which, agency, issue, answer, close, promise, sum(n)::int AS n
FROM g GROUP BY GROUPING SETS ((agency, answer), (agency, close), (agency, promise), (issue, answer), (issue, close),
  (issue, promise))
"""  # noqa: S608 — only our own words

_KINDS = f"""
WITH g AS (
  SELECT channel, coalesce(district_code, '') AS district,
    CASE WHEN closed_at IS NOT NULL THEN coalesce(resolution, 'otherwise') END AS ending, rating, count(*) AS n
  FROM case_figures WHERE {_IN_WINDOW} GROUP BY 1, 2, 3, 4)
SELECT grouping(channel, district, ending) AS which, channel, district, ending, rating, sum(n)::int AS n
FROM g GROUP BY GROUPING SETS ((channel), (district), (ending, rating))
"""  # noqa: S608

# What is open today. `age` in working days since it was filed.
_STOCK = f"""
WITH g AS (
  SELECT agency, issue, (due_on < CAST(:today AS date))::int AS late,
    (CAST(:workdays AS int[]))[CAST(:today AS date) - CAST(:first AS date) + 1] - coalesce({_workday("filed_at")}, 0) AS age, count(*) AS n
  FROM case_figures WHERE {_WHERE} AND closed_at IS NULL GROUP BY 1, 2, 3, 4)
SELECT grouping(agency, issue, age) AS which, agency, issue, age, late, sum(n)::int AS n
FROM g GROUP BY GROUPING SETS ((agency, late), (issue, late), (age))
"""  # noqa: S608

# Months as places in a list of their beginnings.
_MONTHS = f"""
SELECT month, sum(filed)::int AS filed, sum(closed)::int AS closed FROM (
  SELECT width_bucket(filed_at, CAST(:months AS timestamptz[])) AS month, count(*) AS filed, 0 AS closed
  FROM case_figures WHERE {_IN_WINDOW} GROUP BY 1
  UNION ALL
  SELECT width_bucket(closed_at, CAST(:months AS timestamptz[])), 0, count(*)
  FROM case_figures WHERE {_WHERE} AND closed_at >= :start AND closed_at < :end GROUP BY 1) AS both_ways
GROUP BY 1
"""  # noqa: S608

# An anonymous reporter cannot be told: the answer waits behind the code, and is counted apart.
_UNTOLD = f"{_WHERE} AND closed_at >= :start AND closed_at < :end AND {_CLOSED_UNTOLD}"
_SILENT = f"SELECT anonymous, count(*) AS n FROM case_figures WHERE {_UNTOLD} GROUP BY 1"  # noqa: S608
_SILENT_LIST = f"""
SELECT c.number, c.issue, c.agency, c.state, f.closed_at FROM cases c
JOIN (SELECT case_id, closed_at FROM case_figures WHERE {_UNTOLD} AND NOT anonymous ORDER BY closed_at, case_id LIMIT :most) AS f
  ON f.case_id = c.id
ORDER BY f.closed_at, c.id
"""  # noqa: S608

_THEMES = f"""
SELECT coalesce(district_code, '') AS district, issue, count(*) AS n FROM case_figures
WHERE {_WHERE} AND filed_at >= :start AND filed_at < :end AND NOT sensitive AND NOT oversight AND state <> 'withdrawn'
GROUP BY 1, 2
"""  # noqa: S608

_TIME_COLUMNS = ("agency", "issue", "answer", "close", "promise")
_TIME_SETS = tuple((key, value) for key in ("agency", "issue") for value in ("answer", "close", "promise"))
_KIND_COLUMNS = ("channel", "district", "ending")
_KIND_SETS = (("channel", None), ("district", None), ("ending", "rating"))
# Enough to count in memory whatever the period.
_WORK_MEM = "64MB"


def _by_number(
    columns: Sequence[str], sets: Sequence[tuple[str, str | None]]
) -> dict[int, tuple[str, str | None]]:
    """What `grouping(columns)` answers for each set: a bit for each column that is not in it."""
    return {
        sum(1 << place for place, name in enumerate(reversed(columns)) if name not in one): one
        for one in sets
    }


_TIMES_BY_NUMBER = _by_number(_TIME_COLUMNS, _TIME_SETS)
_KINDS_BY_NUMBER = _by_number(_KIND_COLUMNS, _KIND_SETS)


class SqlSight:
    """Reads, and nothing of a report is opened for it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def cells(self, window: Window) -> tuple[Cell, ...]:
        """All counts of the page but the months."""
        await self._tx.connection.execute(sa.select(sa.func.set_config("work_mem", _WORK_MEM, True)))
        return (
            *await self._times(window),
            *await self._kinds(window),
            *await self._stock(window),
            *await self._silent(window),
        )

    async def _times(self, window: Window) -> list[Cell]:
        found = []
        for row in await self._read(_TIMES, window):
            key, value = _TIMES_BY_NUMBER[row.which]
            if value == "promise" and row.promise is None:
                continue  # it still runs
            found.append(Cell(f"{key}_{value}", getattr(row, key), getattr(row, value or ""), row.n))
        return found

    async def _kinds(self, window: Window) -> list[Cell]:
        found = []
        for row in await self._read(_KINDS, window):
            key, value = _KINDS_BY_NUMBER[row.which]
            if key == "ending" and row.ending is None:
                continue  # not closed
            found.append(Cell(key, getattr(row, key), getattr(row, value) if value else None, row.n))
        return found

    async def _stock(self, window: Window) -> list[Cell]:
        found = []
        for row in await self._read(_STOCK, window):
            if row.agency is not None:
                found.append(Cell("agency_stock", row.agency, row.late, row.n))
            elif row.issue is not None:
                found.append(Cell("issue_stock", row.issue, row.late, row.n))
            else:
                found.append(Cell("age", "", row.age, row.n))
        return found

    async def _silent(self, window: Window) -> list[Cell]:
        rows = await self._read(_SILENT, window)
        return [Cell("silent", "anonymous" if row.anonymous else "told", None, row.n) for row in rows]

    async def months(self, window: Window) -> tuple[tuple[date, int, int], ...]:
        """(first day, filed, closed) of each month of the window in which something happened."""
        firsts = _firsts(window)
        starts = [datetime.combine(first, time.min, UTC) - window.shift for first in firsts]
        rows = await self._read(_MONTHS, window, months=starts)
        return tuple(sorted((firsts[row.month - 1], row.filed, row.closed) for row in rows))

    async def silent(self, window: Window, most: int = 12) -> tuple[Silent, ...]:
        """Closed in the window without news for a reporter who could have had some, the oldest first."""
        rows = await self._read(_SILENT_LIST, window, most=most)
        return tuple(Silent(**row._mapping) for row in rows)

    async def themes(self, window: Window) -> tuple[tuple[str, str, int], ...]:
        """(district or "", issue, number of cases) of ordinary matters, for plans that everybody may read."""
        rows = await self._read(_THEMES, window)
        return tuple((row.district, row.issue, row.n) for row in rows)

    async def _read(self, query: str, window: Window, **more: Any) -> Sequence[sa.Row[Any]]:
        values = {
            "desk": window.desk,
            "start": window.start,
            "end": window.end,
            "agency": window.agency,
            "issue": window.issue,
            "district": window.district,
            "shift": window.shift,
            "first": window.days[0],
            "workdays": list(window.workdays),
            "today": window.today,
            **more,
        }
        wanted = {name: value for name, value in values.items() if f":{name}" in query}
        return (await self._tx.connection.execute(sa.text(query), wanted)).all()


def _firsts(window: Window) -> list[date]:
    """First days of the months that the window touches."""
    first, last = ((at.astimezone(UTC) + window.shift).date() for at in (window.start, window.end))
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, 1) for month in months]
