"""What an officer orders on the case page: a move with its words for the reporter, an office, a person, a case to follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backend.cases.access import Officer
from backend.cases.case import Actor, Assignment, Case
from backend.cases.desk_moves import movers_of, moves_for
from backend.cases.errors import CaseNotFound, MoveRefused, OfficeUnknown
from backend.cases.policy import Agency
from backend.cases.workflow import Mover, State
from backend.reference.loader import Reference
from backend.usecases.hand_on import mark_for_lapor
from backend.usecases.merge_cases import Seen, merge_cases, split_case
from backend.usecases.move_case import MoveOrder, move_case
from backend.usecases.ports import AuditEntry, Author, ThreadMessage, UnitOfWork
from backend.usecases.services import Services
from backend.usecases.views import shown_files

RULE = "petugas"
WITH_OFFICE = frozenset({"assign", "transfer"})


@dataclass(frozen=True)
class Order:
    """`move` is a name of the table of moves, `version` the one the officer saw; `words` are for the reporter, `attachments` shown with
    them; `agency` with `assign` and `transfer`, `leader` the number of the case to follow with `merge`; `to_lapor`: LAPOR!
    shows the words, too."""

    move: str
    version: int
    words: str = ""
    agency: str = ""
    leader: str = ""
    attachments: Sequence[str] = ()
    to_lapor: bool = False


async def order_case(
    case: Case,
    order: Order,
    officer: Officer,
    assigned: frozenset[str],
    uow: UnitOfWork,
    services: Services,
    now: datetime,
) -> Case:
    """The case after the move; the caller has checked that the officer sees it.

    Raises:
        MoveRefused, ReasonMissing, StaleCase, CaseNotFound, OfficeUnknown: nothing was changed.
    """
    allowed = moves_for(officer, case, assigned).get(order.move)
    if allowed is None:
        raise MoveRefused(case.state, order.move, officer.role)
    move, mover = allowed
    by = Actor(mover, officer.id)
    if order.move == "split":
        return await split_case(Seen(case.id, order.version), by, order.words, uow, services, now)
    if order.move == "merge":
        leader = await uow.cases.by_number(order.leader.strip().upper())
        if leader is None:
            raise CaseNotFound
        seen = [Seen(case.id, order.version)]
        return (await merge_cases(leader.id, seen, by, order.words, uow, services, now))[0]
    assignment = _assignment(case, order, services.reference, now) if order.move in WITH_OFFICE else None
    shows_file = False
    if order.words.strip():
        message = ThreadMessage(
            services.random.token_hex(16),
            case.id,
            Author.OFFICER,
            order.words.strip(),
            case.time_kept(now),
            tuple(order.attachments),
        )
        await uow.thread.add(message)
        if order.to_lapor:
            await mark_for_lapor(message, officer.id, uow)
        shows_file = bool(shown_files(case, message))
    moved = MoveOrder(
        case.id, order.version, move.new, by, order.words.strip(), "", assignment, shows_file=shows_file
    )
    return await move_case(moved, uow, services, now)


def _assignment(case: Case, order: Order, reference: Reference, now: datetime) -> Assignment:
    """The suggested office keeps the rule that suggested it; another one is the officer's own decision."""
    if order.agency in ("", case.assignment.agency):
        return case.assignment
    today = reference.today(now, case.desk)
    known = {agency.code: agency for agency in offices(reference, case.desk, today)}
    if order.agency not in known:
        raise OfficeUnknown(order.agency)
    agency = known[order.agency]
    # A matter of the oversight lane stays in it, wherever it is worked on: the office may be whom it is about.
    lane = case.oversight or case.assignment.oversight_lane
    return Assignment(agency.level, agency.code, order.words.strip() or agency.name, RULE, 1.0, lane)


def offices(reference: Reference, desk: str, on: date) -> tuple[Agency, ...]:
    """Offices a case of this desk can be given to: the regency's, the province's, the national ones; by level and name."""
    areas = {desk, desk[:2], "id"}
    found = [
        agency
        for agency in reference.policy.agencies
        if agency.area in areas and agency.valid_from <= on <= agency.valid_until
    ]
    order = ["kabupaten", "desa", "provinsi", "pusat"]
    rank = {level: n for n, level in enumerate(order)}
    return tuple(sorted(found, key=lambda one: (rank.get(one.level, len(order)), one.name)))


async def note_case(case: Case, text: str, officer: Officer, uow: UnitOfWork, now: datetime) -> Case:
    """The case with a note that only officers read; it stands in the history, never in the thread."""
    noted = case.noted("note", Actor(officer.mover, officer.id), now, private_note=text.strip())
    saved = await uow.cases.save(noted)
    await uow.audit.add(AuditEntry(now, officer.id, "noted", case.id))
    return saved


_OF_DESK = (State.RECEIVED, State.IN_VERIFICATION, State.TRANSFERRED)
_OF_OFFICE = (State.ASSIGNED, State.IN_PROGRESS, State.REPORTER_REPLIED, State.REOPENED, State.TRANSFERRED)


def awaits(officer: Officer) -> tuple[State, ...]:
    """States in which a case waits for this officer."""
    waiting = {Mover.DESK: _OF_DESK, Mover.AGENCY: _OF_OFFICE}
    return tuple(dict.fromkeys(state for mover in movers_of(officer) for state in waiting[mover]))
