"""An officer's words to the reporter: in the thread for everybody, and to the channel of those who left one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.cases.case import Actor
from backend.cases.errors import CaseNotFound, ReasonMissing
from backend.usecases.hand_on import mark_for_lapor
from backend.usecases.ports import AuditEntry, Author, News, Notice, ThreadMessage, UnitOfWork
from backend.usecases.services import Services
from backend.usecases.views import shown_files


async def reply_to_reporter(
    case_id: str,
    text: str,
    by: Actor,
    uow: UnitOfWork,
    services: Services,
    now: datetime,
    attachments: Sequence[str] = (),
    *,
    to_lapor: bool = False,
) -> ThreadMessage:
    """The message, stored, with files of the case that go along; an anonymous reporter reads it with the code, and LAPOR!
    shows it, too, if `to_lapor`. Raises `CaseNotFound`, `ReasonMissing` when empty."""
    case = await uow.cases.by_id(case_id)
    if case is None:
        raise CaseNotFound
    if not text.strip():
        raise ReasonMissing(case.state, "reply")
    message = ThreadMessage(
        services.random.token_hex(16),
        case.id,
        Author.OFFICER,
        text.strip(),
        case.time_kept(now),
        tuple(attachments),
    )
    await uow.thread.add(message)
    if to_lapor:
        await mark_for_lapor(message, by.id or by.kind, uow)
    await uow.audit.add(AuditEntry(now, by.id or by.kind, "reply_sent", case.id))
    conversation = await uow.contacts.recipient(case.id)
    if conversation is not None:
        agency = services.reference.agency_name(
            case.assignment.agency, services.reference.today(now, case.desk)
        )
        told = services.reference.sentence(
            "notice_reply", number=case.number, agency=agency, text=message.text
        )
        if shown_files(case, message):
            told = f"{told}\n\n{services.reference.sentence('notice_file')}"
        await uow.outbox.add(
            Notice(services.random.token_hex(16), case.id, conversation, News.REPLIED, told, now)
        )
    return message
