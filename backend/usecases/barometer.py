"""A regency's barometer: how many, how fast, how well, by group of issues and by district; small cells poured together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Protocol

from backend.cases.suppression import LEAST, poured, share

QUARTERS_SHOWN = 8
MONTHS = 3


class Count(Protocol):
    """`n` cases of one kind; see `backend.persistence.figures.Count`."""

    @property
    def issue(self) -> str: ...
    @property
    def district_code(self) -> str | None: ...
    @property
    def days(self) -> int | None: ...
    @property
    def done(self) -> bool: ...
    @property
    def rating(self) -> int | None: ...
    @property
    def n(self) -> int: ...


@dataclass(frozen=True)
class Quarter:
    """A quarter of a year, the unit that is published: quarters never overlap."""

    year: int
    number: int

    @property
    def label(self) -> str:
        """As in an address: `2026-Q3`."""
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, MONTHS * self.number - MONTHS + 1, 1)

    @property
    def next(self) -> Quarter:
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def before(self) -> Quarter:
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    def span(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From the first moment until before the last."""
        return (
            datetime.combine(self.first, time.min, zone),
            datetime.combine(self.next.first, time.min, zone),
        )


def closed_quarters(today: date, n: int = QUARTERS_SHOWN) -> tuple[Quarter, ...]:
    """Those that are over, newest first: a running one would change from day to day, and the difference would be one person.

    >>> [one.label for one in closed_quarters(date(2026, 11, 23), 2)]
    ['2026-Q3', '2026-Q2']
    """
    quarter = Quarter(today.year, (today.month - 1) // MONTHS + 1)
    found = []
    for _ in range(n):
        quarter = quarter.before
        found.append(quarter)
    return tuple(found)


@dataclass(frozen=True)
class Line:
    """One row of a table. `answered` and `done` are percent in steps of five, `median_days` whole days; None is too few to say.
    `name` is None for the cells that were poured together."""

    name: str | None
    n: int
    answered: int | None = None
    done: int | None = None
    median_days: int | None = None


@dataclass(frozen=True)
class Barometer:
    """Everything that is published of one quarter; both tables add up to `total`. Without rows there were too few."""

    quarter: Quarter
    total: Line | None
    satisfaction: int | None
    by_issue: tuple[Line, ...]
    by_district: tuple[Line, ...]


def barometer(
    counts: Sequence[Count],
    quarter: Quarter,
    group_of: Callable[[str], str],
    district_of: Callable[[str | None], str],
) -> Barometer:
    """The publishable figures; `group_of` names an issue's group, `district_of` a district."""
    n = sum(count.n for count in counts)
    if n < LEAST:
        return Barometer(quarter, None, None, (), ())
    rated: Counter[int] = Counter()
    for count in counts:
        if count.rating is not None:
            rated[count.rating] += count.n
    return Barometer(
        quarter,
        _line("", counts),
        share(rated[4] + rated[5], rated.total()),
        _table(counts, lambda count: group_of(count.issue)),
        _table(counts, lambda count: district_of(count.district_code)),
    )


def _table(counts: Iterable[Count], name_of: Callable[[Count], str]) -> tuple[Line, ...]:
    parts: dict[str, list[Count]] = {}
    for count in counts:
        parts.setdefault(name_of(count), []).append(count)
    sizes: Mapping[str, int] = {name: sum(one.n for one in part) for name, part in parts.items()}
    shown, hidden = poured(sizes)
    lines = [_line(name, parts[name]) for name in sorted(shown, key=lambda name: (-shown[name], name))]
    if hidden:
        lines.append(Line(None, sum(sizes[name] for name in hidden)))
    return tuple(lines)


def _line(name: str, counts: Sequence[Count]) -> Line:
    n = sum(count.n for count in counts)
    days: Counter[int] = Counter()
    for count in counts:
        if count.days is not None:
            days[count.days] += count.n
    done = sum(count.n for count in counts if count.done)
    median = _median(days) if days.total() >= LEAST else None
    return Line(name, n, share(days.total(), n), share(done, n), median)


def _median(days: Counter[int]) -> int:
    """The lower median of a histogram."""
    half, seen = (days.total() + 1) // 2, 0
    for day in sorted(days):
        seen += days[day]
        if seen >= half:
            return day
    raise ValueError("an empty histogram has no median")
