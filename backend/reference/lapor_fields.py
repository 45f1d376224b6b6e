"""LAPOR!'s form as rows: its fields in their order, what people call them, and how long they may be."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from backend.cases.errors import RowInvalid
from backend.cases.submission import Submission
from backend.reference.rows import read_rows, unique

FOLDER = Path(__file__).resolve().parent
FILE = "lapor_fields.csv"


@dataclass(frozen=True)
class LaporField:
    """`field` is a field of `Submission`; `limit` in characters, None without one."""

    field: str
    label: str
    limit: int | None


def lapor_fields(folder: Path = FOLDER) -> dict[str, LaporField]:
    """By field, in LAPOR!'s order; raises `RowInvalid` unless each field of a submission has one row."""
    rows = unique(read_rows(folder, FILE, ["field", "label", "limit", "source"]), "field")
    found = {
        row.text("field"): LaporField(
            row.text("field"), row.text("label"), row.parsed("limit", int) if row.maybe("limit") else None
        )
        for row in rows
    }
    if found.keys() != {one.name for one in fields(Submission)}:
        raise RowInvalid(FILE, 0, "field", "not the fields of a submission")
    return found
