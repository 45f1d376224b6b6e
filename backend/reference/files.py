"""The files that rules are made of: issues, offices, routing, questions and limits as values of the domain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from backend.cases.case import Level, ReportClass
from backend.cases.catalogue import AsksWhen, Issue
from backend.cases.policy import Agency, OversightLane
from backend.cases.routing import Clarification, Option, Rule
from backend.cases.sla import Limit, Unit
from backend.cases.workdays import Zone
from backend.cases.workflow import Step
from backend.reference.rows import Row, read_rows, unique

OWNERS = frozenset(
    {"pemerintah", "instansi_vertikal", "bumn", "bumd", "desa", "swasta", "lembaga_independen"}
)


@dataclass(frozen=True)
class Regency:
    """A served regency; `desk` is the code of its catch-all office."""

    code: str
    name: str
    province_code: str
    province: str
    zone: Zone
    desk: str
    outer_promise_days: int | None


def issues(folder: Path) -> dict[str, Issue]:
    """`issues.csv` by code."""
    columns = "code label_id group_id level_default agency_default ask asks_when sensitive oversight".split()
    rows = unique(read_rows(folder, "issues.csv", [*columns, "lapor_category", "lapor_leaf"]), "code")
    leaves = {
        (row.text("category"), row.maybe("leaf"))
        for row in unique(read_rows(folder, "lapor_leaves.csv", ["category", "leaf"]), "category", "leaf")
    }
    for row in rows:
        if (row.text("lapor_category"), row.maybe("lapor_leaf")) not in leaves:
            raise row.invalid("lapor_leaf", "is not in lapor_leaves.csv")
    return {
        row.text("code"): Issue(
            code=row.text("code"),
            label=row.text("label_id"),
            group=row.text("group_id"),
            level=row.choice("level_default", Level),
            role=row.text("agency_default"),
            asks=row.maybe("ask") or None,
            asks_when=row.choice("asks_when", AsksWhen),
            is_sensitive=row.flag("sensitive"),
            is_oversight=row.flag("oversight"),
            lapor_category=row.text("lapor_category"),
            lapor_leaf=row.maybe("lapor_leaf"),
        )
        for row in rows
    }


def agencies(folder: Path) -> tuple[Agency, ...]:
    """`agencies.csv`; one code may have several names, one after the other."""
    columns = "code role area name level owner contact valid_from valid_until source".split()
    return tuple(
        _agency(row) for row in unique(read_rows(folder, "agencies.csv", columns), "code", "valid_from")
    )


def _agency(row: Row) -> Agency:
    if row.text("code") != f"{row.text('role')}-{row.text('area')}":
        raise row.invalid("code", "is not <role>-<area>")
    if row.text("owner") not in OWNERS:
        raise row.invalid("owner", f"is none of {', '.join(sorted(OWNERS))}")
    first, last = row.validity()
    return Agency(
        code=row.text("code"),
        role=row.text("role"),
        area=row.text("area"),
        name=row.text("name"),
        level=row.choice("level", Level),
        owner=row.text("owner"),
        contact=row.maybe("contact"),
        source=row.text("source"),
        valid_from=first,
        valid_until=last,
    )


def regencies(folder: Path) -> dict[str, Regency]:
    """The served rows of `regencies.csv` by code."""
    columns = "code name province_code province zone desk outer_promise_days served source".split()
    rows = unique(read_rows(folder, "regencies.csv", columns), "code")
    return {
        row.text("code"): Regency(
            code=row.text("code"),
            name=row.text("name"),
            province_code=row.text("province_code"),
            province=row.text("province"),
            zone=row.choice("zone", Zone),
            desk=row.text("desk"),
            outer_promise_days=row.whole("outer_promise_days") if row.maybe("outer_promise_days") else None,
        )
        for row in rows
        if row.flag("served")
    }


def rules(folder: Path, file: str = "routing.csv") -> tuple[Rule, ...]:
    """`routing.csv` in its order: the first row that fits decides."""
    columns = "id issue when area level role reason confidence source valid_from valid_until".split()
    return tuple(_rule(row) for row in unique(read_rows(folder, file, columns), "id"))


def _rule(row: Row) -> Rule:
    first, last = row.validity()
    if "{agency}" not in row.text("reason"):
        raise row.invalid("reason", "does not name {agency}")
    return Rule(
        id=row.text("id"),
        issue=row.text("issue"),
        level=row.choice("level", Level),
        role=row.text("role"),
        reason=row.text("reason"),
        confidence=row.fraction("confidence"),
        source=row.text("source"),
        when=MappingProxyType(dict(_conditions(row))),
        area=row.maybe("area"),
        valid_from=first,
        valid_until=last,
    )


def _conditions(row: Row) -> Iterator[tuple[str, frozenset[str]]]:
    for condition in filter(None, row.maybe("when").split(";")):
        name, sign, values = condition.partition("=")
        if not sign or not name.strip() or not values.strip():
            raise row.invalid("when", f"{condition!r} is not attribute=value")
        yield name.strip(), frozenset(value.strip() for value in values.split("|"))


def lanes(folder: Path) -> tuple[OversightLane, ...]:
    """`oversight.csv` in its order."""
    return tuple(
        OversightLane(row.choice("level", Level), row.text("role"), row.text("reason"), row.text("source"))
        for row in unique(
            read_rows(folder, "oversight.csv", ["level", "role", "reason", "source"]), "level", "role"
        )
    )


def clarifications(folder: Path) -> dict[str, Clarification]:
    """`questions.csv` with the answers of `options.csv`, by attribute."""
    options: dict[str, list[Option]] = {}
    answers = unique(
        read_rows(folder, "options.csv", ["attribute", "value", "label", "words"]), "attribute", "value"
    )
    for row in answers:
        option = Option(row.text("value"), row.text("label"), row.words("words"))
        options.setdefault(row.text("attribute"), []).append(option)
    questions = {}
    for row in unique(read_rows(folder, "questions.csv", ["attribute", "ask", "hints"]), "attribute"):
        attribute = row.text("attribute")
        if attribute not in options:
            raise row.invalid("attribute", "has no options in options.csv")
        questions[attribute] = Clarification(
            attribute, row.text("ask"), tuple(options[attribute]), row.words("hints")
        )
    for row in answers:
        if row.text("attribute") not in questions:
            raise row.invalid("attribute", "has no question in questions.csv")
    return questions


def limits(folder: Path) -> tuple[Limit, ...]:
    """`sla.csv` in its order: special before general."""
    columns = "report_class oversight step amount unit outer area valid_from valid_until legal_source".split()
    return tuple(_limit(row) for row in read_rows(folder, "sla.csv", columns))


def _limit(row: Row) -> Limit:
    first, last = row.validity()
    return Limit(
        step=row.choice("step", Step),
        amount=row.whole("amount"),
        unit=row.choice("unit", Unit),
        legal_source=row.text("legal_source"),
        valid_from=first,
        valid_until=last,
        report_class=row.maybe_choice("report_class", ReportClass),
        oversight=row.maybe_flag("oversight"),
        area=row.maybe("area"),
        is_outer=row.flag("outer"),
    )
