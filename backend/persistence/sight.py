"""Counts for the desk's overview, in the caller's scope: row-level security decides which cases there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
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
_DAYS = "k AS (SELECT day, n FROM unnest(CAST(:days AS date[]), CAST(:workdays AS int[])) AS k(day, n))"

# One reading of the period, counted in several ways at once.
_FLOW = f"""
WITH {_DAYS}, f AS (
  SELECT agency, issue, channel, coalesce(district_code, '') AS district, ka.n - kf.n AS answer, kc.n - kf.n AS close,
    CASE WHEN coalesce(answered_at, closed_at) IS NOT NULL
           THEN ((coalesce(answered_at, closed_at) + CAST(:shift AS interval)) AT TIME ZONE 'UTC')::date <= due_on
         WHEN due_on < CAST(:today AS date) THEN false END::int AS promise,
    CASE WHEN closed_at IS NOT NULL THEN coalesce(resolution, 'otherwise') END AS ending, rating
  FROM case_figures
  LEFT JOIN k kf ON kf.day = ((filed_at + CAST(:shift AS interval)) AT TIME ZONE 'UTC')::date
  LEFT JOIN k ka ON ka.day = ((answered_at + CAST(:shift AS interval)) AT TIME ZONE 'UTC')::date
  LEFT JOIN k kc ON kc.day = ((closed_at + CAST(:shift AS interval)) AT TIME ZONE 'UTC')::date
  WHERE {_WHERE} AND filed_at >= :start AND filed_at < :end)
SELECT grouping(agency, issue, channel, district, ending, answer, close, promise) AS which,
  agency, issue, channel, district, ending, answer, close, promise, rating, count(*) AS n
FROM f GROUP BY GROUPING SETS ((agency, answer), (agency, close), (agency, promise), (issue, answer), (issue, close),
  (issue, promise), (channel), (district), (ending, rating))
"""  # noqa: S608 — only our own words

# What is open today. `age` in working days since it was filed.
_STOCK = f"""
WITH {_DAYS}, f AS (
  SELECT agency, issue, (due_on < CAST(:today AS date))::int AS late, kt.n - coalesce(kf.n, 0) AS age
  FROM case_figures
  LEFT JOIN k kf ON kf.day = ((filed_at + CAST(:shift AS interval)) AT TIME ZONE 'UTC')::date
  LEFT JOIN k kt ON kt.day = CAST(:today AS date)
  WHERE {_WHERE} AND closed_at IS NULL)
SELECT grouping(agency, issue, age) AS which, agency, issue, age, late, count(*) AS n
FROM f GROUP BY GROUPING SETS ((agency, late), (issue, late), (age))
"""  # noqa: S608

_MONTHS = f"""
SELECT date_trunc('month', (at + CAST(:shift AS interval)) AT TIME ZONE 'UTC')::date AS month, sum(filed) AS filed,
  sum(closed) AS closed
FROM (SELECT filed_at AS at, 1 AS filed, 0 AS closed FROM case_figures WHERE {_WHERE} AND filed_at >= :start AND filed_at < :end
  UNION ALL
  SELECT closed_at, 0, 1 FROM case_figures WHERE {_WHERE} AND closed_at >= :start AND closed_at < :end) AS both_ways
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

_COLUMNS = ("agency", "issue", "channel", "district", "ending", "answer", "close", "promise")
_SETS = (
    *(("agency", value) for value in ("answer", "close", "promise")),
    *(("issue", value) for value in ("answer", "close", "promise")),
    ("channel", None),
    ("district", None),
    ("ending", "rating"),
)


def _which(columns: Sequence[str], grouped: Sequence[str | None]) -> int:
    """What `grouping(columns)` answers for a set: a bit for each column that is not in it."""
    return sum(1 << place for place, name in enumerate(reversed(columns)) if name not in grouped)


_FLOW_SETS = {_which(_COLUMNS, one): one for one in _SETS}


class SqlSight:
    """Reads, and nothing of a report is opened for it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def cells(self, window: Window) -> tuple[Cell, ...]:
        """All counts of the page but the months."""
        return (*await self._flow(window), *await self._stock(window), *await self._silent(window))

    async def _flow(self, window: Window) -> list[Cell]:
        found = []
        for row in await self._read(_FLOW, window):
            key, value = _FLOW_SETS[row.which]
            of = f"{key}_{value}" if value in ("answer", "close", "promise") else key
            if value == "promise" and row.promise is None:
                continue  # it still runs
            if key == "ending" and row.ending is None:
                continue  # not closed
            found.append(Cell(of, getattr(row, key), getattr(row, value) if value else None, row.n))
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
        rows = await self._read(_MONTHS, window)
        return tuple(sorted((row.month, row.filed, row.closed) for row in rows))

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
            "days": list(window.days),
            "workdays": list(window.workdays),
            "today": window.today,
            **more,
        }
        wanted = {name: value for name, value in values.items() if f":{name}" in query}
        return (await self._tx.connection.execute(sa.text(query), wanted)).all()
