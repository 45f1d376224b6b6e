"""The columns of each sheet that leaves the desk, in their order, and what people call them."""

from __future__ import annotations

from pathlib import Path

from backend.reference.rows import read_rows

FOLDER = Path(__file__).resolve().parent


def export_columns(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """Sheet → column → label; raises `RowInvalid`."""
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(folder, "export_columns.csv", ["sheet", "column", "label", "source"]):
        found.setdefault(row.text("sheet"), {})[row.text("column")] = row.text("label")
    return found
