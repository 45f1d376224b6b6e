"""What a draft of the reference rows would do to the cases of the last months: who would go elsewhere, whose date would move."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from backend.cases.case import Case, DuePromise
from backend.cases.rule_check import Finding, check_rules
from backend.reference.loader import Reference, known_values
from backend.usecases.clock import promised_by
from backend.usecases.try_rules import Change, decided

LOOK_BACK = timedelta(days=90)
MOST_CASES = 5_000
PAGE = 200


class RecentCases(Protocol):
    """The register, newest first."""

    async def filed_since(
        self, since: datetime, before: Case | None = None, limit: int = PAGE
    ) -> tuple[Case, ...]:
        """Cases filed since then, those that come after `before`."""


@dataclass(frozen=True)
class Moved:
    """One open case whose promise would change."""

    number: str
    issue: str
    now: DuePromise
    then: DuePromise


@dataclass(frozen=True)
class DryRun:
    """`n_cases` were tried, the newest first; `is_cut` when there were more. `findings` are troubles of the rule table that the
    draft brings, not those it finds."""

    n_cases: int
    is_cut: bool
    changes: tuple[Change, ...]
    dates: tuple[Moved, ...]
    findings: tuple[Finding, ...]


async def try_reference(
    current: Reference, changed: Reference, cases: RecentCases, home: str, now: datetime
) -> DryRun:
    """Decide every case of the last 90 days that can be seen twice, by both; nothing is changed."""
    on = current.today(now, home)
    tried = DryRun(0, False, (), (), new_findings(current, changed, on))
    before: Case | None = None
    while page := await cases.filed_since(now - LOOK_BACK, before, PAGE):
        # Rules are plain computing: a thread keeps the other officers' requests going.
        part = await asyncio.to_thread(_compared, page, current, changed, home, on)
        tried = replace(
            tried,
            n_cases=tried.n_cases + len(page),
            changes=tried.changes + part.changes,
            dates=tried.dates + part.dates,
        )
        before = page[-1]
        if tried.n_cases >= MOST_CASES:
            return replace(tried, is_cut=True)
    return tried


def _compared(page: Sequence[Case], current: Reference, changed: Reference, home: str, on: date) -> DryRun:
    changes, dates = [], []
    for case in page:
        now, then = (decided(case, table, home, on) for table in (current, changed))
        if (now.level, now.agency, now.forward_to) != (then.level, then.agency, then.forward_to):
            changes.append(Change(case.number, case.issue, now, then))
        if not case.is_closed:
            old, new = promised_by(case, current), promised_by(case, changed)
            if old.on != new.on:
                dates.append(Moved(case.number, case.issue, old, new))
    return DryRun(len(page), False, tuple(changes), tuple(dates), ())


def new_findings(current: Reference, changed: Reference, on: date) -> tuple[Finding, ...]:
    """Rows that can never decide and rows that contradict each other, as far as the draft is to blame."""
    known = {(one.trouble, one.rule, one.other) for one in _findings(current, on)}
    return tuple(one for one in _findings(changed, on) if (one.trouble, one.rule, one.other) not in known)


def _findings(reference: Reference, on: date) -> tuple[Finding, ...]:
    return check_rules(reference.policy.rules, known_values(reference.policy), on)
