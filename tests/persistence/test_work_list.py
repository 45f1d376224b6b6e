"""The work list reads from indexes and from a search that runs as the owner: it must show exactly what the access module allows, in order."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from backend.cases.access import Officer, may_see
from backend.cases.case import Case
from backend.cases.workflow import KIND, Kind, State
from backend.persistence.database import Database
from backend.persistence.desk_scope import scope_of
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.persistence.sealing import normalised_words
from backend.persistence.tables import case_assignees
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.persistence.work_list import Wish
from backend.web.desk.list_wish import of_view
from tests.bench.seeding import POSITIONS, fill, position

pytestmark = pytest.mark.database

TODAY = datetime.now(UTC).date()
PAGE = 7
OFFICES = {one.agency for one in map(position, ("dpupr", "dishub", "dlh", "inspector"))}
# Whom cases are given by name besides.
GIVEN_TO = ("dishub", "dpupr", "inspector", "verifier")


async def nobody_comes() -> None:
    """No errand is left here."""


def desk(database: Database, officer: Officer) -> DeskUnitOfWork:
    return DeskUnitOfWork(database.desk, database.keys.vault, scope_of(officer), nobody_comes)


def has_words(text: str) -> Callable[[Case], bool]:
    wanted = normalised_words(text)
    return lambda case: (
        wanted <= normalised_words(f"{case.description} {case.place.text} {case.place.label or ''}")
    )


def in_states(wish: Wish) -> Callable[[Case], bool]:
    return lambda case: str(case.state) in wish.states


def wishes(officer: Officer) -> list[tuple[Wish, Callable[[Case], bool]]]:
    """What is asked, and what that means."""
    mine, late = of_view("mine", officer, TODAY), of_view("late", officer, TODAY)
    return [
        (Wish(), lambda case: True),
        (of_view("all", officer, TODAY), lambda case: case.state is not State.MERGED),
        (Wish(emergency=True), lambda case: case.emergency),
        (mine, in_states(mine)),
        (late, lambda case: in_states(late)(case) and case.due.on < TODAY),
        (Wish(closed=True), lambda case: KIND[case.state] is Kind.CLOSED),
        (replace(late, order="new"), lambda case: in_states(late)(case) and case.due.on < TODAY),
        (Wish(order="old"), lambda case: True),
        (Wish(issue="jalan_rusak"), lambda case: case.issue == "jalan_rusak"),
        (replace(mine, agency="dpupr-64.08"), lambda case: in_states(mine)(case) and case.assignment.agency == "dpupr-64.08"),
        (Wish(district="64.08.04"), lambda case: case.place.district_code == "64.08.04"),
        (Wish(text="jalan"), has_words("jalan")),
        (Wish(text="jalan rusak"), has_words("jalan rusak")),
        (replace(late, text="jalan"), lambda case: in_states(late)(case) and case.due.on < TODAY and has_words("jalan")(case)),
        (Wish(text="zzyzx"), lambda case: False),
        (Wish(text="?"), lambda case: False),
    ]  # fmt: skip


async def walked(uow: DeskUnitOfWork, wish: Wish) -> list[str]:
    """All pages, one after the other."""
    ids: list[str] = []
    more = True
    while more:
        rows, more = await uow.work_list.page(wish, PAGE)
        ids += [row.id for row in rows]
        for last in rows[-1:]:
            wish = replace(wish, after=(last.due_on if wish.order == "due" else last.filed_at, last.id))
    return ids


def of_every_kind(register: Sequence[Case]) -> list[str]:
    """Ids of a few cases of each kind of secrecy, office and regency: some that a position sees anyway, and some that it does not."""
    kinds: dict[tuple[object, ...], list[str]] = {}
    for case in register:
        lane = case.oversight or case.assignment.oversight_lane
        office = case.assignment.agency if case.assignment.agency in OFFICES else ""
        kinds.setdefault((lane, case.sensitive, office, case.desk), []).append(case.id)
    return [one for ids in kinds.values() for one in ids[:3]]


async def test_every_role_walks_through_what_it_may_see_and_nothing_else(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database, 600)
    async with SqlUnitOfWork(database.requests, database.keys.vault) as uow:
        register = await uow.cases.page(limit=1000)
        given = of_every_kind(register)
        rows = [{"case_id": one, "officer": position(name).id} for name in GIVEN_TO for one in given]
        await uow.transaction.connection.execute(sa.insert(case_assignees), rows)
        await uow.commit()
    for found_at_most in (2000, 3):  # words that are listed, and words that are too frequent for it
        monkeypatch.setattr("backend.persistence.work_list.FOUND_AT_MOST", found_at_most)
        for name, *_ in POSITIONS:
            officer = position(name)
            assigned = {one: frozenset({officer.id}) for one in given} if name in GIVEN_TO else {}
            view = [case for case in register if may_see(officer, case, assigned.get(case.id, frozenset()))]
            for wish, meant in wishes(officer):
                async with desk(database, officer) as uow:
                    expected = sorted(
                        ((case.due.on if wish.order == "due" else case.filed_at), case.id)
                        for case in view
                        if meant(case)
                    )
                    if wish.order == "new":
                        expected.reverse()
                    assert await walked(uow, wish) == [one for _, one in expected], (name, wish)
                    assert await uow.work_list.count(wish) == len(expected)


async def test_the_search_itself_returns_nothing_from_outside_the_scope(database: Database) -> None:
    """Whoever speaks to the database as the desk gets no more from the function than from the table."""
    await fill(database, 300)
    async with SqlUnitOfWork(database.requests, database.keys.vault) as uow:
        register = {case.id: case for case in await uow.cases.page(limit=1000)}
    sought = sa.text("SELECT teman_lapor.desk_found(:words, 10000)")
    words = database.keys.vault.words("jalan")
    for name, *_ in POSITIONS:
        async with database.desk_connection(scope_of(position(name))) as connection:
            ids = set(await connection.scalars(sought, {"words": words}))
        officer = position(name)
        assert ids == {
            one for one, case in register.items() if may_see(officer, case) and has_words("jalan")(case)
        }, name
    async with database.desk.connect() as connection:
        assert (await connection.scalars(sought, {"words": words})).all() == [], "no scope, nothing"
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.requests.connect() as connection:
            await connection.scalars(sought, {"words": words})


async def test_a_case_that_moves_is_found_where_it_is(database: Database) -> None:
    await fill(database, 200)
    dpupr, dlh = position("dpupr"), position("dlh")
    async with SqlUnitOfWork(database.requests, database.keys.vault) as uow:
        case = next(
            one for one in await uow.cases.page()
            if may_see(dpupr, one) and one.state in (State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED)
        )  # fmt: skip
        word = max(normalised_words(case.place.text), key=len)
        moved = replace(case.noted("reassigned", case.events[0].by, case.events[-1].at),
                        assignment=replace(case.assignment, agency="dlh-64.08"))  # fmt: skip
        await uow.cases.save(moved)
        await uow.commit()
    for officer, expected in ((dpupr, False), (dlh, True)):
        async with desk(database, officer) as uow:
            rows, _ = await uow.work_list.page(Wish(text=word), 500)
            assert (case.id in {row.id for row in rows}) is expected
