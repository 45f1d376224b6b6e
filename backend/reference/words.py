"""The files that answers are made of: holidays, words for states, facts, emergency numbers and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from lokal.holidays import HOLIDAY_YEARS, get_holidays

from backend.cases.workdays import Holiday, HolidayKind
from backend.cases.workflow import KIND, Kind, State
from backend.reference.rows import read_rows, unique

YEAR, MONTH_DAY = len("2028"), len("08-17")


@dataclass(frozen=True)
class StateWords:
    """What citizens read about a state, and officers (`at_desk`); `shape` goes with the word, so that colour is never alone."""

    label: str
    what_next: str
    shape: str
    at_desk: str


@dataclass(frozen=True)
class Fact:
    """One number or contact that answers use. `area` is a code prefix, empty for everywhere."""

    topic: str
    name: str
    value: str
    area: str
    source: str


def decreed_holidays() -> tuple[tuple[Holiday, ...], frozenset[int]]:
    """National holidays and cuti bersama of the kept library, and the years it knows."""
    days = tuple(
        Holiday(date.fromisoformat(day.date), day.name, HolidayKind(day.type), year.decree)
        for year in map(get_holidays, HOLIDAY_YEARS)
        for day in year.holidays
    )
    return days, frozenset(HOLIDAY_YEARS)


def own_holidays(
    folder: Path,
) -> tuple[tuple[Holiday, ...], Mapping[tuple[int, int], str], frozenset[int]]:
    """`holidays.csv`: extra days (`2026-12-09`); as `08-17` the fixed ones of years without a decree; and as `2028` the years all of
    whose holidays stand there."""
    days, fixed, years = [], {}, set()
    for row in read_rows(folder, "holidays.csv", ["date", "name", "kind", "area", "source"]):
        name, source, area = row.text("name"), row.text("source"), row.maybe("area")
        if len(row.text("date")) == YEAR:
            years.add(row.whole("date"))
        elif len(row.text("date")) == MONTH_DAY:
            day = row.parsed("date", lambda value: date.fromisoformat(f"2000-{value}"))
            fixed[day.month, day.day] = name
        else:
            on = row.parsed("date", date.fromisoformat)
            days.append(Holiday(on, name, row.choice("kind", HolidayKind), source, area))
    return tuple(days), MappingProxyType(fixed), frozenset(years)


def states(folder: Path) -> dict[State, StateWords]:
    """`states.csv`: words for every state of the workflow, whose kind must agree."""
    words = {}
    for row in unique(
        read_rows(folder, "states.csv", "state label what_next kind shape desk_label".split()), "state"
    ):
        state = row.choice("state", State)
        if row.choice("kind", Kind) is not KIND[state]:
            raise row.invalid("kind", f"the workflow says {KIND[state]}")
        label = row.text("label")
        at_desk = row.maybe("desk_label") or label
        words[state] = StateWords(label, row.text("what_next"), row.text("shape"), at_desk)
    return words


def facts(folder: Path) -> tuple[Fact, ...]:
    """`facts.csv` and the emergency numbers of `emergency.csv` (topic `emergency`)."""
    known = [
        Fact(row.text("topic"), row.text("name"), row.text("value"), row.maybe("area"), row.text("source"))
        for row in unique(
            read_rows(folder, "facts.csv", "topic name value area source".split()), "topic", "name", "area"
        )
    ]
    urgent = unique(
        read_rows(folder, "emergency.csv", "area service number label source".split()), "area", "service"
    )
    for row in urgent:
        area, source = row.text("area"), row.text("source")
        known.append(Fact("emergency", row.text("service"), row.text("number"), area, source))
        known.append(Fact("emergency", f"{row.text('service')}_label", row.text("label"), area, source))
    return tuple(known)


def sentences(folder: Path) -> dict[str, str]:
    """`sentences.csv` by key."""
    rows = unique(read_rows(folder, "sentences.csv", ["key", "text"]), "key")
    return {row.text("key"): row.text("text") for row in rows}
