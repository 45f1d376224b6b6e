"""Officers say that two reports are one matter, and may take it back: each reporter keeps an own code and hears of everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backend.cases.bulk import may_follow
from backend.cases.case import Actor, Case
from backend.cases.errors import CaseNotFound
from backend.cases.workflow import State
from backend.usecases.move_case import MoveOrder, move_case
from backend.usecases.ports import AuditEntry, UnitOfWork
from backend.usecases.services import Services

HANDED_OVER, HANDED_BACK = "follows_other", "follows_again"


@dataclass(frozen=True)
class Seen:
    """A case in the version that the officer saw."""

    case_id: str
    version: int


async def merge_cases(
    leader_id: str,
    doubles: Sequence[Seen],
    by: Actor,
    reason: str,
    uow: UnitOfWork,
    services: Services,
    now: datetime,
) -> tuple[Case, ...]:
    """The doubles, now following the leader; cases that followed a double follow the leader, too. All or none.

    Raises:
        CaseNotFound: the leader follows another case, is a double itself, or belongs to another desk or kind of secrecy.
        MoveRefused, ReasonMissing, StaleCase: as for any move.
    """
    leader = await uow.cases.by_id(leader_id)
    if leader is None or leader.parent_id:
        raise CaseNotFound
    merged = []
    for seen in doubles:
        double = await uow.cases.by_id(seen.case_id)
        if double is None or not may_follow(double, leader):
            raise CaseNotFound
        # The leader's office, so that whoever moves the leader sees, and tells, all who follow.
        order = MoveOrder(
            double.id,
            seen.version,
            State.MERGED,
            by,
            reason,
            assignment=leader.assignment,
            parent_id=leader.id,
        )
        merged.append(await move_case(order, uow, services, now))
        await _hand_over(double, leader, by, uow, now)
    return tuple(merged)


async def split_case(
    seen: Seen, by: Actor, reason: str, uow: UnitOfWork, services: Services, now: datetime
) -> Case:
    """The case on its own again, in verification, with the followers that it brought into the merger. Raises like a move."""
    before = await uow.cases.by_id(seen.case_id)
    if before is None or before.parent_id is None:
        raise CaseNotFound
    order = MoveOrder(before.id, seen.version, State.IN_VERIFICATION, by, reason)
    alone = await move_case(order, uow, services, now)
    for follower in await uow.cases.followers(before.parent_id):
        if _came_with(follower, alone):
            await _point(follower, alone, HANDED_BACK, by, uow, now, note=alone.number)
    return alone


def _came_with(follower: Case, former: Case) -> bool:
    """Whether the follower got to its present leader by way of this case: hand-overs pile up until it is merged anew."""
    way: list[str] = []
    for event in follower.events:
        if event.what == HANDED_OVER:
            way.append(event.private_note)
        elif event.what == HANDED_BACK:
            way = way[: way.index(event.private_note)]
        elif event.old is not event.new:
            way.clear()
    return former.number in way


async def _hand_over(double: Case, leader: Case, by: Actor, uow: UnitOfWork, now: datetime) -> None:
    for follower in await uow.cases.followers(double.id):
        await _point(follower, leader, HANDED_OVER, by, uow, now, note=double.number)


async def _point(
    follower: Case, leader: Case, what: str, by: Actor, uow: UnitOfWork, now: datetime, note: str
) -> None:
    changed = replace(follower.noted(what, by, now, private_note=note), parent_id=leader.id)
    await uow.cases.save(changed)
    await uow.audit.add(AuditEntry(now, by.id or by.kind, what, follower.id, "", {"leader": leader.number}))
