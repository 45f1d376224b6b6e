"""An officer says that a case is more secret than it looked, or less: sensitive, of oversight, or ordinary; with a reason that stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from backend.cases.access import Officer, Role
from backend.cases.case import Actor, Assignment, Case
from backend.cases.errors import MoveRefused
from backend.reference.loader import Reference
from backend.usecases.ports import AuditEntry, UnitOfWork

OVERSIGHT_ROLE = "inspektorat"


class Seal(StrEnum):
    """How secret: ordinary, seen by the admin induk and whom it names, seen by the inspectorate and whom it names."""

    ORDINARY = "biasa"
    SENSITIVE = "peka"
    OVERSIGHT = "pengawasan"


def seal_of(case: Case) -> Seal:
    """How secret the case is now."""
    if case.oversight or case.assignment.oversight_lane:
        return Seal.OVERSIGHT
    return Seal.SENSITIVE if case.sensitive else Seal.ORDINARY


def seals_for(officer: Officer, case: Case) -> tuple[Seal, ...]:
    """What this officer may make of a case in view: whoever verifies may seal; only who sees the sealed lane may open it again."""
    now = seal_of(case)
    if officer.role is Role.INSPECTOR and now is Seal.OVERSIGHT:
        return (Seal.ORDINARY, Seal.SENSITIVE)
    if officer.role is Role.ADMIN and now is Seal.SENSITIVE:
        return (Seal.ORDINARY, Seal.OVERSIGHT)
    if officer.role in {Role.ADMIN, Role.VERIFIER} and now is Seal.ORDINARY:
        return (Seal.SENSITIVE, Seal.OVERSIGHT)
    return ()


async def seal_case(
    case: Case,
    wanted: Seal,
    reason: str,
    officer: Officer,
    uow: UnitOfWork,
    reference: Reference,
    now: datetime,
) -> Case:
    """The case with its new secrecy; it may have left the officer's view. Raises `MoveRefused`: not this officer's to decide, or the case
    follows or leads others, whose reporters would hear of it."""
    bound = case.parent_id is not None or await uow.cases.followers(case.id)
    if wanted not in seals_for(officer, case) or bound:
        raise MoveRefused(seal_of(case), wanted, officer.role)
    noted = case.noted(
        f"sealed_{wanted.name.lower()}", Actor(officer.mover, officer.id), now, private_note=reason
    )
    changed = replace(
        noted,
        sensitive=wanted is Seal.SENSITIVE or (case.sensitive and wanted is Seal.OVERSIGHT),
        oversight=wanted is Seal.OVERSIGHT,
        assignment=_lane(case, wanted, reference, now),
    )
    saved = await uow.cases.save(changed)
    await uow.audit.add(
        AuditEntry(now, officer.id, "sealed", case.id, reason, {"from": seal_of(case), "to": wanted})
    )
    return saved


def _lane(case: Case, wanted: Seal, reference: Reference, now: datetime) -> Assignment:
    """Matters of oversight go to the regency's inspectorate; out of its lane, the office stays until somebody assigns another."""
    if wanted is not Seal.OVERSIGHT:
        return replace(case.assignment, oversight_lane=False)
    today = reference.today(now, case.desk)
    code = f"{OVERSIGHT_ROLE}-{case.desk}"
    office = reference.policy.agency(code, today)
    if office is None:
        return replace(case.assignment, oversight_lane=True)
    return Assignment(office.level, code, office.name, "petugas", 1.0, True, case.assignment.forward_to)
