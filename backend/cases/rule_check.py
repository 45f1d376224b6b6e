"""What is wrong with a rule table as such: rows that can never decide, and rows that contradict each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from backend.cases.routing import ANY, Rule


class Trouble(StrEnum):
    """never_fires: no matter can reach the row · contradicts: two rows want the same matter for different offices, and only
    their order decides."""

    NEVER_FIRES = "never_fires"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True)
class Finding:
    """One row in trouble; `other` is the row it collides with, empty when the trouble is its own."""

    trouble: Trouble
    rule: str
    other: str
    why: str


def check_rules(rules: Sequence[Rule], values: Mapping[str, set[str]], on: date) -> tuple[Finding, ...]:
    """All findings, in the order of the rows. `values` says which attributes can be known at all, and their values; what was
    before `on` is history, not trouble."""
    living = [replace(rule, valid_from=max(rule.valid_from, on)) for rule in rules if rule.valid_until >= on]
    return tuple(
        finding
        for n, rule in enumerate(living)
        for finding in (*_unknowable(rule, values), *_against_earlier(rule, living[:n]))
    )


def _unknowable(rule: Rule, values: Mapping[str, set[str]]) -> Iterator[Finding]:
    for name, wanted in rule.when.items():
        if not wanted & values.get(name, set()):
            why = f"nothing ever gives {name} the value {'|'.join(sorted(wanted))}"
            yield Finding(Trouble.NEVER_FIRES, rule.id, "", why)


def _against_earlier(rule: Rule, earlier: Sequence[Rule]) -> Iterator[Finding]:
    for other in earlier:
        if covers(other, rule):
            yield Finding(Trouble.NEVER_FIRES, rule.id, other.id, f"{other.id} decides all of it before")
            return
    for other in earlier:
        if _collide(other, rule):
            why = f"both fit the same matter; {other.id} wins only because it stands first"
            yield Finding(Trouble.CONTRADICTS, rule.id, other.id, why)


def covers(one: Rule, other: Rule) -> bool:
    """True when every matter that `other` fits is fitted by `one` as well."""
    return (
        (one.issue == ANY or (other.issue != ANY and other.issues <= one.issues))
        and other.area.startswith(one.area)
        and one.valid_from <= other.valid_from
        and other.valid_until <= one.valid_until
        and all(name in other.when and other.when[name] <= values for name, values in one.when.items())
    )


def _collide(one: Rule, other: Rule) -> bool:
    """True when two rows ask about the same attributes, both can fit, neither is the special case of the other, and they name
    different offices."""
    return (
        (one.level, one.role) != (other.level, other.role)
        and one.when.keys() == other.when.keys()
        and not covers(other, one)
        and _overlap(one, other)
    )


def _overlap(one: Rule, other: Rule) -> bool:
    return (
        (ANY in (one.issue, other.issue) or bool(one.issues & other.issues))
        and other.area.startswith(one.area)  # an earlier row about a smaller area is a special case
        and one.valid_from <= other.valid_until
        and other.valid_from <= one.valid_until
        and all(one.when[name] & other.when[name] for name in one.when)
    )
