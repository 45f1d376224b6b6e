"""A learner is dealt invented cases by the same filing and the same moves as real ones, in a database that holds nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from backend.cases.access import Officer, Role
from backend.cases.case import Actor, Assignment, Case
from backend.cases.practice import Grade, Task, graded
from backend.cases.workflow import Mover, State
from backend.usecases.drafts import place_data, read_draft
from backend.usecases.file_complaint import file_complaint
from backend.usecases.move_case import MoveOrder, move_case
from backend.usecases.ports import Author, UnitOfWork
from backend.usecases.services import Services

TRAINER = "latihan"
CHANNEL = "web"


def draft_id_of(task: Task, officer: Officer, part: str = "") -> str:
    """Each learner has one case of each task; dealing twice deals the same."""
    return hashlib.sha256(f"practice:{officer.id}:{task.id}:{part}".encode()).hexdigest()[:32]


async def deal(
    tasks: Iterable[Task],
    officer: Officer,
    conversation: str,
    uow: UnitOfWork,
    services: Services,
    now: datetime,
) -> None:
    """The learner's cases exist afterwards, each where its task begins."""
    for task in tasks:
        case = await _filed(task, task.words, officer, "", conversation, uow, services, now)
        if task.twin:
            await _filed(task, task.twin, officer, "twin", conversation, uow, services, now)
        if officer.role is Role.AGENCY and case.state is State.RECEIVED and officer.agency:
            await _hand_to_office(case, officer.agency, uow, services, now)


async def _filed(
    task: Task,
    words: str,
    officer: Officer,
    part: str,
    conversation: str,
    uow: UnitOfWork,
    services: Services,
    now: datetime,
) -> Case:
    found = services.places.by_text(task.place, services.home) if task.place else None
    draft = {
        "draft_id": draft_id_of(task, officer, part),
        "report_class": "complaint",
        "issue": task.issue,
        "description": words,
        "place": place_data(found.place) if found and found.place else {"text": task.place},
        "identity_level": "open",
    }
    return (await file_complaint(read_draft(draft), conversation, CHANNEL, uow, services, now)).case


async def _hand_to_office(
    case: Case, agency: str, uow: UnitOfWork, services: Services, now: datetime
) -> None:
    """As the desk would have done it before the office saw it."""
    trainer, reason = Actor(Mover.DESK, TRAINER), case.assignment.reason
    taken = await move_case(
        MoveOrder(case.id, case.version, State.IN_VERIFICATION, trainer), uow, services, now
    )
    office = Assignment(case.assignment.level, agency, reason, TRAINER, 1.0)
    order = MoveOrder(case.id, taken.version, State.ASSIGNED, trainer, assignment=office)
    await move_case(order, uow, services, now)


async def progress(
    tasks: Iterable[Task], officer: Officer, uow: UnitOfWork
) -> list[tuple[Task, Case, Case | None, Grade]]:
    """Task, its case, the case it doubles, and how it went; tasks that were never dealt are left out."""
    found = []
    for task in tasks:
        case = await uow.cases.by_draft_id(draft_id_of(task, officer))
        if case is None:
            continue
        twin = await uow.cases.by_draft_id(draft_id_of(task, officer, "twin")) if task.twin else None
        thread = await uow.thread.of_case(case.id)
        replied = any(one.author is Author.OFFICER for one in thread)
        found.append((task, case, twin, graded(task, case, officer.id, has_replied=replied)))
    return found
