"""Whose job it is: the rule's role becomes an office of the place; an office never judges itself; at most one question.

Basis: UU 23/2014 and sector laws; every rule is a row with its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from backend.cases.case import Assignment, Level
from backend.cases.catalogue import AsksWhen, Issue
from backend.cases.policy import Agency, OversightLane, Policy
from backend.cases.routing import CatchAll, Clarification, Matter, Rule, find_rule, read_attribute, says
from backend.cases.signs import Accused

ACCUSED = "accused"
# While a question is open whose answer would change the office, nobody is surer than this.
OPEN_CONFIDENCE = 0.5


@dataclass(frozen=True)
class Inquiry:
    """What is asked of the policy. `area` is the regency, None while the place is unknown; `spot` the deepest code known in it
    (a district); `home` the regency that runs the channel."""

    issue: Issue
    area: str | None
    home: str
    attributes: Mapping[str, str]
    text: str = ""
    oversight: bool = False
    report_class: str = "complaint"
    spot: str | None = None

    @property
    def regency(self) -> str:
        """Where it is, else at home."""
        return self.area or self.home

    @property
    def matter_area(self) -> str:
        """The deepest code known: rules may be about a district."""
        return self.spot or self.regency


@dataclass(frozen=True)
class Decision:
    """The assignment, a question when its answer would change it, and the `role` whose job it is: that of the assigned
    office, or, where only a desk can forward it, of the office it is forwarded to."""

    assignment: Assignment
    question: Clarification | None
    attributes: Mapping[str, str]
    role: str


def decide(inquiry: Inquiry, policy: Policy, on: date) -> Decision:
    """Route a matter. Never fails to name an office that is served: what no rule or office fits goes to the home desk."""
    attributes = _with_read(inquiry, policy, on)
    assignment, role = _assign(inquiry, attributes, policy, on)
    question = _worth_asking(inquiry, attributes, assignment, policy, on)
    if question:
        assignment = replace(assignment, confidence=min(assignment.confidence, OPEN_CONFIDENCE))
    return Decision(assignment, question, attributes, role)


def _with_read(inquiry: Inquiry, policy: Policy, on: date) -> Mapping[str, str]:
    """The attributes given, in the words of the rules, and those of this issue that the text states by itself."""
    told = {name: _as_option(name, value, policy) for name, value in inquiry.attributes.items()}
    for name in sorted(policy.readable(inquiry.issue) - told.keys()):
        value = policy.signs.read(
            name, policy.clarifications.get(name), inquiry.text, inquiry.matter_area, on
        )
        if value:
            told[name] = value
    return told


def _as_option(name: str, value: str, policy: Policy) -> str:
    """`SMP` as the option it belongs to (`paud_sd_smp`); a value that says no option stays as it is and matches no rule."""
    clarification = policy.clarifications.get(name)
    if clarification is None or any(option.value == value for option in clarification.options):
        return value
    return read_attribute(clarification, value) or value


def _assign(
    inquiry: Inquiry, attributes: Mapping[str, str], policy: Policy, on: date
) -> tuple[Assignment, str]:
    """The assignment and the role whose job it is."""
    matter = Matter(inquiry.issue.code, inquiry.matter_area, attributes, inquiry.report_class)
    rule = find_rule(policy.rules, matter, on, policy.catch_all)
    if inquiry.oversight or inquiry.issue.is_oversight:
        return _oversight(inquiry, rule, attributes, policy, on)
    office = policy.agency_for(rule.role, inquiry.regency, on)
    if office is None or inquiry.regency not in policy.desks:
        return _by_desk(inquiry, rule, policy, on, lane=False), rule.role
    above = _one_up(inquiry, rule.role, policy, on)
    if above:
        reason = policy.one_up.format(accused=office.name, agency=above.name)
        return Assignment(above.level, above.code, reason, f"one_up_{above.role}", 0.85), above.role
    reason = rule.reason.format(agency=office.name)
    return Assignment(rule.level, office.code, reason, rule.id, rule.confidence), rule.role


def _one_up(inquiry: Inquiry, role: str, policy: Policy, on: date) -> Agency | None:
    """The office above, when the text is about the very office that would get it and rows want it one step up."""
    accused = policy.signs.accused_in(inquiry.text)
    if accused is None or accused.role != role or accused.up is None:
        return None
    return policy.agency_for(accused.up, inquiry.regency, on)


def _oversight(
    inquiry: Inquiry, rule: Rule | CatchAll, attributes: Mapping[str, str], policy: Policy, on: date
) -> tuple[Assignment, str]:
    """The first lane for the level of the accused whose office is not the accused one."""
    area, served = inquiry.regency, inquiry.regency in policy.desks
    role, level = _accused(inquiry, rule, attributes, policy, on)
    for lane in policy.lanes:
        office = policy.agency_for(lane.role, area if served else inquiry.home, on)
        if lane.level is not level or lane.role == role or office is None:
            continue
        return _in_lane(lane, office, served, area, policy), lane.role
    return _by_desk(inquiry, rule, policy, on, lane=True), rule.role


def _in_lane(lane: OversightLane, office: Agency, served: bool, area: str, policy: Policy) -> Assignment:
    reason = (lane.reason if served else policy.elsewhere).format(agency=office.name)
    rule_id = f"oversight_{lane.role}" if served else f"elsewhere:oversight_{lane.role}"
    level = office.level if served else lane.level
    return Assignment(level, office.code, reason, rule_id, 0.9, True, None if served else area)


def _accused(
    inquiry: Inquiry, rule: Rule | CatchAll, attributes: Mapping[str, str], policy: Policy, on: date
) -> tuple[str | None, Level]:
    """Who is accused and whose level that is: as told, as named in the text, else the office whose job the matter is."""
    named: Accused | None = policy.signs.accused_in(inquiry.text)
    told = attributes.get(ACCUSED)
    own = None if inquiry.issue.is_oversight else rule.role
    role = told or (named.role if named else None) or own
    if named and named.level and role == named.role:
        return role, named.level
    office = policy.agency_for(role, inquiry.regency, on) if role else None
    return role, office.level if office else rule.level


def _by_desk(inquiry: Inquiry, rule: Rule | CatchAll, policy: Policy, on: date, *, lane: bool) -> Assignment:
    """The catch-all desk: of the place when it is served, of the home regency otherwise, which forwards."""
    served = inquiry.area if inquiry.area in policy.desks else None
    code = policy.desks[served or inquiry.home]
    office = policy.agency(code, on)
    name = office.name if office else code
    forward_to = inquiry.area if inquiry.area and not served else None
    template = policy.elsewhere if forward_to else policy.catch_all.reason
    level = rule.level if forward_to else policy.catch_all.level
    rule_id = f"elsewhere:{rule.id}" if forward_to else policy.catch_all.id
    return Assignment(
        level, code, template.format(agency=name), rule_id, 0.5 if forward_to else 0.0, lane, forward_to
    )


def _worth_asking(
    inquiry: Inquiry, attributes: Mapping[str, str], now: Assignment, policy: Policy, on: date
) -> Clarification | None:
    """The issue's question, if it is allowed, unanswered, and at least one answer leads somewhere else."""
    issue = inquiry.issue
    if issue.asks is None or issue.asks in attributes or now.oversight_lane or now.forward_to:
        return None
    clarification = policy.clarifications.get(issue.asks)
    if clarification is None or issue.asks_when is AsksWhen.NEVER:
        return None
    if issue.asks_when is AsksWhen.HINT and not says(inquiry.text, clarification.hints):
        return None
    offices = {
        (one.level, one.agency)
        for option in clarification.options
        for one, _ in [_assign(inquiry, {**attributes, issue.asks: option.value}, policy, on)]
    }
    return clarification if offices - {(now.level, now.agency)} else None
