"""Merging and splitting: reversible to the last follower, refused as a whole, told to every reporter."""

from collections.abc import Sequence

import pytest

from backend.cases.case import Actor, Case
from backend.cases.errors import CaseNotFound, MoveRefused, ReasonMissing, StaleCase
from backend.cases.workflow import Mover, State
from backend.usecases.merge_cases import Seen, merge_cases, split_case
from tests.support.builders import draft_data, later
from tests.usecases.conftest import Town

DESK = Actor(Mover.DESK, "verifier-1")
AGENCY = Actor(Mover.AGENCY, "dishub-1")


async def filed(town: Town, n: int, **changes: object) -> Case:
    await town.effect("file_complaint", draft_data(n, **changes), who=f"talk-{n}")
    return await town.worked_on(State.IN_VERIFICATION)


async def merged(
    town: Town, leader: Case, doubles: Sequence[Case], by: Actor = DESK, reason: str = "tempatnya sama"
) -> None:
    async with town.open_uow() as uow:
        seen = [Seen(one.id, town.store.cases[one.id].version) for one in doubles]
        await merge_cases(leader.id, seen, by, reason, uow, town.services, later(hours=2))
        await uow.commit()


async def split(town: Town, case: Case, reason: str = "ternyata lain") -> None:
    async with town.open_uow() as uow:
        seen = Seen(case.id, town.store.cases[case.id].version)
        await split_case(seen, DESK, reason, uow, town.services, later(hours=3))
        await uow.commit()


def leaders(town: Town, *cases: Case) -> list[str | None]:
    return [town.store.cases[one.id].parent_id for one in cases]


async def test_doubles_follow_the_leader_and_their_reporters_hear_of_it(town: Town) -> None:
    leader, first, second = [await filed(town, n) for n in (1, 2, 3)]
    town.store.notices.clear()
    await merged(town, leader, [first, second])
    assert leaders(town, leader, first, second) == [None, leader.id, leader.id]
    assert {notice.conversation for notice in town.store.notices} == {"talk-2", "talk-3"}
    assert town.store.cases[first.id].state is State.MERGED
    assert [event.public_note for event in town.store.cases[first.id].events][-1] == "tempatnya sama"


async def test_splitting_takes_it_all_back(town: Town) -> None:
    leader, double = [await filed(town, n) for n in (1, 2)]
    await merged(town, leader, [double])
    await split(town, double)
    after = town.store.cases[double.id]
    assert (after.parent_id, after.state) == (None, State.IN_VERIFICATION)
    assert after.assignment == double.assignment
    assert after.events[: len(double.events)] == double.events
    await merged(town, leader, [double])
    assert leaders(town, double) == [leader.id]


async def test_followers_go_along_and_come_back(town: Town) -> None:
    leader, double, follower, other = [await filed(town, n) for n in (1, 2, 3, 4)]
    await merged(town, double, [follower])
    await merged(town, leader, [other])
    await merged(town, leader, [double])
    assert leaders(town, double, follower, other) == [leader.id] * 3
    await split(town, double)
    assert leaders(town, double, follower, other) == [None, double.id, leader.id]
    assert {"follows_other", "follows_again"} <= {entry.action for entry in town.store.audit}


async def test_a_follower_that_was_split_off_is_not_taken_along_again(town: Town) -> None:
    leader, double, follower = [await filed(town, n) for n in (1, 2, 3)]
    await merged(town, double, [follower])
    await merged(town, leader, [double])
    await split(town, follower)
    await merged(town, leader, [follower])
    await split(town, double)
    assert leaders(town, follower) == [leader.id]


async def test_a_merger_of_mergers_comes_apart_in_any_order(town: Town) -> None:
    top, middle, double, follower = [await filed(town, n) for n in (1, 2, 3, 4)]
    await merged(town, double, [follower])
    await merged(town, middle, [double])
    await merged(town, top, [middle])
    assert leaders(town, middle, double, follower) == [top.id] * 3
    await split(town, double)
    assert leaders(town, middle, double, follower) == [top.id, None, double.id]
    await split(town, middle)
    assert leaders(town, middle, double, follower) == [None, None, double.id]


async def test_one_refusal_merges_nothing(town: Town) -> None:
    leader, good, bad = [await filed(town, n) for n in (1, 2, 3)]
    town.put(town.store.cases[bad.id], state=State.WITHDRAWN)
    with pytest.raises(MoveRefused):
        await merged(town, leader, [good, bad])
    assert leaders(town, good, bad) == [None, None]


async def test_only_the_desk_merges_and_says_why(town: Town) -> None:
    leader, double = [await filed(town, n) for n in (1, 2)]
    with pytest.raises(MoveRefused):
        await merged(town, leader, [double], by=AGENCY)
    with pytest.raises(ReasonMissing):
        await merged(town, leader, [double], reason=" ")
    assert leaders(town, double) == [None]


async def test_what_the_officer_saw_must_still_be_so(town: Town) -> None:
    leader, double = [await filed(town, n) for n in (1, 2)]
    async with town.open_uow() as uow:
        with pytest.raises(StaleCase):
            await merge_cases(
                leader.id, [Seen(double.id, 1)], DESK, "sama", uow, town.services, later(hours=2)
            )


async def test_no_case_follows_itself_a_follower_or_a_stranger(town: Town) -> None:
    leader, double, third = [await filed(town, n) for n in (1, 2, 3)]
    await merged(town, leader, [double])
    sealed = await filed(town, 4, issue="korupsi_pungli", oversight=True, sensitive=True)
    for wanted, doubles in ((leader, [leader]), (double, [third]), (leader, [sealed])):
        with pytest.raises(CaseNotFound):
            await merged(town, wanted, doubles)
    with pytest.raises(CaseNotFound):
        await split(town, third)


async def test_a_double_goes_to_the_office_of_its_leader(town: Town) -> None:
    """Whoever works on the leader then sees all who follow, and they hear of every step."""
    leader = await filed(town, 1)
    double = await filed(town, 2, issue="jalan_rusak", attributes={"road_status": "kabupaten"})
    assert double.assignment.agency != leader.assignment.agency
    await merged(town, leader, [double])
    assert town.store.cases[double.id].assignment.agency == leader.assignment.agency


async def test_a_sensitive_matter_follows_no_ordinary_one(town: Town) -> None:
    leader = await filed(town, 1)
    double = await filed(town, 2, sensitive=True)
    with pytest.raises(CaseNotFound):
        await merged(town, leader, [double])
