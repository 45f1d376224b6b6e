"""One order for many cases, and its undoing: each case by the table of moves, in a transaction of its own, with its own audit line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backend.cases.access import Officer
from backend.cases.bulk import BACK_TO, left_out
from backend.cases.case import Actor, Assignment, Case
from backend.cases.desk_moves import movers_of
from backend.cases.errors import CaseNotFound, StaleCase
from backend.cases.workflow import Mover, State, moves_from
from backend.usecases.bulk_port import BulkStep, BulkSteps
from backend.usecases.merge_cases import Seen, split_case
from backend.usecases.move_case import MoveOrder, move_case
from backend.usecases.order_case import Order, order_case
from backend.usecases.ports import AuditEntry, UnitOfWork
from backend.usecases.services import Services

# Clocks of two machines may differ: news leaves so much after the moment at which it can no longer be stopped.
GRACE = timedelta(seconds=20)


@dataclass(frozen=True)
class ManyOrder:
    """`move` is a name of `cases.bulk.BACK_TO`; `agency` empty means the suggested office of each case; `leader` the number to follow."""

    id: str
    move: str
    until: datetime
    words: str = ""
    agency: str = ""
    leader: str = ""


async def order_one_of_many(
    order: ManyOrder,
    seen: Seen,
    officer: Officer,
    assigned: frozenset[str],
    uow: UnitOfWork,
    steps: BulkSteps,
    services: Services,
    now: datetime,
) -> BulkStep:
    """What was done to the case, or why it was left out; stored with the change. Raises `CaseNotFound` for a case out of view and what a
    move raises."""
    case = await uow.cases.by_id(seen.case_id)
    if case is None:
        raise CaseNotFound
    leader = await uow.cases.by_number(order.leader) if order.leader else None
    why = left_out(order.move, case, seen.version, officer, assigned, leader)
    step = BulkStep(
        order.id,
        case.id,
        officer.id,
        order.move,
        now,
        order.until,
        case.version,
        case.assignment,
        why,
        None,
        case.number,
    )
    if why is None:
        single = Order(order.move, seen.version, order.words, order.agency, order.leader)
        changed = await order_case(case, single, officer, assigned, uow, services, now)
        step = replace(step, version=changed.version)
    await steps.add(step)
    return step


async def undo_one_of_many(
    step: BulkStep, officer: Officer, uow: UnitOfWork, steps: BulkSteps, services: Services, now: datetime
) -> Case:
    """The case where it was, by a move of the table that stands in its history; the unit of work must tell nobody.

    Raises:
        StaleCase: somebody has gone on with it; what was done stays.
        CaseNotFound, MoveRefused: as for any move.
    """
    case = await uow.cases.by_id(step.case_id)
    if case is None:
        raise CaseNotFound
    if case.version != step.version:
        raise StaleCase(case.id)
    reason = services.reference.sentence("bulk_undone_reason")
    by = Actor(_mover(officer, case, BACK_TO[step.move]), officer.id)
    if step.move == "merge":
        back = await split_case(Seen(case.id, case.version), by, reason, uow, services, now)
        back = await _with_office(back, step.before, by, uow, now)
    else:
        office = step.before if step.move == "assign" else None
        order = MoveOrder(case.id, case.version, BACK_TO[step.move], by, reason, "", office)
        back = await move_case(order, uow, services, now)
    await steps.undone(step, now)
    await uow.audit.add(AuditEntry(now, officer.id, "bulk_undone", case.id, "", {"order": step.order_id}))
    return back


async def _with_office(
    case: Case, office: Assignment | None, by: Actor, uow: UnitOfWork, now: datetime
) -> Case:
    """While merged it was at the office of its leader."""
    if office is None or office == case.assignment:
        return case
    return await uow.cases.save(case.reassigned(office, by, now))


def _mover(officer: Officer, case: Case, back_to: State) -> Mover:
    """As whom the officer may go back; the table refuses if as nobody."""
    for mover in movers_of(officer):
        if any(move.new is back_to for move in moves_from(case.state, mover)):
            return mover
    return officer.mover
