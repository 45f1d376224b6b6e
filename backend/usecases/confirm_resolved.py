"""`puas`: the reporter says that it is done, and how good it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from backend.cases.case import REPORTER, Case, Resolution
from backend.cases.errors import DraftInvalid
from backend.cases.workflow import State
from backend.usecases.find_status import case_of_ref
from backend.usecases.ports import UnitOfWork
from backend.usecases.services import Services

RATINGS = range(1, 6)


async def confirm_resolved(
    conversation: str, case_ref: str, rating: int | None, uow: UnitOfWork, services: Services, now: datetime
) -> Case:
    """The case resolved and confirmed; `rating` 1 … 5 or None; one may be given afterwards, and the first one stays.

    Raises `CaseNotFound`, `MoveRefused`, `DraftInvalid`.
    """
    if rating is not None and rating not in RATINGS:
        raise DraftInvalid("rating", "outside 1 … 5")
    case, _ = await case_of_ref(conversation, case_ref, uow, services)
    if rating is not None and case.resolution is Resolution.CONFIRMED:
        if case.rating is not None:
            return case
        return await uow.cases.save(replace(case, rating=rating))
    changed = case.moved_to(State.RESOLVED, REPORTER, now)
    return await uow.cases.save(replace(changed, rating=rating))
