"""What officers may change of the reference rows, and in which words: kinds and columns are rows themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from backend.cases.case import Level
from backend.cases.errors import RowInvalid
from backend.cases.routing import ANY
from backend.reference.loader import FOLDER, Reference, known_values
from backend.reference.rows import Row, read_rows, unique
from backend.reference.tables import Table, Values

SEVERAL = "|"
INPUTS = frozenset({"text", "long", "number", "date", "choice", "suggest", "many", "conditions", "key"})
IN_KEY = "key"
MOST_NAMED = 3


@dataclass(frozen=True)
class Column:
    """One cell of a form. `input` is the kind of field, `is_key` one that names the row and stays; `choices` are fixed pairs
    `value=label`, or `@name` for a list that follows from the rows; `listed` ones stand in the table."""

    name: str
    label: str
    hint: str
    example: str
    input: str
    choices: str
    listed: bool
    is_key: bool


@dataclass(frozen=True)
class Kind:
    """One sort of rows with a page of its own. `second` says that a second person publishes its changes."""

    name: str
    table: Table
    label: str
    one: str
    lead: str
    may_add: bool
    may_remove: bool
    second: bool
    sentence: str
    columns: tuple[Column, ...]


@cache
def kinds(folder: Path = FOLDER) -> Mapping[str, Kind]:
    """All kinds by name."""
    columns: dict[str, list[Column]] = {}
    names = "kind column label hint example input choices listed".split()
    for row in unique(read_rows(folder, "editor_columns.csv", names), "kind", "column"):
        columns.setdefault(row.text("kind"), []).append(_column(row))
    names = "kind file keys label one lead add remove second sentence".split()
    return {
        row.text("kind"): Kind(
            name=row.text("kind"),
            table=Table(row.text("file"), row.words("keys")),
            label=row.text("label"),
            one=row.text("one"),
            lead=row.text("lead"),
            may_add=row.flag("add"),
            may_remove=row.flag("remove"),
            second=row.flag("second"),
            sentence=row.text("sentence"),
            columns=tuple(columns[row.text("kind")]),
        )
        for row in unique(read_rows(folder, "editor_kinds.csv", names), "kind")
    }


def _column(row: Row) -> Column:
    written = row.text("input")
    is_key = written.startswith(IN_KEY)
    field = (written.removeprefix(IN_KEY) or "text") if is_key else written
    if field not in INPUTS:
        raise row.invalid("input", f"{written!r} is no kind of field")
    return Column(
        name=row.text("column"),
        label=row.text("label"),
        hint=row.maybe("hint"),
        example=row.maybe("example"),
        input=field,
        choices=row.maybe("choices"),
        listed=row.flag("listed"),
        is_key=is_key,
    )


def tables() -> tuple[Table, ...]:
    """The files that may be changed."""
    return tuple(kind.table for kind in kinds().values())


def kind_of(file: str) -> Kind:
    """The kind that is kept in this file; raises `KeyError`."""
    return next(kind for kind in kinds().values() if kind.table.file == file)


def choices_of(column: Column, reference: Reference, on: date) -> dict[str, str]:
    """Value → words, in the order in which they are offered; empty when anything may be written."""
    if not column.choices.startswith("@"):
        pairs = (one.partition("=") for one in column.choices.split(SEVERAL) if column.choices)
        return {value: label for value, _, label in pairs}
    return _LISTS[column.choices](reference, on)


def _issues(reference: Reference, on: date) -> dict[str, str]:
    return {
        ANY: reference.sentence("editor_all_issues"),
        **{one.code: one.label for one in reference.issues.values()},
    }


def _matters(reference: Reference, on: date) -> dict[str, str]:
    return {one.code: one.label for one in reference.issues.values()}


def _roles(reference: Reference, on: date) -> dict[str, str]:
    """By the office that has the role in the first served regency, without the name of the place."""
    first = next(iter(reference.regencies))
    found: dict[str, str] = {}
    for one in reference.policy.agencies:
        office = reference.policy.agency_for(one.role, first, on) or one
        if one.role not in found and one.valid_from <= on <= one.valid_until:
            found[one.role] = _placeless(office.name, reference, is_provincial=one.role.endswith("_prov"))
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def _placeless(name: str, reference: Reference, *, is_provincial: bool) -> str:
    for regency in reference.regencies.values():
        for place in (regency.name, f"Provinsi {regency.province}"):
            name = name.removesuffix(place).strip()
    return reference.sentence("editor_provincial", name=name) if is_provincial else name


def _areas(reference: Reference, on: date) -> dict[str, str]:
    areas = {"": reference.sentence("editor_all_areas")}
    for one in reference.regencies.values():
        areas[one.code] = one.name
        areas.setdefault(one.province_code, f"Provinsi {one.province}")
    return areas


def _levels(reference: Reference, on: date) -> dict[str, str]:
    return {str(level): reference.level_label(level) for level in Level if level is not Level.UNVERIFIED}


def _groups(reference: Reference, on: date) -> dict[str, str]:
    return {one.group: one.group for one in reference.issues.values()}


def _questions(reference: Reference, on: date) -> dict[str, str]:
    return {name: one.ask for name, one in reference.policy.clarifications.items()}


def _conditions(reference: Reference, on: date) -> dict[str, str]:
    """`attribute=value` → words, for everything that can be known of a matter: the answers of questions, and what texts and places tell."""
    words = _condition_words()
    for name, one in reference.policy.clarifications.items():
        words.update({f"{name}={option.value}": option.label for option in one.options})
    known = [
        f"{name}={value}"
        for name, values in known_values(reference.policy).items()
        for value in sorted(values)
    ]
    return dict(sorted(((one, words.get(one, one)) for one in known), key=lambda pair: pair[1].lower()))


def _condition_words(folder: Path = FOLDER) -> dict[str, str]:
    rows = unique(read_rows(folder, "condition_words.csv", ["condition", "label"]), "condition")
    return {row.text("condition"): row.text("label") for row in rows}


_LISTS = {
    "@issues": _issues,
    "@matters": _matters,
    "@roles": _roles,
    "@areas": _areas,
    "@levels": _levels,
    "@groups": _groups,
    "@questions": _questions,
    "@conditions": _conditions,
}


def split_conditions(cell: str) -> list[str]:
    """`a=x|y;b=z` as single conditions.

    >>> split_conditions("road_status=desa|lingkungan;village_kind=desa")
    ['road_status=desa', 'road_status=lingkungan', 'village_kind=desa']
    """
    pairs = (part.partition("=") for part in cell.split(";") if part.strip())
    return [f"{name.strip()}={one.strip()}" for name, _, values in pairs for one in values.split(SEVERAL)]


def joined_conditions(conditions: list[str]) -> str:
    """The way back.

    >>> joined_conditions(['road_status=desa', 'road_status=lingkungan', 'village_kind=desa'])
    'road_status=desa|lingkungan;village_kind=desa'
    """
    found: dict[str, list[str]] = {}
    for one in conditions:
        name, _, value = one.partition("=")
        found.setdefault(name, []).append(value)
    return ";".join(f"{name}={SEVERAL.join(values)}" for name, values in found.items())


@dataclass(frozen=True)
class InWords:
    """Rows of one kind as people read them; the lists behind the cells are made once."""

    kind: Kind
    reference: Reference
    choices: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, kind: Kind, reference: Reference, on: date) -> InWords:
        """As the rows stand on that day."""
        return cls(kind, reference, {one.name: choices_of(one, reference, on) for one in kind.columns})

    def cell(self, column: Column, cell: str) -> str:
        """A cell in words."""
        choices = self.choices[column.name]
        if column.input == "conditions":
            return "; ".join(choices.get(one, one) for one in split_conditions(cell))
        if column.input == "many":
            return _some([choices.get(one, one) for one in cell.split(SEVERAL)], self.reference)
        if column.input == "date" and cell:
            return short_day(cell, self.reference)
        return choices.get(cell, cell)

    def sentence(self, row: Values) -> str:
        """The row as one sentence: `Jalan rusak di Kabupaten Kutai Timur → Dinas PUPR, mulai 1 Des 2026`."""
        cells = {column.name: self.cell(column, row.get(column.name, "")) for column in self.kind.columns}
        for column in self.kind.columns:
            if column.input == "conditions" and cells[column.name]:
                cells[column.name] = self.reference.sentence("editor_if", words=cells[column.name])
        return self.kind.sentence.format_map({**row, **cells, "dates": _dates(row, self.reference)})


def _some(names: list[str], reference: Reference) -> str:
    """At most three by name."""
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return reference.sentence("editor_others", names=", ".join(names[:MOST_NAMED]), n=len(names) - MOST_NAMED)


def short_day(cell: str, reference: Reference) -> str:
    """`1 Des 2026`; what is no date stays as it was written."""
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return cell
    month = reference.sentence("months").split("|")[day.month - 1]
    return f"{day.day} {month[:3]} {day.year}"


def _dates(row: Values, reference: Reference) -> str:
    first, last = row.get("valid_from", "").strip(), row.get("valid_until", "").strip()
    words = []
    if first:
        words.append(reference.sentence("editor_since", day=short_day(first, reference)))
    if last:
        words.append(reference.sentence("editor_until", day=short_day(last, reference)))
    return " ".join(words) or reference.sentence("editor_always")


@cache
def _problems(folder: Path = FOLDER) -> tuple[tuple[str, str], ...]:
    return tuple(
        (row.text("says"), row.text("text"))
        for row in read_rows(folder, "row_problems.csv", ["says", "text"])
    )


def problem_words(refusal: RowInvalid) -> str | None:
    """What is wrong with a row, for the person who wrote it; None when nobody has found words for it."""
    return next((text for says, text in _problems() if says in str(refusal)), None)
