"""An officer says what a case is about; its words wait for a reviewer, because the assistant read them otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from backend.cases.access import Officer
from backend.cases.case import Actor, Case
from backend.cases.errors import DraftInvalid, StaleCase
from backend.usecases.label_from_work import label_from_work
from backend.usecases.ports import AuditEntry, UnitOfWork
from backend.usecases.services import Services

CORRECTED = "issue_corrected"


async def correct_issue(
    case: Case, issue: str, version: int, officer: Officer, uow: UnitOfWork, services: Services, now: datetime
) -> Case:
    """The case with this issue; office, state and promised date stay as they are, and the reporter is told nothing.

    Raises:
        StaleCase: somebody changed it meanwhile.
        DraftInvalid: there is no such issue.
    """
    if case.version != version:
        raise StaleCase(case.id)
    known = services.reference.issues
    if issue not in known:
        raise DraftInvalid("issue", "is none of the catalogue")
    if issue == case.issue:
        return case
    note = f"{services.reference.issue(case.issue).label} → {known[issue].label}"
    changed = replace(
        case.noted(CORRECTED, Actor(officer.mover, officer.id), now, private_note=note), issue=issue
    )
    saved = await uow.cases.save(changed)
    await label_from_work(case, saved, uow, now)
    await uow.audit.add(
        AuditEntry(now, officer.id, CORRECTED, case.id, "", {"old": case.issue, "new": issue})
    )
    return saved
