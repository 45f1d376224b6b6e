"""Which cases a draft of the reference rows can touch at all: what it cannot touch need not be opened to know that nothing changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from backend.cases.catalogue import CATCH_ALL_ISSUE
from backend.cases.policy import Policy
from backend.reference.loader import Reference


@dataclass(frozen=True)
class Reach:
    """`issues`: only cases about these can go elsewhere, None when any can; `dates`: promises of running cases can move."""

    issues: frozenset[str] | None
    dates: bool

    @property
    def is_nothing(self) -> bool:
        """No case can be touched."""
        return self.issues == frozenset() and not self.dates


def reach(current: Reference, changed: Reference) -> Reach:
    """What differs between the two that a decision or a promise is made from. Names of offices and reasons are words: they decide
    nothing."""
    return Reach(_issues(current, changed), _clock(current) != _clock(changed))


def _issues(current: Reference, changed: Reference) -> frozenset[str] | None:
    if _common(current.policy) != _common(changed.policy):
        return None
    touched = frozenset(
        code
        for code in {*current.issues, *changed.issues}
        if current.issues.get(code) != changed.issues.get(code)
        or _rules(current.policy, code) != _rules(changed.policy, code)
    )
    # Codes that are no longer in the catalogue are decided like this one.
    return None if CATCH_ALL_ISSUE in touched else touched


def _rules(policy: Policy, issue: str) -> list[Any]:
    """The rows that are looked at for this issue, in their order."""
    return [replace(rule, reason="", source="") for rule in policy.rules if rule.is_about(issue)]


def _common(policy: Policy) -> Policy:
    """Everything else that decides: offices, lanes, questions, what a text says."""
    return replace(
        policy,
        rules=(),
        agencies=tuple(replace(one, name="", contact="", source="") for one in policy.agencies),
        lanes=tuple(replace(one, reason="", source="") for one in policy.lanes),
        catch_all=replace(policy.catch_all, reason=""),
        elsewhere="",
        one_up="",
    )


def _clock(reference: Reference) -> tuple[Any, ...]:
    zones = {code: regency.zone for code, regency in reference.regencies.items()}
    return reference.limits, reference.holidays, dict(reference.fixed_holidays), zones
