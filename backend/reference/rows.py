"""Reading a CSV file of reference data: every value is checked, and what is wrong is named by file, row and column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from backend.cases.errors import RowInvalid

HEADER_ROW = 1


@dataclass(frozen=True)
class Row:
    """One row of a file; `number` counts as a spreadsheet does (the header is 1)."""

    file: str
    number: int
    values: dict[str, str]

    def invalid(self, column: str, why: str) -> RowInvalid:
        """The error for one cell of this row."""
        return RowInvalid(self.file, self.number, column, why)

    def text(self, column: str) -> str:
        """A cell that must not be empty."""
        value = self.maybe(column)
        if not value:
            raise self.invalid(column, "is empty")
        return value

    def maybe(self, column: str) -> str:
        """A cell that may be empty."""
        return self.values[column].strip()

    def parsed[T](self, column: str, parse: Callable[[str], T]) -> T:
        """A cell through a parser that raises `ValueError`."""
        value = self.text(column)
        try:
            return parse(value)
        except ValueError as error:
            raise self.invalid(column, f"{value!r}: {error}") from error

    def choice[E: StrEnum](self, column: str, kind: type[E]) -> E:
        """A cell that is one of an enumeration's values."""
        value = self.text(column)
        if value not in {one.value for one in kind}:
            raise self.invalid(column, f"{value!r} is none of {', '.join(kind)}")
        return kind(value)

    def maybe_choice[E: StrEnum](self, column: str, kind: type[E]) -> E | None:
        """Like `choice`; an empty cell is None."""
        return self.choice(column, kind) if self.maybe(column) else None

    def flag(self, column: str) -> bool:
        """yes or no."""
        value = self.text(column)
        if value not in ("yes", "no"):
            raise self.invalid(column, f"{value!r} is neither yes nor no")
        return value == "yes"

    def maybe_flag(self, column: str) -> bool | None:
        """yes, no, or empty for *either*."""
        return self.flag(column) if self.maybe(column) else None

    def fraction(self, column: str) -> float:
        """A number 0 … 1."""
        value = self.parsed(column, float)
        if not 0 <= value <= 1:
            raise self.invalid(column, f"{value} is outside 0 … 1")
        return value

    def whole(self, column: str) -> int:
        """A positive whole number."""
        value = self.parsed(column, int)
        if value < 1:
            raise self.invalid(column, f"{value} is not positive")
        return value

    def words(self, column: str) -> tuple[str, ...]:
        """Phrases separated by |."""
        return tuple(word.strip() for word in self.maybe(column).split("|") if word.strip())

    def validity(self) -> tuple[date, date]:
        """`valid_from` and `valid_until`; empty means always."""
        first = self.parsed("valid_from", date.fromisoformat) if self.maybe("valid_from") else date.min
        last = self.parsed("valid_until", date.fromisoformat) if self.maybe("valid_until") else date.max
        if last < first:
            raise self.invalid("valid_until", "is before valid_from")
        return first, last


def read_rows(folder: Path, file: str, columns: Sequence[str]) -> Iterator[Row]:
    """Rows of a file that has at least these columns; raises `RowInvalid` for a file that is no such table."""
    path = folder / file
    if not path.is_file():
        raise RowInvalid(file, 0, "", f"file is missing in {folder}")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise RowInvalid(file, HEADER_ROW, missing[0], "column is missing")
        for number, values in enumerate(reader, start=HEADER_ROW + 1):
            if None in values or None in values.values():
                raise RowInvalid(file, number, "", "has too many or too few cells")
            yield Row(file, number, values)


def unique(rows: Iterable[Row], *columns: str) -> list[Row]:
    """The rows, after making sure that no two agree in these columns."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for row in rows:
        key = tuple(row.maybe(column) for column in columns)
        if key in seen:
            raise row.invalid(columns[0], f"{' · '.join(key)} appears twice")
        seen.add(key)
        kept.append(row)
    return kept
