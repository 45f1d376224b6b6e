"""What the overview is counted from: the question, the counts, and whoever can answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol


@dataclass(frozen=True)
class Window:
    """What is asked for. Cases filed from `start` until before `end`; empty names mean any. `shift` is the regency's offset from UTC;
    `days` and `workdays` number all days that occur (`backend.usecases.sight.ordinals`), today last."""

    desk: str
    start: datetime
    end: datetime
    shift: timedelta
    days: Sequence[date]
    workdays: Sequence[int]
    agency: str = ""
    issue: str = ""
    district: str = ""

    @property
    def today(self) -> date:
        return self.days[-1]


@dataclass(frozen=True)
class Cell:
    """`n` cases of `key` with `value`. `of` is `agency_…` or `issue_…` with `answer` and `close` (working days, None: not yet), `promise`
    (1 kept, 0 broken) or `stock` (open today: 1 late); or `channel`, `district`, `ending` (value: mark), `age` (of what is open), `silent`."""

    of: str
    key: str
    value: int | None
    n: int


@dataclass(frozen=True)
class Silent:
    """A closed case whose reporter has not been told, for the list."""

    number: str
    issue: str
    agency: str
    state: str
    closed_at: datetime


class SightRows(Protocol):
    """Counts in the scope of whoever asks."""

    async def cells(self, window: Window) -> tuple[Cell, ...]:
        """All counts of the page but the months."""

    async def months(self, window: Window) -> tuple[tuple[date, int, int], ...]:
        """(first day, filed, closed) of each month of the window in which something happened."""

    async def themes(self, window: Window) -> tuple[tuple[str, str, int], ...]:
        """(district or "", issue, number of cases) of ordinary matters, for plans that everybody may read."""

    async def silent(self, window: Window, most: int = 12) -> tuple[Silent, ...]:
        """Closed in the window without news for a reporter who could have had some, the oldest first."""
