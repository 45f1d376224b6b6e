"""What another rule table would do to the cases there are; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.cases.case import Assignment, Case
from backend.cases.rule_check import Finding, check_rules
from backend.reference.loader import Reference, known_values
from backend.usecases.assign_draft import Matter, assign_draft
from backend.usecases.ports import UnitOfWork


@dataclass(frozen=True)
class Change:
    """One case that would go elsewhere. `now` is what today's table decides, not where an officer has moved it since."""

    number: str
    issue: str
    now: Assignment
    then: Assignment


@dataclass(frozen=True)
class Trial:
    """The result of a dry run."""

    n_cases: int
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


async def try_rules(reference: Reference, changed: Reference, uow: UnitOfWork, home: str, on: date) -> Trial:
    """Decide every case twice, by the table in force and by the changed one, as of that day."""
    changes: list[Change] = []
    n_cases, after = 0, ""
    while page := await uow.cases.page(after):
        n_cases, after = n_cases + len(page), page[-1].id
        for case in page:
            now, then = (decided(case, table, home, on) for table in (reference, changed))
            if (now.level, now.agency, now.forward_to) != (then.level, then.agency, then.forward_to):
                changes.append(Change(case.number, case.issue, now, then))
    findings = check_rules(changed.policy.rules, known_values(changed.policy), on)
    return Trial(n_cases, tuple(changes), findings)


def decided(case: Case, reference: Reference, home: str, on: date) -> Assignment:
    """What these rows say of a case as it was told, whatever an officer has made of it since."""
    matter = Matter(
        issue=case.issue,
        report_class=case.report_class,
        oversight=case.oversight,
        place=case.place,
        attributes=case.attributes,
        text=case.description,
        objection=case.objection,
    )
    return assign_draft(matter, reference, home, on).assignment
