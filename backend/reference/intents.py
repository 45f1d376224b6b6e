"""What each intent is called for people who review sentences: no words of machine learning."""

from __future__ import annotations

import csv
from pathlib import Path

from backend.reference.loader import Reference

FILE = Path(__file__).resolve().parent / "intents.csv"


def intent_labels() -> dict[str, list[tuple[str, str]]]:
    """Group → (intent, label), in the order of the file."""
    groups: dict[str, list[tuple[str, str]]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            groups.setdefault(row["group"], []).append((row["intent"], row["label"]))
    return groups


def review_labels(reference: Reference) -> dict[str, list[tuple[str, str]]]:
    """Group → (label, words) of everything a reviewer may choose: intents, and issues as `keluhan/<code>`."""
    groups = intent_labels()
    for issue in reference.issues.values():
        groups.setdefault(issue.group, []).append((f"keluhan/{issue.code}", issue.label))
    return groups


def known_labels(reference: Reference) -> frozenset[str]:
    """Every label that may stand in training data."""
    return frozenset(label for labels in review_labels(reference).values() for label, _ in labels)
