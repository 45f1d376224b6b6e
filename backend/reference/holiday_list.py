"""A pasted list of holidays, as a joint decree (SKB) or a spreadsheet has it: one date or one span of days a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from backend.cases.workdays import HolidayKind

MONTHS = "januari februari maret april mei juni juli agustus september oktober november desember".split()
DAYS = "senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu"
LONGEST_SPAN = timedelta(days=14)
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
_SLASHED = re.compile(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})")
_SPOKEN = re.compile(
    r"(?P<d>\d{1,2})(?:\s*(?:-|–|sampai|s\.d\.|dan|&)\s*(?P<last>\d{1,2}))?\s+(?P<m>[A-Za-z]+)\s+(?P<y>\d{4})"
)
_SHAPES = (_ISO, _SLASHED, _SPOKEN)
_NOISE = re.compile(rf"\b(?:{DAYS})\b|^\s*\d{{1,2}}\s*[.)]\s|[;\t|]|\s-\s", re.IGNORECASE)
_KIND_WORDS = {
    HolidayKind.JOINT_LEAVE: ("cuti_bersama", "cuti bersama"),
    HolidayKind.REGIONAL: ("libur_daerah", "libur daerah"),
    HolidayKind.NATIONAL: ("libur_nasional", "libur nasional", "hari libur"),
}


@dataclass(frozen=True)
class Found:
    """One day of the list."""

    on: date
    name: str
    kind: HolidayKind


def read_list(text: str) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """The days, and the lines that could not be read. A heading (`Cuti bersama:`) holds for the lines below it.

    >>> days, strange = read_list("1. 1 Januari 2028, Sabtu, Tahun Baru Masehi\\nCuti bersama\\n24-25 Maret 2028 Idulfitri\\nentah")
    >>> [(str(one.on), one.name, one.kind.value) for one in days], strange
    ([('2028-01-01', 'Tahun Baru Masehi', 'libur_nasional'), ('2028-03-24', 'Idulfitri', 'cuti_bersama'), ('2028-03-25', 'Idulfitri', 'cuti_bersama')], ('entah',))
    """
    days: dict[date, Found] = {}
    strange = []
    kind = HolidayKind.NATIONAL
    for line in filter(None, (one.strip() for one in text.splitlines())):
        own = _kind_in(line)
        found = list(_days(line, own or kind))
        if found:
            days.update((one.on, one) for one in found)
        elif own:
            kind = own
        else:
            strange.append(line[:120])
    return tuple(days[on] for on in sorted(days)), tuple(strange)


def _kind_in(line: str) -> HolidayKind | None:
    low = line.lower()
    return next((kind for kind, words in _KIND_WORDS.items() if any(word in low for word in words)), None)


def _days(line: str, kind: HolidayKind) -> Iterator[Found]:
    for shape in _SHAPES:
        seen = shape.search(line)
        if seen is None:
            continue
        first = _date(seen["y"], seen["m"], seen["d"])
        last = _date(seen["y"], seen["m"], seen.groupdict().get("last") or seen["d"])
        if first is None or last is None or not timedelta(0) <= last - first <= LONGEST_SPAN:
            return
        name = _name(line[: seen.start()], line[seen.end() :])
        for n in range((last - first).days + 1):
            if name:
                yield Found(first + timedelta(days=n), name, kind)
        return


def _date(year: str, month: str, day: str) -> date | None:
    number = MONTHS.index(month.lower()) + 1 if month.lower() in MONTHS else 0
    try:
        return date(int(year), number or int(month), int(day))
    except ValueError:
        return None


def _name(before: str, after: str) -> str:
    """What is left of the line without its number, weekday and the word for its kind."""
    text = f"{before} , {after}"
    for word in ("libur_nasional", "cuti_bersama", "libur_daerah"):
        text = text.replace(word, " ")
    text = _NOISE.sub(" , ", text)
    parts = [" ".join(part.split()).strip(" .:-–") for part in text.split(",")]
    return ", ".join(part for part in parts if part and not part.isdecimal())[:120]
