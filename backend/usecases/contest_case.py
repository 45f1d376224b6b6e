"""`belum selesai`: the reporter contests an answer or an end, and somebody has to look again."""

from __future__ import annotations

from datetime import datetime

from backend.cases.case import REPORTER, Case
from backend.cases.errors import ContestTooLate, MoveRefused, ReasonMissing
from backend.cases.workflow import Mover, State, named_move
from backend.usecases.add_to_case import reporters_message
from backend.usecases.drafts import kept_text
from backend.usecases.find_status import case_of_ref
from backend.usecases.label_from_work import label_from_work
from backend.usecases.ports import UnitOfWork
from backend.usecases.services import Services
from backend.usecases.views import can_contest


async def contest_case(
    conversation: str, case_ref: str, text: str, uow: UnitOfWork, services: Services, now: datetime
) -> Case:
    """The case reopened or replied to; raises `CaseNotFound`, `ReasonMissing`, `ContestTooLate` or `MoveRefused`."""
    case, _ = await case_of_ref(conversation, case_ref, uow, services)
    wanted = _wanted(case)
    if not can_contest(case, now):
        raise ContestTooLate((now - case.since).days)
    if not text.strip():
        raise ReasonMissing(case.state, wanted)
    reason = kept_text(text, case.identity_level)
    changed = case.moved_to(wanted, REPORTER, now, public_note=reason)
    await uow.thread.add(reporters_message(case, text, (), services, now))
    saved = await uow.cases.save(changed)
    await label_from_work(case, saved, uow, now)
    return saved


def _wanted(case: Case) -> State:
    if case.state is State.ANSWERED:
        return State.REPORTER_REPLIED
    move = named_move(case.state, "contest", Mover.REPORTER)
    if move is None:
        raise MoveRefused(case.state, "contest", Mover.REPORTER)
    return move.new
