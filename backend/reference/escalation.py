"""When a promise needs whose eyes: rows, not constants."""

from __future__ import annotations

from pathlib import Path

from backend.cases.access import Role
from backend.cases.urgency import Stage
from backend.cases.workflow import Step
from backend.reference.rows import Row, read_rows, unique

FOLDER = Path(__file__).resolve().parent


def stages(folder: Path = FOLDER) -> tuple[Stage, ...]:
    """From the first warning to the top; raises `RowInvalid`."""
    columns = "stage percent workdays_late roles step legal_source".split()
    return tuple(_stage(row) for row in unique(read_rows(folder, "escalation.csv", columns), "stage"))


def _stage(row: Row) -> Stage:
    return Stage(
        row.text("stage"),
        _maybe_number(row, "percent"),
        _maybe_number(row, "workdays_late"),
        row.parsed("roles", lambda text: frozenset(Role(one) for one in text.split("|"))),
        row.parsed("step", Step) if row.maybe("step") else None,
    )


def _maybe_number(row: Row, column: str) -> int | None:
    return row.whole(column) if row.maybe(column) else None
