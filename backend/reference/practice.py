"""The tasks of the practice mode (`practice_tasks.csv`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from backend.cases.practice import Task
from backend.reference.loader import FOLDER
from backend.reference.rows import read_rows, unique

MAY_BE_EMPTY = frozenset({"place", "twin", "wants"})


@cache
def practice_tasks(folder: Path = FOLDER) -> tuple[Task, ...]:
    """In the order in which they are given."""
    names = list(Task.__dataclass_fields__)
    rows = unique(read_rows(folder, "practice_tasks.csv", names), "id")
    return tuple(
        Task(**{name: row.maybe(name) if name in MAY_BE_EMPTY else row.text(name) for name in names})
        for row in rows
    )
