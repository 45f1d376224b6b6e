"""The form of one reference row: fields with words, what was written, and what the loader says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sanic import Request

from backend.cases.errors import RowInvalid
from backend.reference.editors import (
    SEVERAL,
    Column,
    InWords,
    Kind,
    choices_of,
    joined_conditions,
    kind_of,
    problem_words,
    split_conditions,
)
from backend.reference.loader import Reference
from backend.reference.tables import Values
from backend.web.hygiene import form_text

LONGEST_CELL = 2_000


@dataclass(frozen=True)
class Field:
    """One field as the template draws it. `ticked` are the chosen values of a field that takes several."""

    column: Column
    value: str
    choices: Mapping[str, str]
    ticked: frozenset[str]
    fixed: bool
    wrong: str


@dataclass
class RowForm:
    """A row being written. `key` is empty for a new one; its key columns cannot be changed afterwards."""

    kind: Kind
    key: str
    values: dict[str, str]
    place: str | None = None
    reason: str = ""
    wrong: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    def fields(self, reference: Reference, on: date) -> list[Field]:
        """In the order of the rows that describe the kind."""
        return [self._field(column, reference, on) for column in self.kind.columns]

    def _field(self, column: Column, reference: Reference, on: date) -> Field:
        value = self.values.get(column.name, "")
        choices = dict(choices_of(column, reference, on))
        ticked = split_conditions(value) if column.input == "conditions" else value.split(SEVERAL)
        if column.input in {"choice", "many", "conditions"}:
            choices.update({one: one for one in ticked if one and one not in choices})
        fixed = bool(self.key) and column.is_key
        return Field(
            column, value, choices, frozenset(filter(None, ticked)), fixed, self.wrong.get(column.name, "")
        )

    def sentence(self, reference: Reference, on: date) -> str:
        """What would be in force."""
        return InWords.of(self.kind, reference, on).sentence(self.values)

    def refuse(self, refusal: RowInvalid, reference: Reference) -> None:
        """Put what the loader said beside the field it is about, or above the form when it is about another list."""
        words = problem_words(refusal) or reference.sentence("editor_problem")
        names = {column.name for column in self.kind.columns}
        if refusal.file == self.kind.table.file and refusal.column in names:
            self.wrong[refusal.column] = words
            return
        try:
            list_name = kind_of(refusal.file).label
        except LookupError:
            list_name = refusal.file
        self.problem = reference.sentence("editor_elsewhere", list=list_name, row=refusal.row, text=words)


def read_form(request: Request, kind: Kind, key: str, old: Values | None) -> RowForm:
    """What was sent; cells that the form does not show, and the key of a row that exists, stay as they are."""
    values = dict(old or {})
    for column in kind.columns:
        if not (key and column.is_key):
            values[column.name] = _cell(request, column)
    place = form_text(request, "place").strip()
    return RowForm(
        kind=kind,
        key=key,
        values=values,
        place=None if place == "stay" else place.removeprefix("before:"),
        reason=" ".join(form_text(request, "because").split())[:500],
    )


def _cell(request: Request, column: Column) -> str:
    if column.input in {"many", "conditions"}:
        chosen = [str(one) for one in (request.form.getlist(column.name) if request.form else []) or []]
        return joined_conditions(chosen) if column.input == "conditions" else SEVERAL.join(chosen)
    return " ".join(form_text(request, column.name).split())[:LONGEST_CELL]
