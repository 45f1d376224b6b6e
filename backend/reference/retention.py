"""How long each class of data is kept, and by which law: rows, not constants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from backend.reference.rows import read_rows, unique

FOLDER = Path(__file__).resolve().parent


class Action(StrEnum):
    """erase: by `python -m backend retention` · timer: the running backend does it · keep: counted only."""

    ERASE = "erase"
    TIMER = "timer"
    KEEP = "keep"


@dataclass(frozen=True)
class Kept:
    """One class of data."""

    data_class: str
    what: str
    time: timedelta
    action: Action
    legal_source: str


def retention_rows(folder: Path = FOLDER) -> tuple[Kept, ...]:
    """In the order of the file; raises `RowInvalid`."""
    columns = "data_class what days counts_from action legal_source".split()
    return tuple(
        Kept(
            row.text("data_class"),
            row.text("what"),
            timedelta(days=row.parsed("days", int)),
            row.choice("action", Action),
            row.text("legal_source"),
        )
        for row in unique(read_rows(folder, "retention.csv", columns), "data_class")
    )
