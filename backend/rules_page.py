"""`python -m backend rules-page`: docs/jurisdiction.md, written from the rows so that it cannot differ from them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from backend.cases.catalogue import AsksWhen, Issue
from backend.cases.policy import EVERYWHERE
from backend.cases.routing import ANY, Rule
from backend.reference import loader
from backend.reference.loader import Reference
from backend.reference.rows import read_rows

PAGE = Path(__file__).resolve().parent.parent / "docs" / "jurisdiction.md"

INTRO = """# Whose job is it: the rules

Written by `python -m backend rules-page` from `backend/reference`: change the rows there, not this page. A test compares.

A matter is an issue, a place and what is known about it. Rows are read from top to bottom and the first that fits decides;
its role becomes the office of the place. What no row fits goes to the regency's Diskominfo, which verifies. Attributes come
from the place, from named roads and hospitals, from words and amounts in the text, from the answer to at most one question
(asked only if the answer changes the office), or from an objection, which is believed and marked for an officer.
A complaint that accuses an office goes to the lanes below, never to that office. Rows marked *umum* are general knowledge
that the regency confirms.
"""


def write_page(folder: Path = loader.FOLDER, page: Path = PAGE) -> int:
    """Write the page anew; always 0."""
    page.write_text(text_of(folder), encoding="utf-8")
    print(f"{page.name} written", file=sys.stderr)
    return 0


def text_of(folder: Path = loader.FOLDER) -> str:
    """The whole page as Markdown."""
    reference = loader.load(folder)
    parts = [
        INTRO,
        "## Issues\n",
        *(_issue(issue, reference) for issue in reference.issues.values()),
        "## Rules for many issues\n",
        _rules([rule for rule in reference.policy.rules if len(rule.issues) > 1 or rule.issue == ANY]),
        "## Complaints about an office\n",
        _table(
            ("level of the accused", "goes to", "reason", "source"),
            ((lane.level, lane.role, lane.reason, lane.source) for lane in reference.policy.lanes),
        ),
        _file(folder, "accused.csv", "words|role|level|up|source"),
        "## Roads\n",
        _file(folder, "roads.csv", "name|ends|status|area|valid_from|source"),
        "## Hospitals\n",
        _file(folder, "hospitals.csv", "name|owner|area|valid_from|source"),
        "## Signs in the text\n",
        _file(folder, "signs.csv", "attribute|value|words|unless|source"),
        _file(folder, "measures.csv", "attribute|value|units|lowest|below|source"),
        "## Offices\n",
        _offices(reference),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _issue(issue: Issue, reference: Reference) -> str:
    rules = [rule for rule in reference.policy.rules if rule.issues == {issue.code}]
    return "\n".join([f"### {issue.label} (`{issue.code}`)\n", *_asked(issue, reference), _rules(rules)])


def _asked(issue: Issue, reference: Reference) -> Iterator[str]:
    if issue.asks is None or issue.asks_when is AsksWhen.NEVER:
        return
    question = reference.policy.clarifications[issue.asks]
    options = " · ".join(f"{option.label} (`{option.value}`)" for option in question.options)
    when = "when it is unknown" if issue.asks_when is AsksWhen.ALWAYS else f"if {' / '.join(question.hints)}"
    if question.hints or issue.asks_when is AsksWhen.ALWAYS:
        yield f"Asks `{issue.asks}` {when}: *{question.ask}* {options}\n"


def _rules(rules: Sequence[Rule]) -> str:
    return _table(
        ("row", "when", "area", "level", "role", "reason", "sure", "source", "valid"),
        (
            (
                f"`{rule.id}`",
                _when(rule),
                rule.area,
                rule.level,
                rule.role,
                rule.reason,
                f"{rule.confidence:.2f}",
                rule.source,
                _years(rule.valid_from, rule.valid_until),
            )
            for rule in rules
        ),
    )


def _when(rule: Rule) -> str:
    issues = [] if len(rule.issues) == 1 and rule.issue != ANY else [" / ".join(rule.issue.split("|"))]
    return "; ".join([*issues, *(f"{name}={' / '.join(sorted(one))}" for name, one in rule.when.items())])


def _years(first: date, last: date) -> str:
    return f"{'' if first == date.min else first}–{'' if last == date.max else last}".strip("–") or "always"


def _offices(reference: Reference) -> str:
    """Every office by role; national bodies without a local office stand for all places."""
    return _table(
        ("role", "area", "office", "level", "owner", "valid", "source"),
        (
            (
                one.role,
                "everywhere" if one.area == EVERYWHERE else one.area,
                one.name,
                one.level,
                one.owner,
                _years(one.valid_from, one.valid_until),
                one.source,
            )
            for one in reference.policy.agencies
        ),
    )


def _file(folder: Path, file: str, columns: str) -> str:
    names = columns.split("|")
    return _table(names, ([row.maybe(name) for name in names] for row in read_rows(folder, file, names)))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell).replace('|', ' / ') for cell in line)} |\n" for line in lines)
