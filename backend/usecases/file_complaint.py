"""A draft becomes a case: once, routed, with a promised date and a code that only its reporter knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.cases.case import REPORTER, Case, IdentityLevel, first_event, time_kept
from backend.cases.errors import CaseNotFound
from backend.cases.tracking_code import mint
from backend.usecases.assign_draft import Matter, assign_draft
from backend.usecases.drafts import Draft
from backend.usecases.ports import AuditEntry, Proof, Randomness, UnitOfWork
from backend.usecases.services import Services

# Short, readable aloud, no look-alikes. It opens nothing, so it may be short; it is random, so it counts nothing.
_NUMBER_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_NUMBER_LENGTH = 8
ANONYMOUS_PURGE = timedelta(hours=24)


@dataclass(frozen=True)
class Filed:
    """`code` is None when this draft was filed before: only its digest is known, the receipt has been sent.
    `empties_conversation` tells the turn worker to keep nothing of this conversation's words."""

    case: Case
    code: str | None
    empties_conversation: bool


async def file_complaint(
    draft: Draft, conversation: str, channel: str, uow: UnitOfWork, services: Services, now: datetime
) -> Filed:
    """Record a draft once. A second call with the same `draft_id` changes nothing and names the same case."""
    anonymous = draft.identity_level is IdentityLevel.ANONYMOUS
    known = await uow.cases.by_draft_id(draft.draft_id)
    if known is not None:
        return Filed(known, None, anonymous)
    case = await _open_case(draft, channel, uow, services, now)
    return await _record(case, draft.attachments, conversation, uow, services, now)


async def support_case(
    draft: Draft,
    case_ref: str,
    conversation: str,
    channel: str,
    uow: UnitOfWork,
    services: Services,
    now: datetime,
) -> Filed:
    """File a draft that follows a case which was suggested to this conversation; it has a code and updates of its own."""
    opened = services.refs.open(conversation, case_ref)
    parent = await uow.cases.by_id(opened[0]) if opened and opened[1] is Proof.SIMILAR else None
    if parent is None:
        raise CaseNotFound
    anonymous = draft.identity_level is IdentityLevel.ANONYMOUS
    known = await uow.cases.by_draft_id(draft.draft_id)
    if known is not None:
        return Filed(known, None, anonymous)
    case = await _open_case(draft, channel, uow, services, now)
    return await _record(
        case.following(parent.parent_id or parent.id, REPORTER, now),
        draft.attachments,
        conversation,
        uow,
        services,
        now,
    )


async def _open_case(draft: Draft, channel: str, uow: UnitOfWork, services: Services, now: datetime) -> Case:
    """The case as it will be stored, with a number nobody has."""
    reference = services.reference
    issue = reference.issue(draft.issue)
    matter = Matter(
        draft.issue,
        draft.report_class,
        draft.oversight,
        draft.place,
        draft.attributes,
        draft.description,
        draft.objection,
    )
    assigned = assign_draft(matter, reference, services.home, reference.today(now, services.home))
    at = time_kept(now, draft.identity_level)
    first = first_event(at)
    return Case(
        id=services.random.token_hex(16),
        number=await _free_number(uow, services.random),
        draft_id=draft.draft_id,
        desk=assigned.desk,
        report_class=draft.report_class,
        issue=issue.code,
        identity_level=draft.identity_level,
        description=draft.description,
        place=draft.place,
        assignment=assigned.assignment,
        due=assigned.due,
        filed_at=at,
        state=first.new,
        events=(first,),
        happened=draft.happened,
        attributes=assigned.attributes,
        objection=draft.objection,
        oversight=assigned.oversight,
        sensitive=draft.sensitive or assigned.oversight or issue.is_sensitive,
        emergency=draft.emergency,
        channel=channel,
        language=draft.language,
    )


async def _free_number(uow: UnitOfWork, random: Randomness) -> str:
    while True:
        signs = [_NUMBER_SIGNS[random.randbelow(len(_NUMBER_SIGNS))] for _ in range(_NUMBER_LENGTH)]
        number = f"{''.join(signs[:4])}-{''.join(signs[4:])}"
        if await uow.cases.by_number(number) is None:
            return number


async def _record(
    case: Case,
    attachments: Sequence[str],
    conversation: str,
    uow: UnitOfWork,
    services: Services,
    now: datetime,
) -> Filed:
    """Store the case with its code's digest; the contact only when the reporter let us keep it."""
    code = mint(services.random.randbelow)
    await uow.cases.add(case, services.codes.digest(code))
    await uow.attachments.bind(conversation, attachments, case.id)
    anonymous = case.identity_level is IdentityLevel.ANONYMOUS
    if anonymous:
        await uow.conversations.empty(conversation, now + ANONYMOUS_PURGE)
    else:
        await uow.contacts.link(case.id, conversation)
    await uow.audit.add(AuditEntry(case.filed_at, "reporter", "case_filed", case.id, case.assignment.rule))
    return Filed(case, code, anonymous)
