"""Plain dates that words lead to, counted from a given today. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari feb pebruari",
            "maret mar",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "agustus agt agu agst",
            "september sep sept",
            "oktober okt",
            "november nov nopember",
            "desember des",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin senen",
            "selasa",
            "rabu rebo",
            "kamis kemis",
            "jumat jum'at jumaat",
            "sabtu saptu setu",
            "minggu ahad",
        )
    )
    for name in names.split()
}
_DAYS = {"hari": 1, "malam": 1, "dinten": 1, "dina": 1, "poe": 1, "minggu": 7, "pekan": 7}
PRECISION = {"jam": "day", "menit": "day", "minggu": "week", "pekan": "week", "bulan": "month", "wulan": "month",
             "sasih": "month", "tahun": "month"}  # fmt: skip


def ago(today: date, number: float, unit: str) -> date:
    """`number` units before today; months and years keep the day where there is one."""
    if unit in ("jam", "menit"):
        return today - timedelta(days=int(number // 24) if unit == "jam" else 0)
    if unit in ("bulan", "wulan", "sasih"):
        return months_before(today, round(number))
    if unit == "tahun":
        return months_before(today, round(number * 12))
    return today - timedelta(days=round(number * _DAYS.get(unit, 1)))


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day; never before year 1."""
    index = max(12, day.year * 12 + day.month - 1 - months)
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_weekday(today: date, name: str) -> date:
    """The latest day of that name before today; today's own name means a week ago."""
    back = (today.weekday() - WEEKDAYS[name]) % 7 or 7
    return today - timedelta(days=back)


def day_of(today: date, day: int, month: int | None, year: int | None) -> date | None:
    """The latest such day that is not in the future, or None if there is no such day."""
    if year is not None and year < 100:
        year += 2000
    candidates = (
        [(year, month or today.month)]
        if year is not None
        else [(y, month) for y in (today.year, today.year - 1)]
        if month
        else [(d.year, d.month) for d in (today, months_before(today.replace(day=1), 1))]
    )
    for one_year, one_month in candidates:
        if (
            1 <= (one_month or 0) <= 12
            and one_year
            and 1900 < one_year < 2200
            and 1 <= day <= monthrange(one_year, one_month or 1)[1]
        ):
            found = date(one_year, one_month or 1, day)
            if found <= today or year is not None:
                return found
    return None


def start_of_month(today: date, month: int, year: int | None) -> date:
    """The first day of that month: of that year, else of the latest such month that has begun."""
    if year is not None:
        return date(year, month, 1)
    return date(today.year if month <= today.month else today.year - 1, month, 1)
