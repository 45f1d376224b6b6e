"""An officer moves a case: by the table, with an audit line, and the reporter hears of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from backend.cases.case import Actor, Assignment, Case
from backend.cases.errors import CaseNotFound, StaleCase
from backend.cases.workflow import State
from backend.usecases.clock import after_pause
from backend.usecases.label_from_work import label_from_work
from backend.usecases.ports import AuditEntry, News, Notice, UnitOfWork
from backend.usecases.services import Services


@dataclass(frozen=True)
class MoveOrder:
    """`version` is the one the officer saw; `assignment` replaces the office (with `assigned` and `transferred`), `parent_id`
    names the case to follow (with `merged`), `shows_file` says that the officer's words came with a file for the reporter."""

    case_id: str
    version: int
    new: State
    by: Actor
    public_note: str = ""
    private_note: str = ""
    assignment: Assignment | None = None
    parent_id: str | None = None
    shows_file: bool = False


async def move_case(order: MoveOrder, uow: UnitOfWork, services: Services, now: datetime) -> Case:
    """The case after the move; raises `CaseNotFound`, `StaleCase`, `MoveRefused` or `ReasonMissing`."""
    case = await uow.cases.by_id(order.case_id)
    if case is None:
        raise CaseNotFound
    if case.version != order.version:
        raise StaleCase(case.id)
    changed = after_pause(case, await _moved(case, order, uow, now), services.reference, now)
    saved = await uow.cases.save(changed)
    await label_from_work(case, saved, uow, now)
    await uow.audit.add(
        AuditEntry(
            now,
            order.by.id or order.by.kind,
            "case_moved",
            case.id,
            order.public_note and "public reason given",
            {"old": case.state, "new": order.new},
        )
    )
    said = order.public_note.strip()
    if order.shows_file:
        said = f"{said}\n\n{services.reference.sentence('notice_file')}"
    await tell_reporters(saved, uow, services, now, said)
    return saved


async def _moved(case: Case, order: MoveOrder, uow: UnitOfWork, now: datetime) -> Case:
    moved = case.moved_to(order.new, order.by, now, order.public_note, order.private_note)
    if order.new is State.MERGED:
        leader = await uow.cases.by_id(order.parent_id or "")
        if leader is None or leader.id == case.id or leader.parent_id:
            raise CaseNotFound
        return replace(moved, parent_id=leader.id, assignment=order.assignment or moved.assignment)
    return replace(moved, assignment=order.assignment) if order.assignment else moved


async def tell_reporters(
    case: Case, uow: UnitOfWork, services: Services, now: datetime, said: str = ""
) -> None:
    """A notice to the reporter and to everybody whose case follows this one, where an address may be kept. What the officer `said` with the
    move is for the case's own reporter alone."""
    words = services.reference.states[case.state]
    told = [(News.MOVED, case), *[(News.FOLLOWED, one) for one in await uow.cases.followers(case.id)]]
    for sentence, one in told:
        conversation = await uow.contacts.recipient(one.id)
        if conversation is None:
            continue
        text = services.reference.sentence(
            sentence, number=one.number, state=words.label, what_next=words.what_next
        )
        if said and one is case:
            text = f"{text}\n\n{services.reference.sentence('notice_words', text=said)}"
        notice = Notice(services.random.token_hex(16), one.id, conversation, sentence, text, now)
        await uow.outbox.add(notice)
