"""What officers do teaches: a case of another issue or office, merged, reopened or not ours leaves a candidate for reviewers."""

from __future__ import annotations

from datetime import datetime

from backend.cases.case import Case, IdentityLevel
from backend.cases.workflow import State
from backend.usecases.pick_for_review import work_label
from backend.usecases.ports import UnitOfWork

NOT_OURS = "luar_cakupan"


async def label_from_work(before: Case, after: Case, uow: UnitOfWork, now: datetime) -> None:
    """Let the words of the case wait for a reviewer if the change says that they were misread.

    Nothing of anonymous, confidential or sensitive cases and nothing of the oversight lane is taken.
    """
    reason = _reason(before, after)
    if reason is None or _is_secret(after):
        return
    issue = after.issue
    if after.parent_id and (leader := await uow.cases.by_id(after.parent_id)) is not None:
        issue = leader.issue
    guess = NOT_OURS if reason == "not_ours" else f"keluhan/{before.issue}"
    item = work_label(after.description, f"keluhan/{issue}", guess, reason, now, after.language)
    if item is not None:
        await uow.review.add_of_case(after.id, item)


def _reason(before: Case, after: Case) -> str | None:
    if after.state is State.MERGED:
        return "officer_merged"
    if after.assignment.agency != before.assignment.agency or after.issue != before.issue:
        return "officer_changed"
    return {State.REOPENED: "reopened", State.REFERRED_OUTSIDE: "not_ours"}.get(after.state)


def _is_secret(case: Case) -> bool:
    return (
        case.sensitive
        or case.oversight
        or case.is_restricted
        or case.identity_level is not IdentityLevel.OPEN
    )
