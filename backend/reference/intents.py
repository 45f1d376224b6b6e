"""What each intent is called for people who review sentences: no words of machine learning."""

from __future__ import annotations

import csv
from pathlib import Path

FILE = Path(__file__).resolve().parent / "intents.csv"


def intent_labels() -> dict[str, list[tuple[str, str]]]:
    """Group → (intent, label), in the order of the file."""
    groups: dict[str, list[tuple[str, str]]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            groups.setdefault(row["group"], []).append((row["intent"], row["label"]))
    return groups
