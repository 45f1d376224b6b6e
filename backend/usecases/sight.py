"""What the desk sees of itself: how much is open and late, how fast it answers and closes, by office and by issue.

A period holds the cases that were *filed* in it, so that every case is in one period and all columns of a table speak of the same
cases. What is open is open today, whenever it was filed. Days are working days.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from backend.cases.workdays import Calendar
from backend.reference.loader import Reference
from backend.usecases.periods import Period, months_before
from backend.usecases.sight_port import Cell, SightRows, Window

# Upper ends of the ages of what is open, in working days; the last is older than all of them.
AGES = (5, 14, 30, 60)
MONTHS_SHOWN = 12
# The oldest day that ages of open cases are counted from: older than the last of them.
OLDEST = timedelta(days=200)


@dataclass(frozen=True)
class Spread:
    """Of `n` durations the median and the 90th percentile, in working days; None when there is none."""

    n: int = 0
    median: int | None = None
    p90: int | None = None


@dataclass(frozen=True)
class Line:
    """One office, one issue, or all of them: filed in the period, and of these answered, closed, promises `kept` and `broken` (the
    rest still runs); `open` and `overdue` today."""

    key: str
    filed: int = 0
    answer: Spread = Spread()
    close: Spread = Spread()
    kept: int = 0
    broken: int = 0
    open: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class Month:
    """What came in and what was closed in a month."""

    first: date
    filed: int
    closed: int


@dataclass(frozen=True)
class Satisfaction:
    """How what was closed ended. `rated` counts marks 1 … 5 given by reporters; silence is in `unconfirmed`, never in between."""

    confirmed: int = 0
    unconfirmed: int = 0
    otherwise: int = 0
    rated: Mapping[int, int] = field(default_factory=dict)

    @property
    def n_rated(self) -> int:
        return sum(self.rated.values())

    @property
    def content(self) -> int:
        """Marks 4 and 5."""
        return self.rated.get(4, 0) + self.rated.get(5, 0)


@dataclass(frozen=True)
class Sight:
    """Everything on the page. `ages` are the open cases by `AGES`; `silent` counts closed cases whose reporters were not told."""

    total: Line
    agencies: tuple[Line, ...]
    issues: tuple[Line, ...]
    channels: tuple[tuple[str, int], ...]
    districts: Mapping[str, int]
    satisfaction: Satisfaction
    ages: tuple[int, ...]
    months: tuple[Month, ...]
    silent: int = 0
    silent_anonymous: int = 0


async def look(
    rows: SightRows,
    period: Period,
    reference: Reference,
    desk: str,
    now: datetime,
    *,
    agency: str = "",
    issue: str = "",
    district: str = "",
) -> tuple[Sight, Window]:
    """The overview of a period, and the window it was read through."""
    today = reference.today(now, desk)
    trend = months_before(min(period.last, today), MONTHS_SHOWN)

    def window(first: date, last: date) -> Window:
        seen = window_of(reference, desk, today, first, last)
        return replace(seen, agency=agency, issue=issue, district=district)

    asked = window(period.first, period.last)
    found = {
        month: (filed, closed)
        for month, filed, closed in await rows.months(window(trend[0], min(period.last, today)))
    }
    months = [Month(first, *found.get(first, (0, 0))) for first in trend]
    return summarised(await rows.cells(asked), months), asked


def window_of(reference: Reference, desk: str, today: date, first: date, last: date) -> Window:
    """From the first moment of a day until before the one after the last, on the wall of the regency."""
    zone = reference.zone(desk).tzinfo
    start, end = (datetime.combine(day, time.min, zone) for day in (first, last + timedelta(days=1)))
    shift = zone.utcoffset(None) or timedelta()
    days = ordinals(min(first, today - OLDEST), today, reference.calendar(desk))
    return Window(desk, start, end, shift, *days)


def quantile(days: Mapping[int, int], share: float) -> int | None:
    """The smallest value that at least `share` of a histogram do not exceed; None for an empty one.

    >>> quantile({1: 1, 3: 1}, 0.5), quantile({1: 8, 20: 2}, 0.9), quantile({}, 0.5)
    (1, 20, None)
    """
    total, seen = sum(days.values()), 0
    for day in sorted(days):
        seen += days[day]
        if seen >= share * total:
            return day
    return None


def ordinals(first: date, last: date, calendar: Calendar) -> tuple[list[date], list[int]]:
    """Each day and how many working days lie between the first and it: the difference of two is `n_workdays_between`.

    >>> ordinals(date(2026, 11, 20), date(2026, 11, 23), Calendar())[1]
    [0, 0, 0, 1]
    """
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    counted, n = [], 0
    for day in days:
        n += day > first and calendar.is_workday(day)
        counted.append(n)
    return days, counted


def summarised(cells: Iterable[Cell], months: Sequence[Month]) -> Sight:
    """The page's figures from counts."""
    parts: dict[str, dict[str, Counter[int | None]]] = defaultdict(lambda: defaultdict(Counter))
    for cell in cells:
        parts[cell.of][cell.key][cell.value] += cell.n
    agencies = _lines("agency", parts)
    return Sight(
        total=_line("", {name: _all(parts[f"agency_{name}"]) for name in MEASURES}),
        agencies=agencies,
        issues=_lines("issue", parts),
        channels=tuple(
            Counter({key: found.total() for key, found in parts["channel"].items()}).most_common()
        ),
        districts={key: found.total() for key, found in parts["district"].items()},
        satisfaction=_satisfaction(parts["ending"]),
        ages=_ages(_all(parts["age"])),
        months=tuple(months),
        silent=parts["silent"]["told"].total(),
        silent_anonymous=parts["silent"]["anonymous"].total(),
    )


MEASURES = ("answer", "close", "promise", "stock")


def _all(by_key: Mapping[str, Counter[int | None]]) -> Counter[int | None]:
    total: Counter[int | None] = Counter()
    for found in by_key.values():
        total.update(found)
    return total


def _lines(kind: str, parts: Mapping[str, Mapping[str, Counter[int | None]]]) -> tuple[Line, ...]:
    """The ones with the most open and late first."""
    keys = {key for name in MEASURES for key in parts[f"{kind}_{name}"]}
    empty: Counter[int | None] = Counter()
    lines = [_line(key, {name: parts[f"{kind}_{name}"].get(key, empty) for name in MEASURES}) for key in keys]
    return tuple(sorted(lines, key=lambda one: (-one.overdue, -one.open, -one.filed, one.key)))


def _line(key: str, found: Mapping[str, Counter[int | None]]) -> Line:
    """`promise` counts 1 for kept and 0 for broken; `stock` 1 for late and 0 for in time."""
    return Line(
        key=key,
        filed=found["answer"].total(),
        answer=_spread(found["answer"]),
        close=_spread(found["close"]),
        kept=found["promise"][1],
        broken=found["promise"][0],
        open=found["stock"].total(),
        overdue=found["stock"][1],
    )


def _spread(days: Mapping[int | None, int]) -> Spread:
    known = {day: n for day, n in days.items() if day is not None}
    return Spread(sum(known.values()), quantile(known, 0.5), quantile(known, 0.9))


def _satisfaction(endings: Mapping[str, Counter[int | None]]) -> Satisfaction:
    rated: Counter[int] = Counter()
    for found in endings.values():
        rated.update({mark: n for mark, n in found.items() if mark is not None})
    n = {key: found.total() for key, found in endings.items()}
    return Satisfaction(n.get("confirmed", 0), n.get("unconfirmed", 0), n.get("otherwise", 0), dict(rated))


def _ages(ages: Mapping[int | None, int]) -> tuple[int, ...]:
    found = [0] * (len(AGES) + 1)
    for age, n in ages.items():
        found[sum((age or 0) > end for end in AGES)] += n
    return tuple(found)
