"""The reporter adds words and files to a case, and so answers what an officer asked or said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.cases.case import REPORTER, Case
from backend.cases.errors import MoveRefused
from backend.cases.workflow import State
from backend.usecases.clock import after_pause
from backend.usecases.drafts import kept_text
from backend.usecases.find_status import case_of_ref
from backend.usecases.ports import Author, ThreadMessage, UnitOfWork
from backend.usecases.services import Services

# Where a case goes when its reporter speaks.
_NEXT = {State.AWAITING_REPORTER: State.IN_VERIFICATION, State.ANSWERED: State.REPORTER_REPLIED}


async def add_to_case(
    conversation: str,
    case_ref: str,
    text: str,
    attachments: Sequence[str],
    uow: UnitOfWork,
    services: Services,
    now: datetime,
) -> Case:
    """The case with the addition in its thread; raises `CaseNotFound`, or `MoveRefused` when it is closed."""
    case, _ = await case_of_ref(conversation, case_ref, uow, services)
    if case.is_closed:
        raise MoveRefused(case.state, "add", REPORTER.kind)
    new_state = _NEXT.get(case.state)
    changed = (
        case.moved_to(new_state, REPORTER, now) if new_state else case.noted("text_added", REPORTER, now)
    )
    changed = after_pause(case, changed, services.reference, now)
    bound = await uow.attachments.bind(conversation, attachments, case.id)
    await uow.thread.add(reporters_message(case, text, bound, services, now))
    return await uow.cases.save(changed)


def reporters_message(
    case: Case, text: str, attachments: tuple[str, ...], services: Services, now: datetime
) -> ThreadMessage:
    """The reporter's words as the thread of this case may keep them."""
    return ThreadMessage(
        id=services.random.token_hex(16),
        case_id=case.id,
        author=Author.REPORTER,
        text=kept_text(text, case.identity_level),
        at=case.time_kept(now),
        attachments=attachments,
    )
