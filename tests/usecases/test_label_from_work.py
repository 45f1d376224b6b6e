"""What officers do leaves candidates for reviewers, never of secret cases."""

from dataclasses import replace

import pytest

from backend.cases.access import Officer, Role
from backend.cases.case import IdentityLevel
from backend.cases.errors import DraftInvalid, StaleCase
from backend.cases.workflow import State
from backend.usecases.correct_issue import correct_issue
from backend.usecases.label_from_work import label_from_work
from tests.support.builders import NOW, a_case
from tests.support.fakes import FakeUnitOfWork, Store, services


async def left(**changes: object) -> list[tuple[str, str, str]]:
    """(reason, guess of the engine, first label) of what waits after a case with these `changes` went to another office."""
    before = replace(a_case(), **changes)  # type: ignore[arg-type]
    after = replace(
        before, issue="sampah", assignment=replace(before.assignment, agency="dlh"), state=State.ASSIGNED
    )
    return await waiting(before, after)


async def waiting(before, after) -> list[tuple[str, str, str]]:  # type: ignore[no-untyped-def]
    async with FakeUnitOfWork(Store()) as uow:
        await label_from_work(before, after, uow, NOW)
        items = await uow.review.pending()
    return [(one.reason, one.issue or "", one.ranking[0][0]) for one in items]


async def test_a_case_given_to_another_office_is_a_candidate() -> None:
    (found,) = await left(issue="jalan_rusak")
    assert found == ("officer_changed", "jalan_rusak", "keluhan/sampah")


@pytest.mark.parametrize(
    "secret",
    [{"identity_level": IdentityLevel.ANONYMOUS}, {"identity_level": IdentityLevel.CONFIDENTIAL}]
    + [{"sensitive": True}, {"oversight": True}],
    ids=str,
)
async def test_of_a_secret_case_nothing_is_taken(secret: dict[str, object]) -> None:
    assert await left(**secret) == []


async def test_a_reopened_case_is_a_candidate() -> None:
    case = a_case()
    assert [one[0] for one in await waiting(case, replace(case, state=State.REOPENED))] == ["reopened"]


async def test_an_ordinary_move_leaves_nothing() -> None:
    case = a_case()
    assert await waiting(case, replace(case, state=State.IN_PROGRESS)) == []


async def test_what_is_not_ours_is_a_candidate() -> None:
    case = a_case()
    (found,) = await waiting(case, replace(case, state=State.REFERRED_OUTSIDE))
    assert found[0] == "not_ours"


OFFICER = Officer("o1", Role.VERIFIER, "Verifikator", "64.08", None)


async def test_an_officer_puts_the_issue_right_and_a_candidate_waits() -> None:
    async with FakeUnitOfWork(Store()) as uow:
        case = a_case()
        await uow.cases.add(case, b"d" * 32)
        changed = await correct_issue(case, "sampah", case.version, OFFICER, uow, services(), NOW)
        assert (changed.issue, changed.state, changed.due, changed.assignment) == (
            "sampah",
            case.state,
            case.due,
            case.assignment,
        )
        (item,) = await uow.review.pending()
        assert (item.reason, item.ranking[0][0], item.talk) == ("officer_changed", "keluhan/sampah", case.id)
        with pytest.raises(StaleCase):
            await correct_issue(changed, "jalan_rusak", case.version, OFFICER, uow, services(), NOW)
        with pytest.raises(DraftInvalid):
            await correct_issue(changed, "tidak_ada", changed.version, OFFICER, uow, services(), NOW)
        same = await correct_issue(changed, "sampah", changed.version, OFFICER, uow, services(), NOW)
        assert same is changed
