"""Sentences whose meaning is agreed upon: reviewers meet one now and then, and see how they fare."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "gold_sentences.csv"


@cache
def gold_rows() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(sentence, label, labels that it could be taken for), in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["text"], row["label"], (row["other"], row["another"])) for row in csv.DictReader(file)
        )
