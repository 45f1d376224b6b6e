"""What a text says by itself, as rows: signs, named roads and hospitals, amounts, and the words for who is accused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

from backend.cases.case import Level
from backend.cases.signs import Accused, Measure, Sign, Signs
from backend.reference.rows import Row, read_rows, unique

ROAD_STATUS, HOSPITAL_OWNER = "road_status", "hospital_owner"
# How people join the two ends of a road: "Sangatta-Bengalon", "dari Sangatta ke Bengalon".
CONNECTORS = ("", "ke", "menuju", "sampai", "smp", "hingga", "arah", "dan", "tembus")


def read_signs(folder: Path) -> Signs:
    """All five files as one value; raises `RowInvalid`."""
    return Signs(
        signs=(*_signs(folder), *_roads(folder), *_hospitals(folder)),
        measures=tuple(_measures(folder)),
        accused=tuple(_accused(folder)),
    )


def _signs(folder: Path) -> Iterator[Sign]:
    columns = "attribute value words unless area source valid_from valid_until".split()
    for row in read_rows(folder, "signs.csv", columns):
        row.text("source")
        yield _sign(row, row.text("attribute"), row.text("value"), row.words("words"), named=False)


def _roads(folder: Path) -> Iterator[Sign]:
    """A road is known by its names and by its two ends, said one after the other in either order."""
    columns = "name words ends status area unless source valid_from valid_until".split()
    for row in unique(read_rows(folder, "roads.csv", columns), "name", "area"):
        row.text("source")
        words = (*row.words("words"), *_between(row))
        if not words:
            raise row.invalid("words", "neither a name nor two ends")
        yield _sign(row, ROAD_STATUS, row.text("status"), words, named=True)


def _between(row: Row) -> Iterator[str]:
    if not row.maybe("ends"):
        return
    first, sign, second = row.text("ends").partition("+")
    ends = [[name.strip() for name in side.split("|") if name.strip()] for side in (first, second)]
    if not sign or not all(ends):
        raise row.invalid("ends", "is not one|end+other|end")
    for one, connector, other in product(ends[0], CONNECTORS, ends[1]):
        if one != other:
            yield f"{one} {connector} {other}"
            yield f"{other} {connector} {one}"


def _hospitals(folder: Path) -> Iterator[Sign]:
    columns = "name words owner area source valid_from valid_until".split()
    for row in unique(read_rows(folder, "hospitals.csv", columns), "name"):
        row.text("source")
        yield _sign(row, HOSPITAL_OWNER, row.text("owner"), row.words("words"), named=True)


def _sign(row: Row, attribute: str, value: str, words: tuple[str, ...], *, named: bool) -> Sign:
    if not words:
        raise row.invalid("words", "is empty")
    first, last = row.validity()
    unless = row.words("unless") if "unless" in row.values else ()
    return Sign(attribute, value, words, unless, row.maybe("area"), named, first, last)


def _measures(folder: Path) -> Iterator[Measure]:
    for row in read_rows(folder, "measures.csv", "attribute value units lowest below source".split()):
        lowest, below = row.parsed("lowest", float), row.parsed("below", float)
        if lowest >= below:
            raise row.invalid("below", "is not above lowest")
        yield Measure(row.text("attribute"), row.text("value"), row.words("units"), lowest, below)


def _accused(folder: Path) -> Iterator[Accused]:
    for row in read_rows(folder, "accused.csv", "words role level up source".split()):
        if not row.words("words"):
            raise row.invalid("words", "is empty")
        level = row.maybe_choice("level", Level)
        yield Accused(row.words("words"), row.text("role"), level, row.maybe("up") or None)
