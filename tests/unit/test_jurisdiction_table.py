"""The 57 rows of the jurisdiction table (UU 23/2014 and sector laws), each with a case for every level at which it splits."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from backend.cases.case import ReportClass
from backend.cases.place import Place
from backend.reference.loader import load
from backend.usecases.assign_draft import Matter, assign_draft

ROWS = list(csv.DictReader((Path(__file__).parent / "jurisdiction_table.csv").open(encoding="utf-8")))
N_ROWS, CASES_PER_ROW = 57, 3
ON = date(2026, 11, 23)
REFERENCE = load()


def place_in(code: str) -> Place:
    """A place from the deepest code known: regency, district or village."""
    parts = code.split(".")
    at = [".".join(parts[:n]) if len(parts) >= n else None for n in (2, 3, 4)]
    return Place(regency_code=at[0], district_code=at[1], village_code=at[2])


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['row']} {row['matter']}: {row['text']}" for row in ROWS])
def test_every_row_decides(row: dict[str, str]) -> None:
    matter = Matter(row["issue"], ReportClass.COMPLAINT, False, place_in(row["area"]), {}, row["text"])
    assigned = assign_draft(matter, REFERENCE, "64.08", ON)
    assert (assigned.assignment.level.value, assigned.role) == (row["level"], row["agency"])
    assert assigned.assignment.reason


def test_every_row_has_its_cases() -> None:
    cases = defaultdict(list)
    for row in ROWS:
        cases[int(row["row"])].append(row)
    assert sorted(cases) == list(range(1, N_ROWS + 1))
    assert {number: len(rows) for number, rows in cases.items() if len(rows) < CASES_PER_ROW} == {}


def test_every_rule_of_the_table_is_used_by_some_case() -> None:
    """A row of `routing.csv` that no case reaches is a row that nobody has tried."""
    reached = set()
    for row in ROWS:
        matter = Matter(row["issue"], ReportClass.COMPLAINT, False, place_in(row["area"]), {}, row["text"])
        reached.add(assign_draft(matter, REFERENCE, "64.08", ON).assignment.rule.removeprefix("elsewhere:"))
    own = {rule.id for rule in REFERENCE.policy.rules if rule.source != "issues.csv"}
    assert len(own & reached) / len(own) >= 0.75, sorted(own - reached)
