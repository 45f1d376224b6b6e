"""*Bukan, itu jalan provinsi*: the citizen knows better, is believed, and an officer confirms."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from backend.cases.case import Level
from backend.cases.jurisdiction import Decision, Inquiry, decide
from backend.cases.policy import Policy
from backend.cases.routing import Matter, Rule, held_phrases, only_value

MARK = "objection:"
BELIEVED = 0.5
DOUBTED = 0.3
LEVEL = "objected_level"
# What stands behind *bukan* is what it is not, up to a pause or a word that begins the other half.
_DENIED = re.compile(
    r"\b(?:bukan\w*|bkn|dudu)\b[^,.;!\n]*?(?=[,.;!\n]|\b(?:tapi|tp|tetapi|melainkan|itu|ini|yang benar)\b|$)",
    re.IGNORECASE,
)


def believed(decision: Decision, objection: str, inquiry: Inquiry, policy: Policy, on: date) -> Decision:
    """The decision after an objection, marked for an officer: the other answer of the issue's own question, else the level
    that the words name. Words that name neither leave the office, and the doubt is marked all the same."""
    said = _DENIED.sub(" ", objection)
    changed = _by_answer(said, inquiry, policy, on) or _by_level(decision, said, inquiry, policy, on)
    if decision.assignment.oversight_lane:
        return decision
    if changed is None:
        return _marked(decision, DOUBTED)
    same = (changed.assignment.level, changed.assignment.agency) == (
        decision.assignment.level,
        decision.assignment.agency,
    )
    return replace(decision, question=None) if same else _marked(changed, BELIEVED)


def _marked(decision: Decision, confidence: float) -> Decision:
    assignment = replace(decision.assignment, rule=f"{MARK}{decision.assignment.rule}", confidence=confidence)
    return replace(decision, assignment=assignment, question=None)


def _by_answer(said: str, inquiry: Inquiry, policy: Policy, on: date) -> Decision | None:
    """The decision with the answer that the objection gives to the issue's own question."""
    asked = inquiry.issue.asks
    clarification = policy.clarifications.get(asked) if asked else None
    if asked is None or clarification is None:
        return None
    value = only_value(
        {
            option.value: held_phrases(said, (option.value, option.label, *option.words))
            for option in clarification.options
        }
    )
    if value is None:
        return None
    told = replace(inquiry, attributes={**inquiry.attributes, asked: value})
    return decide(told, policy, on)


def _by_level(decision: Decision, said: str, inquiry: Inquiry, policy: Policy, on: date) -> Decision | None:
    """The decision at the level that the objection names, when some row of the issue knows an office there."""
    value = policy.signs.read(LEVEL, None, said, inquiry.matter_area, on)
    if value is None:
        return None
    level = Level(value)
    if decision.assignment.level is level:
        return decision
    rule = _rule_of_level(inquiry, level, policy, on)
    office = policy.agency_for(rule.role, inquiry.regency, on) if rule else None
    if rule is None or office is None:
        return None
    if decision.assignment.forward_to:
        return replace(decision, assignment=replace(decision.assignment, level=level), role=rule.role)
    assignment = replace(
        decision.assignment,
        level=level,
        agency=office.code,
        reason=rule.reason.format(agency=office.name),
        rule=rule.id,
    )
    return replace(decision, assignment=assignment, role=rule.role)


def _rule_of_level(inquiry: Inquiry, level: Level, policy: Policy, on: date) -> Rule | None:
    """The row of this issue that names the level, whatever its attributes; one that answers the issue's own question first."""
    matter = Matter(inquiry.issue.code, inquiry.matter_area, {}, inquiry.report_class)
    fitting = [
        rule
        for rule in policy.rules
        if rule.level is level
        and inquiry.issue.code in rule.issues
        and replace(rule, when={}).fits(matter, on)
    ]
    return min(fitting, key=lambda rule: inquiry.issue.asks not in rule.when, default=None)
