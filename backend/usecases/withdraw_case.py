"""`batalkan laporan`: the reporter takes a case back while nobody works on it yet."""

from __future__ import annotations

from datetime import datetime

from backend.cases.case import REPORTER, Case
from backend.cases.workflow import State
from backend.usecases.drafts import kept_text
from backend.usecases.find_status import case_of_ref
from backend.usecases.ports import UnitOfWork
from backend.usecases.services import Services


async def withdraw_case(
    conversation: str, case_ref: str, text: str, uow: UnitOfWork, services: Services, now: datetime
) -> Case:
    """The case withdrawn; raises `CaseNotFound`, or `MoveRefused` once an agency has it."""
    case, _ = await case_of_ref(conversation, case_ref, uow, services)
    note = kept_text(text, case.identity_level)
    return await uow.cases.save(case.moved_to(State.WITHDRAWN, REPORTER, now, public_note=note))
