"""Working days of Indonesian offices: not Saturday, Sunday, national holiday or cuti bersama.

The calendar is a value, so tables can test it. A year whose holidays are not decreed yet falls back to weekends and the
fixed holidays: the result is provisional, recomputed later, and never stops a filing.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from types import MappingProxyType

SATURDAY = 5
LEAP_DAY = (2, 29)
_ONE_DAY = timedelta(days=1)


class Zone(StrEnum):
    """The three times of Indonesia; none has summer time."""

    WIB = "WIB"
    WITA = "WITA"
    WIT = "WIT"

    @property
    def tzinfo(self) -> timezone:
        """Fixed offset: UTC+7, +8 or +9."""
        return timezone(timedelta(hours={"WIB": 7, "WITA": 8, "WIT": 9}[self.value]), self.value)


class HolidayKind(StrEnum):
    """`hari_kerja` takes a holiday back: the day counts as a working day again."""

    NATIONAL = "libur_nasional"
    JOINT_LEAVE = "cuti_bersama"
    REGIONAL = "libur_daerah"
    CANCELLED = "hari_kerja"


@dataclass(frozen=True)
class Holiday:
    """One day off. `area` is a regency or province code, empty for all of Indonesia."""

    on: date
    name: str
    kind: HolidayKind
    source: str = ""
    area: str = ""


@dataclass(frozen=True)
class Calendar:
    """Days off for one place. `known_years` have a decree; `fixed` maps (month, day) to a name for all other years."""

    holidays: Mapping[date, Holiday] = field(default_factory=lambda: MappingProxyType({}))
    known_years: frozenset[int] = frozenset()
    fixed: Mapping[tuple[int, int], str] = field(default_factory=lambda: MappingProxyType({}))

    def is_workday(self, day: date) -> bool:
        """True when offices work.

        >>> Calendar().is_workday(date(2026, 11, 23)), Calendar().is_workday(date(2026, 11, 22))
        (True, False)
        """
        if day.weekday() >= SATURDAY or day in self.holidays:
            return False
        return day.year in self.known_years or (day.month, day.day) not in self.fixed

    def knows(self, first: date, last: date) -> bool:
        """True when every year between the two has a decree."""
        return all(year in self.known_years for year in range(first.year, last.year + 1))


def add_workdays(start: date, n_workdays: int, calendar: Calendar) -> date:
    """The n-th working day after `start`; `start` itself never counts.

    >>> add_workdays(date(2026, 11, 20), 1, Calendar())
    datetime.date(2026, 11, 23)
    """
    day = start
    for _ in range(n_workdays):
        day += _ONE_DAY
        while not calendar.is_workday(day):
            day += _ONE_DAY
    return day


def n_workdays_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; 0 when `end` is not later.

    >>> n_workdays_between(date(2026, 11, 20), date(2026, 11, 24), Calendar())
    2
    """
    n_weeks, n_rest = divmod(max((end - start).days, 0), 7)
    weekdays = 5 * n_weeks + sum((start.weekday() + i) % 7 < SATURDAY for i in range(1, n_rest + 1))
    return weekdays - sum(day.weekday() < SATURDAY for day in _days_off(start, end, calendar))


def _days_off(start: date, end: date, calendar: Calendar) -> set[date]:
    """Holidays after `start` up to and including `end`, also those on a weekend."""
    unknown = [year for year in range(start.year, end.year + 1) if year not in calendar.known_years]
    fixed = {
        date(year, month, day)
        for year in unknown
        for month, day in calendar.fixed
        if (month, day) != LEAP_DAY or isleap(year)
    }
    return {day for day in {*calendar.holidays, *fixed} if start < day <= end}


def local_date(at: datetime, zone: Zone) -> date:
    """The date that a clock on the wall of a regency in this zone shows."""
    return at.astimezone(zone.tzinfo).date()
