"""Masking against a frozen, labelled set: `masking.csv`, whose names, numbers and addresses are made up.

`identifiers` holds `KIND:the words` for every identifier of the line, separated by `|`. A finding counts as right when it
touches a labelled identifier, a label as found when all its letters and digits are masked.
"""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from backend.review.masking import composed, has_identifier, identifiers, masked

LINES = Path(__file__).with_name("masking.csv")
LEAST_LINES = 500
LEAST_RECALL = {
    "NIK": 0.995,
    "PHONE": 0.995,
    "EMAIL": 0.995,
    "NAME": 0.9,
    "PLATE": 0.9,
    "ACCOUNT": 0.9,
    "GEO": 0.9,
}
LEAST_PRECISION = 0.9


@cache
def lines() -> tuple[tuple[str, str], ...]:
    with LINES.open(encoding="utf-8", newline="") as file:
        return tuple((row["text"], row["identifiers"]) for row in csv.DictReader(file))


def labels_of(text: str, labelled: str) -> list[tuple[str, int, int]]:
    """(kind, start, end) of every label."""
    found = []
    for label in filter(None, labelled.split("|")):
        kind, _, words = label.partition(":")
        start = text.index(composed(words))
        found.append((kind, start, start + len(composed(words))))
    return found


def recall() -> dict[str, float]:
    total, found = Counter[str](), Counter[str]()
    for line, labelled in lines():
        text = composed(line)
        covered = {n for one in identifiers(text) for n in range(one.start, one.end)}
        for kind, start, end in labels_of(text, labelled):
            total[kind] += 1
            found[kind] += all(n in covered for n in range(start, end) if text[n].isalnum())
    return {kind: found[kind] / n for kind, n in total.items()}


def test_the_set_is_large_enough() -> None:
    assert len(lines()) >= LEAST_LINES
    assert sum(not labelled for _, labelled in lines()) >= 150, (
        "lines without any identifier measure precision"
    )


@pytest.mark.parametrize(("kind", "least"), LEAST_RECALL.items())
def test_identifiers_are_found(kind: str, least: float) -> None:
    assert recall()[kind] >= least


@pytest.mark.parametrize("kind", ["LINK", "HANDLE"])
def test_links_and_handles_are_all_found(kind: str) -> None:
    assert recall()[kind] == 1.0


def test_what_is_masked_was_an_identifier() -> None:
    right, wrong = 0, []
    for line, labelled in lines():
        text = composed(line)
        labels = labels_of(text, labelled)
        for one in identifiers(text):
            if any(one.start < end and start < one.end for _, start, end in labels):
                right += 1
            else:
                wrong.append(text[one.start : one.end])
    assert right / (right + len(wrong)) >= LEAST_PRECISION, wrong


def test_nothing_is_left_to_mask_after_masking() -> None:
    assert [line for line, _ in lines() if has_identifier(masked(line))] == []


def test_invisible_signs_hide_nothing() -> None:
    number = "0812" + "34567890"
    assert masked("wa " + "\u200b".join(number)) == "wa [TELEPON]"
