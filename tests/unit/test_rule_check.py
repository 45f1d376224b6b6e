"""Rows that can never decide and rows that contradict: each kind planted once, and none in the table that is shipped."""

from datetime import date

import pytest

from backend.cases.case import Level
from backend.cases.routing import Rule
from backend.cases.rule_check import Trouble, check_rules
from backend.reference.loader import known_values, load

ON = date(2026, 11, 23)
VALUES = {"road_status": {"nasional", "provinsi", "desa"}, "village_kind": {"desa", "kelurahan"}}


def rule(id: str, issue: str = "jalan_rusak", role: str = "dpupr", area: str = "", **more) -> Rule:
    when = {name: frozenset(value.split("|")) for name, value in more.pop("when", {}).items()}
    return Rule(id, issue, Level.REGENCY, role, "{agency}", 0.9, "tes", when, area, **more)


NATIONAL = rule("nasional", role="bpjn", when={"road_status": "nasional"})
TABLES = [
    ("special before general is fine", [NATIONAL, rule("rest")], []),
    ("general before special hides it", [rule("rest"), NATIONAL], [("never_fires", "nasional", "rest")]),
    ("the same row twice", [NATIONAL, NATIONAL], [("never_fires", "nasional", "nasional")]),
    (
        "an area for many issues before one issue everywhere",
        [rule("area", "a|b", role="oikn", area="64.09.04"), rule("a", "a")],
        [],
    ),
    (
        "an area for many issues after one issue everywhere",
        [rule("a", "a"), rule("area", "a|b", role="oikn", area="64.09.04")],
        [("contradicts", "area", "a")],
    ),
    (
        "an attribute that nobody ever knows",
        [rule("a", when={"weather": "rain"})],
        [("never_fires", "a", "")],
    ),
    ("a value that nobody ever gives", [rule("a", when={"road_status": "tol"})], [("never_fires", "a", "")]),
    ("all issues before one", [rule("all", "*"), rule("one")], [("never_fires", "one", "all")]),
    (
        "a list of issues before one of them",
        [rule("two", "a|b"), rule("b", "b")],
        [("never_fires", "b", "two")],
    ),
    ("one issue before the list", [rule("b", "b"), rule("two", "a|b")], []),
    (
        "the country before a regency",
        [rule("all"), rule("here", area="64.08")],
        [("never_fires", "here", "all")],
    ),
    ("a regency before the country", [rule("here", area="64.08"), rule("all")], []),
    (
        "two answers that overlap and name different offices",
        [
            rule("one", role="bpjn", when={"road_status": "nasional|provinsi"}),
            rule("two", role="dpupr_prov", when={"road_status": "provinsi|desa"}),
        ],
        [("contradicts", "two", "one")],
    ),
    (
        "they overlap but agree",
        [
            rule("one", when={"road_status": "nasional|provinsi"}),
            rule("two", when={"road_status": "provinsi|desa"}),
        ],
        [],
    ),
    (
        "a narrower pair of answers first is a special case",
        [
            rule("lane", role="disperkim", when={"road_status": "desa", "village_kind": "kelurahan"}),
            rule("village", role="pemdes", when={"road_status": "desa"}),
        ],
        [],
    ),
    (
        "an old row and its successor",
        [
            rule("old", role="bpjn", valid_until=date(2027, 1, 1)),
            rule("new", role="dpupr", valid_from=date(2027, 1, 2)),
        ],
        [],
    ),
    (
        "two rows whose years overlap",
        [
            rule("old", role="bpjn", valid_until=date(2027, 6, 1)),
            rule("new", role="dpupr", valid_from=date(2027, 1, 2)),
        ],
        [("contradicts", "new", "old")],
    ),
    ("a row that has ended is history", [rule("all", valid_until=date(2025, 1, 1)), rule("new")], []),
]


@pytest.mark.parametrize(("rules", "found"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES])
def test_what_is_found(rules: list[Rule], found: list[tuple[str, str, str]]) -> None:
    findings = check_rules(rules, VALUES, ON)
    assert [(one.trouble.value, one.rule, one.other) for one in findings] == found
    assert all(one.why for one in findings)


def test_the_shipped_table_has_no_trouble() -> None:
    policy = load().policy
    assert check_rules(policy.rules, known_values(policy), ON) == ()


def test_every_kind_of_trouble_is_planted_above() -> None:
    assert {kind for row in TABLES for kind, _, _ in row[2]} == {one.value for one in Trouble}
