"""Periods that figures and exports are asked for: a span of days with a name that stands in an address."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

# The beginning of all: older than any register of ours.
BEGINNING = date(2020, 1, 1)
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_LAST_DAYS = {"30h": 30, "90h": 90}
RELATIVE = ("30h", "90h", "tahun", "12b", "semua")
DEFAULT = "90h"


@dataclass(frozen=True)
class Period:
    """From `first` up to and with `last`; `key` is `30h`, `90h`, `tahun`, `12b`, `semua` or a month such as `2026-10`."""

    key: str
    first: date
    last: date


def month_of(day: date) -> Period:
    """The month a day lies in.

    >>> month_of(date(2026, 2, 3)).last
    datetime.date(2026, 2, 28)
    """
    first = day.replace(day=1)
    return Period(f"{day:%Y-%m}", first, day.replace(day=monthrange(day.year, day.month)[1]))


def months_before(day: date, n: int) -> tuple[date, ...]:
    """First days of the `n` months that end with the month of `day`, oldest first.

    >>> months_before(date(2026, 2, 3), 3)
    (datetime.date(2025, 12, 1), datetime.date(2026, 1, 1), datetime.date(2026, 2, 1))
    """
    found = [day.replace(day=1)]
    while len(found) < n:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return tuple(reversed(found))


def period(key: str, today: date) -> Period:
    """The period of a key; the default one for a key that is none.

    >>> period("30h", date(2026, 11, 23)).first, period("2026-02", date(2026, 11, 23)).last
    (datetime.date(2026, 10, 25), datetime.date(2026, 2, 28))
    """
    if found := _MONTH.fullmatch(key):
        first = date(int(found[1]), int(found[2]), 1)
        return month_of(first if BEGINNING <= first <= today else today)
    if key == "tahun":
        return Period(key, today.replace(month=1, day=1), today)
    if key == "12b":
        return Period(key, months_before(today, 12)[0], today)
    if key == "semua":
        return Period(key, BEGINNING, today)
    key = key if key in _LAST_DAYS else DEFAULT
    return Period(key, today - timedelta(days=_LAST_DAYS[key] - 1), today)
