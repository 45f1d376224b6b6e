"""Languages in which people tell a helper what happened (`spoken.csv`)."""

from __future__ import annotations

from pathlib import Path

from backend.reference.loader import FOLDER
from backend.reference.rows import read_rows, unique


def spoken(folder: Path = FOLDER) -> dict[str, str]:
    """Code → name, in the order in which they are offered."""
    rows = unique(read_rows(folder, "spoken.csv", ["code", "label"]), "code")
    return {row.text("code"): row.text("label") for row in rows}
