"""What a draft of the reference rows would do to the cases of the last months: who would go elsewhere, whose date would move."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from backend.cases.case import Case, DuePromise
from backend.cases.rule_check import Finding, check_rules
from backend.reference.loader import Reference, known_values
from backend.usecases.clock import promised_by
from backend.usecases.reach import Reach, reach
from backend.usecases.try_rules import Change, decided

LOOK_BACK = timedelta(days=90)
PAGE = 200
# So many are told one by one; all are counted.
TOLD = 50


class RecentCases(Protocol):
    """The register, newest first."""

    async def n_filed_since(self, since: datetime, among: Reach | None = None) -> int:
        """How many were filed since then."""

    async def filed_since(
        self, since: datetime, before: Case | None = None, limit: int = PAGE, among: Reach | None = None
    ) -> tuple[Case, ...]:
        """Cases filed since then, those that come after `before`; of `among` only those that it can touch."""


@dataclass(frozen=True)
class Moved:
    """One open case whose promise would change."""

    number: str
    issue: str
    now: DuePromise
    then: DuePromise


@dataclass
class DryRun:
    """`n_cases` were tried, all there are; `n_to_open` of them had to be opened, and `n_opened` are by now. `pairs` counts (office,
    office it would go to); `changes` and `dates` are the newest ones. `findings` are troubles of the rule table that the draft
    brings, not those it finds."""

    n_cases: int
    n_to_open: int
    findings: tuple[Finding, ...]
    n_opened: int = 0
    n_changes: int = 0
    n_dates: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    dates: list[Moved] = field(default_factory=list)

    def add(self, n: int, changes: Sequence[Change], dates: Sequence[Moved]) -> None:
        """What `n` more cases showed."""
        self.n_opened += n
        self.n_changes += len(changes)
        self.n_dates += len(dates)
        self.pairs.update((one.now.agency, one.then.agency) for one in changes)
        self.changes += changes[: TOLD - len(self.changes)]
        self.dates += dates[: TOLD - len(self.dates)]


Told = Callable[[DryRun], Awaitable[None]]


async def try_reference(
    current: Reference,
    changed: Reference,
    cases: RecentCases,
    home: str,
    now: datetime,
    told: Told | None = None,
) -> DryRun:
    """Decide every case of the last 90 days that can be seen and touched twice, by both; nothing is changed. `told` hears how far it
    is, a page at a time."""
    on, since = current.today(now, home), now - LOOK_BACK
    among = reach(current, changed)
    n_to_open = 0 if among.is_nothing else await cases.n_filed_since(since, among)
    tried = DryRun(await cases.n_filed_since(since), n_to_open, new_findings(current, changed, on))
    before: Case | None = None
    while not among.is_nothing:
        page = await cases.filed_since(since, before, PAGE, among)
        if not page:
            break
        # Rules are plain computing: a thread keeps the other officers' requests going.
        changes, dates = await asyncio.to_thread(_compared, page, current, changed, home, on)
        tried.add(len(page), changes, dates)
        before = page[-1]
        if told is not None:
            await told(tried)
    return tried


def _compared(
    page: Sequence[Case], current: Reference, changed: Reference, home: str, on: date
) -> tuple[list[Change], list[Moved]]:
    changes, dates = [], []
    for case in page:
        now, then = (decided(case, table, home, on) for table in (current, changed))
        if (now.level, now.agency, now.forward_to) != (then.level, then.agency, then.forward_to):
            changes.append(Change(case.number, case.issue, now, then))
        if not case.is_closed:
            old, new = promised_by(case, current), promised_by(case, changed)
            if old.on != new.on:
                dates.append(Moved(case.number, case.issue, old, new))
    return changes, dates


def new_findings(current: Reference, changed: Reference, on: date) -> tuple[Finding, ...]:
    """Rows that can never decide and rows that contradict each other, as far as the draft is to blame."""
    known = {(one.trouble, one.rule, one.other) for one in _findings(current, on)}
    return tuple(one for one in _findings(changed, on) if (one.trouble, one.rule, one.other) not in known)


def _findings(reference: Reference, on: date) -> tuple[Finding, ...]:
    return check_rules(reference.policy.rules, known_values(reference.policy), on)
