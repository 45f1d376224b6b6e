"""The work list as a sheet: out with LAPOR!'s fields in their order, in with the numbers that LAPOR! gave. No cell is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.cases.safe_cell import safe_cell
from backend.cases.submission import Submission
from backend.reference.lapor_fields import LaporField
from backend.reference.loader import Reference
from backend.usecases.hand_on import parse_number

NUMBER_COLUMN = "Nomor LAPOR!"
MOST_ROWS = 5000


class SheetRefused(Exception):
    """The sheet cannot be read at all; the text says why, for the officer."""


@dataclass(frozen=True)
class NumberRow:
    """One line that came back; `row` counts as a spreadsheet does. `problem` is a key of `sentences.csv`, None when it is fine."""

    row: int
    reference: str
    number: str
    problem: str | None = None


def cells(sent: Submission, reference: Reference, form: Mapping[str, LaporField]) -> list[tuple[str, str]]:
    """Label and value of each field, in LAPOR!'s order: what an officer copies."""
    yes, no = reference.sentence("lapor_yes"), reference.sentence("lapor_no")
    values = {
        "report_class": reference.sentence(f"lapor_{sent.report_class}"),
        "happened_on": f"{sent.happened_on:%d-%m-%Y}",
        "anonymous": yes if sent.anonymous else no,
        "secret": yes if sent.secret else no,
        "attachments": str(len(sent.attachments)),
        "copies": ", ".join(sent.copies),
    }
    return [(one.label, values.get(name) or str(getattr(sent, name) or "")) for name, one in form.items()]


def written(many: Iterable[Submission], reference: Reference, form: Mapping[str, LaporField]) -> str:
    """The sheet: one case a line, the last column empty for LAPOR!'s number."""
    out = io.StringIO()
    sheet = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerow([*(one.label for one in form.values()), NUMBER_COLUMN])
    for sent in many:
        sheet.writerow([*(safe_cell(value) for _, value in cells(sent, reference, form)), ""])
    return "\ufeff" + out.getvalue()


def read(text: str, form: Mapping[str, LaporField]) -> list[NumberRow]:
    """Lines that carry a number; a wrong one keeps its place and its problem. Raises SheetRefused."""
    body = text.removeprefix("\ufeff")
    first = body.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True))
    except csv.Error as failure:
        raise SheetRefused("lapor_sheet_broken") from failure
    own = form["reference"].label
    if not rows or own not in rows[0] or NUMBER_COLUMN not in rows[0]:
        raise SheetRefused("lapor_sheet_columns")
    if len(rows) > MOST_ROWS:
        raise SheetRefused("lapor_sheet_long")
    return _checked(rows, rows[0].index(own), rows[0].index(NUMBER_COLUMN))


def _checked(rows: list[list[str]], own: int, theirs: int) -> list[NumberRow]:
    found: list[NumberRow] = []
    seen: set[str] = set()
    for line, row in enumerate(rows[1:], 2):
        if len(row) <= max(own, theirs):
            if any(row):
                found.append(NumberRow(line, "", "", "lapor_sheet_columns"))
            continue
        reference, typed = row[own].strip().lstrip("'"), row[theirs].strip().lstrip("'")
        if not typed:
            continue
        number = parse_number(typed)
        problem = "lapor_number_wrong" if number is None else "lapor_number_taken" if number in seen else None
        seen.add(number or "")
        found.append(NumberRow(line, reference, number or typed, problem))
    return found
