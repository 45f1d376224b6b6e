"""The register of templates: what may be written to somebody who has been silent for a day, and whether Meta allows it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.channels.whatsapp.rendering import Template

FILE = Path(__file__).with_name("templates.csv")
APPROVED = "approved"


@dataclass(frozen=True)
class Row:
    """One template as it is submitted. `used_for` are sentence keys of notices, or kinds of the outbox."""

    name: str
    language: str
    category: str
    used_for: frozenset[str]
    body: str
    example: str


@dataclass(frozen=True)
class Register:
    """All templates of this release; which of them Meta has approved stands in the database."""

    rows: tuple[Row, ...]

    def choose(
        self, kind: str, body: Mapping[str, Any], states: Mapping[tuple[str, str], str]
    ) -> Template | None:
        """The approved template for a message of the outbox; None when there is none."""
        wanted = str(body.get("sentence") or kind)
        for row in self.rows:
            if wanted in row.used_for and states.get((row.name, row.language)) == APPROVED:
                return Template(row.name, row.language)
        return None

    def submission(self, row: Row) -> dict[str, Any]:
        """What Meta wants to be sent to judge it."""
        body = {"type": "BODY", "text": row.body, "example": {"body_text": [[row.example]]}}
        return {"name": row.name, "language": row.language, "category": row.category, "components": [body]}


def register(path: Path = FILE) -> Register:
    """The rows of `templates.csv`."""
    with path.open(encoding="utf-8", newline="") as file:
        return Register(
            tuple(
                Row(
                    row["name"],
                    row["language"],
                    row["category"],
                    frozenset(row["used_for"].split()),
                    row["body"],
                    row["example"],
                )
                for row in csv.DictReader(file)
            )
        )
