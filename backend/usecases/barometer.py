"""A regency's barometer: how many, how fast, how well, by group of issues and by district; small cells poured together.

A month is published once, three weeks after it ended, and never counted again (`backend/cases/suppression.py` says why).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Protocol

from backend.cases.suppression import LEAST, Amount, Share, poured, share
from backend.usecases.periods import month_of, months_before

MONTHS_SHOWN = 12
# So long after its end a month is counted: what came in last has had its time to be answered.
SETTLED = timedelta(days=21)
# A median of fewer answers is nearly somebody's own.
LEAST_OF_MEDIAN = 2 * LEAST


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
    def hidden(self) -> bool: ...
    @property
    def n(self) -> int: ...


def span(month: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From the first moment of a month until before the first of the next."""
    last = month_of(month).last + timedelta(days=1)
    return datetime.combine(month, time.min, zone), datetime.combine(last, time.min, zone)


def settled_months(today: date, n: int = MONTHS_SHOWN) -> tuple[date, ...]:
    """First days of the months that may be published, newest first.

    >>> [f"{one:%Y-%m}" for one in settled_months(date(2026, 11, 23), 2)]
    ['2026-10', '2026-09']
    >>> f"{settled_months(date(2026, 11, 20), 1)[0]:%Y-%m}"
    '2026-09'
    """
    months = months_before(today, n + 2)
    over = [one for one in reversed(months) if month_of(one).last + SETTLED <= today]
    return tuple(over[:n])


@dataclass(frozen=True)
class Line:
    """One row of a table. `median_days` in whole days; None is too few to say. `name` is None for the cells that were poured together."""

    name: str | None
    n: int
    answered: Share | None = None
    done: Share | None = None
    median_days: int | None = None


@dataclass(frozen=True)
class Barometer:
    """Everything that is published of one month; both tables add up to `total`. Without rows there were too few."""

    total: Line | None = None
    satisfaction: Share | None = None
    by_issue: tuple[Line, ...] = ()
    by_district: tuple[Line, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> Barometer:
        """As it was kept."""
        tables = {name: tuple(_line_from(one) for one in data[name]) for name in ("by_issue", "by_district")}
        total = _line_from(data["total"]) if data["total"] else None
        return Barometer(total, _share_from(data["satisfaction"]), **tables)


def barometer(
    counts: Sequence[Count], group_of: Callable[[str], str], district_of: Callable[[str | None], str]
) -> Barometer:
    """The publishable figures; `group_of` names an issue's group, `district_of` a district."""
    counted = list(counts)
    whole = _amount(counted)
    if whole.n >= LEAST and not whole.is_safe():
        # So few that are listed nowhere would be found by subtracting those that are: they are left out.
        counted = [one for one in counted if not one.hidden]
        whole = _amount(counted)
    if not whole.is_safe():
        return Barometer()
    rated: Counter[int] = Counter()
    for count in counted:
        if count.rating is not None:
            rated[count.rating] += count.n
    return Barometer(
        _line("", counted),
        share(rated[4] + rated[5], rated.total()),
        _table(counted, lambda count: group_of(count.issue)),
        _table(counted, lambda count: district_of(count.district_code)),
    )


def _amount(counts: Iterable[Count]) -> Amount:
    return sum((Amount(one.n, one.n if one.hidden else 0) for one in counts), Amount(0))


def _table(counts: Iterable[Count], name_of: Callable[[Count], str]) -> tuple[Line, ...]:
    parts: dict[str, list[Count]] = {}
    for count in counts:
        parts.setdefault(name_of(count), []).append(count)
    sizes = {name: _amount(part) for name, part in parts.items()}
    shown, hidden = poured(sizes)
    lines = [_line(name, parts[name]) for name in sorted(shown, key=lambda name: (-shown[name], name))]
    if hidden:
        lines.append(Line(None, sum(sizes[name].n for name in hidden)))
    return tuple(lines)


def _line(name: str, counts: Sequence[Count]) -> Line:
    n = sum(count.n for count in counts)
    days: Counter[int] = Counter()
    for count in counts:
        if count.days is not None:
            days[count.days] += count.n
    done = sum(count.n for count in counts if count.done)
    median = _median(days) if days.total() >= LEAST_OF_MEDIAN else None
    return Line(name, n, share(days.total(), n), share(done, n), median)


def _median(days: Counter[int]) -> int:
    """The lower median of a histogram."""
    half, seen = (days.total() + 1) // 2, 0
    for day in sorted(days):
        seen += days[day]
        if seen >= half:
            return day
    raise ValueError("an empty histogram has no median")


def _line_from(data: Mapping[str, Any]) -> Line:
    shares = {name: _share_from(data[name]) for name in ("answered", "done")}
    return Line(**{**data, **shares})


def _share_from(data: Mapping[str, Any] | None) -> Share | None:
    return Share(**data) if data else None
