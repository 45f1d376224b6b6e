"""Shipped rows and what a regency changed in them: changes are laid over the CSV files, which stay as they were shipped.

A change names one row by the values of its key columns. The tables that result are written as CSV files into a folder and read by
the loader, so that a changed row passes exactly the checks that a shipped one passes.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from backend.reference.loader import FOLDER, Reference, load
from backend.reference.rows import read_rows

BETWEEN = "/"
AT_END = ""

Values = Mapping[str, str]


class Becomes(StrEnum):
    """row: as written in the change · removed: gone · shipped: as the release has it, whatever was changed before."""

    ROW = "row"
    REMOVED = "removed"
    SHIPPED = "shipped"


@dataclass(frozen=True)
class Table:
    """A file whose rows may be changed; `keys` are the columns that name a row."""

    file: str
    keys: tuple[str, ...]

    def key(self, row: Values) -> str:
        """What a row is called in changes and addresses.

        >>> Table("emergency.csv", ("area", "service")).key({"area": "64.08", "service": "fire", "number": "113"})
        '64.08/fire'
        """
        return BETWEEN.join(row.get(column, "").strip() for column in self.keys)


@dataclass(frozen=True)
class Change:
    """What becomes of one row. `place` is the key of the row it stands before, "" for the end, None for where it is."""

    file: str
    key: str
    becomes: Becomes
    after: Values | None = None
    place: str | None = None


Overlay = Mapping[tuple[str, str], Change]


def overlaid(changes: Iterable[Change]) -> dict[tuple[str, str], Change]:
    """What holds after all of them: the last change of a row counts, and one back to the release is none at all."""
    found: dict[tuple[str, str], Change] = {}
    for change in changes:
        found.pop((change.file, change.key), None)
        if change.becomes is not Becomes.SHIPPED:
            found[change.file, change.key] = change
    return found


def between(old: Overlay, new: Overlay) -> tuple[Change, ...]:
    """The changes that lead from one state to another."""
    back = [Change(*name, Becomes.SHIPPED) for name in old if name not in new]
    return (*back, *[change for name, change in new.items() if old.get(name) != change])


def shipped_rows(file: str, folder: Path = FOLDER) -> list[Values]:
    """The rows of a shipped file in their order."""
    return [row.values for row in read_rows(folder, file, [])]


def rows_of(table: Table, overlay: Overlay, folder: Path = FOLDER) -> list[Values]:
    """The rows of a table with its changes, in the order in which they decide."""
    mine = {key: change for (file, key), change in overlay.items() if file == table.file}
    moved = {key for key, change in mine.items() if change.place is not None}
    rows: list[Values] = []
    for row in shipped_rows(table.file, folder):
        key = table.key(row)
        change = mine.pop(key, None)
        if change is None:
            rows.append(row)
        elif key in moved:
            mine[key] = change
        elif change.becomes is Becomes.ROW and change.after is not None:
            rows.append(change.after)
    for change in mine.values():
        if change.becomes is Becomes.ROW and change.after is not None:
            rows.insert(_position(table, rows, change.place), change.after)
    return rows


def _position(table: Table, rows: Sequence[Values], place: str | None) -> int:
    """Before the row of that key; at the end when there is none such."""
    return next((n for n, row in enumerate(rows) if table.key(row) == place), len(rows))


def write_tables(tables: Iterable[Table], overlay: Overlay, target: Path, folder: Path = FOLDER) -> None:
    """All files of the reference data into a folder, those with changes rewritten."""
    changed = {file for file, _ in overlay}
    for path in sorted(folder.glob("*.csv")):
        shutil.copy(path, target / path.name)
    for table in tables:
        if table.file in changed:
            columns = _columns(folder / table.file)
            with (target / table.file).open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
                writer.writeheader()
                writer.writerows(
                    {name: row.get(name, "") for name in columns} for row in rows_of(table, overlay, folder)
                )


def _columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return next(csv.reader(stream))


def load_with(tables: Sequence[Table], overlay: Overlay, folder: Path = FOLDER) -> Reference:
    """The reference data with these changes; raises `RowInvalid` as the loader does."""
    if not overlay:
        return load(folder)
    with tempfile.TemporaryDirectory(prefix="teman-lapor-reference-") as made:
        write_tables(tables, overlay, Path(made), folder)
        return load(Path(made))
