"""Status by code or by reference: the same work and the same words for *no such code* and *not yours*."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.cases.case import Case
from backend.cases.errors import CaseNotFound, CodeMistyped, TooManyLookups
from backend.cases.slip import is_on_slip
from backend.cases.tracking_code import parse
from backend.usecases.hand_on import parse_number
from backend.usecases.ports import Asker, Proof, UnitOfWork
from backend.usecases.services import Services
from backend.usecases.views import Sight, case_view

FREE_FAILURES = 5
WINDOW = timedelta(hours=1)
FIRST_WAIT_S = 60
LONGEST_WAIT_S = 3600
NOBODY = "0" * 32


@dataclass(frozen=True)
class Status:
    """`outcome` is found, unknown, mistyped or slow_down; `case` is the view when found, `case_id` for the caller's audit."""

    outcome: str
    wait_s: int = 0
    case: dict[str, Any] | None = None
    case_id: str | None = None


async def find_status(
    asker: Asker, code: str | None, case_ref: str | None, uow: UnitOfWork, services: Services, now: datetime
) -> Status:
    """What this asker may see of the case. A typing error costs nothing; failures of one asker slow only that asker down."""
    try:
        case, proof = await _find(asker, code, case_ref, uow, services, now)
    except CodeMistyped:
        return Status("mistyped")
    except TooManyLookups as error:
        return Status("slow_down", error.wait_s)
    except CaseNotFound:
        return Status("unknown")
    if proof is Proof.CODE and is_on_slip(case):
        proof = Proof.SLIP
    leader = await uow.cases.by_id(case.parent_id) if case.parent_id else None
    thread = await uow.thread.of_case(case.id)
    may_act = asker.conversation and proof is not Proof.LAPOR
    reference = services.refs.seal(asker.conversation or "", case.id, proof) if may_act else ""
    view = case_view(Sight(case, leader, thread, reference, proof), services.reference, now)
    return Status("found", case=view, case_id=case.id)


async def _find(
    asker: Asker, code: str | None, case_ref: str | None, uow: UnitOfWork, services: Services, now: datetime
) -> tuple[Case, Proof]:
    if case_ref is not None:
        return await case_of_ref(asker.conversation, case_ref, uow, services)
    theirs = parse_number(code or "")
    digits = parse(code or "") if theirs is None else ""
    await _make_wait(asker, uow, now)
    if theirs is not None:
        return await _by_lapor_number(asker, theirs, uow, now), Proof.LAPOR
    case = await uow.cases.by_code_digest(services.codes.digest(digits))
    # The same queries whether or not the code exists: the time of the answer tells nothing.
    own = await uow.contacts.cases_of(asker.conversation or NOBODY)
    await uow.thread.of_case(case.id if case else NOBODY)
    if case is None:
        await uow.lookups.add_failure(asker.key, now)
        raise CaseNotFound
    return case, Proof.SENDER if case.id in own else Proof.CODE


async def _by_lapor_number(asker: Asker, number: str, uow: UnitOfWork, now: datetime) -> Case:
    """An ordinary case that was filed openly; any other does not exist for who only has a number that LAPOR! shows around."""
    case = await uow.cases.by_lapor_number(number)
    if case is None or case.is_sealed or case.sensitive or case.oversight or case.assignment.oversight_lane:
        await uow.lookups.add_failure(asker.key, now)
        raise CaseNotFound
    return case


async def case_of_ref(
    conversation: str | None, case_ref: str, uow: UnitOfWork, services: Services
) -> tuple[Case, Proof]:
    """The case behind a token of this conversation; raises `CaseNotFound` for any other, for a mere suggestion, and for a slip that
    was not exchanged."""
    opened = services.refs.open(conversation, case_ref) if conversation else None
    case = await uow.cases.by_id(opened[0] if opened else NOBODY)
    if opened is None or case is None or opened[1] in {Proof.SIMILAR, Proof.SLIP}:
        raise CaseNotFound
    return case, opened[1]


async def _make_wait(asker: Asker, uow: UnitOfWork, now: datetime) -> None:
    """Five failures an hour are free; then each one doubles the wait, up to an hour. Nobody else is slowed down."""
    failures = await uow.lookups.failures(asker.key, now - WINDOW)
    if len(failures) < FREE_FAILURES:
        return
    wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (len(failures) - FREE_FAILURES))
    remaining_s = wait_s - (now - failures[-1]).total_seconds()
    if remaining_s > 0:
        raise TooManyLookups(int(remaining_s) + 1)
