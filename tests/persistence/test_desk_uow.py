"""An officer's transaction: the ordinary repositories work within the scope; what leaves it is finished first; notices reach the
reporter without the desk ever touching a conversation."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from backend.cases.access import ACTS, Act, Officer, Role
from backend.cases.case import Actor, Assignment, Case, IdentityLevel, Level
from backend.cases.workflow import State
from backend.persistence.conversation_rows import ConversationRows
from backend.persistence.database import Database
from backend.persistence.desk_scope import scope_of
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.persistence.errands import SqlErrands
from backend.persistence.tables import case_contacts, dead_letters, errands, officers, outbox
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.ports import AuditEntry, Author, News, Notice, ReviewItem, ThreadMessage
from tests.support.builders import NOW, a_case, digest

pytestmark = pytest.mark.database

ADMIN = Officer("a" * 32, "Admin induk", Role.ADMIN, "64.08")
OFFICE = Officer("b" * 32, "Narahubung Dishub", Role.AGENCY, "64.08", "dishub-64.08")


async def nobody_comes() -> None:
    """Errands wait for the test."""


def desk(database: Database, officer: Officer) -> DeskUnitOfWork:
    return DeskUnitOfWork(database.desk, database.keys.vault, scope_of(officer), nobody_comes)


def app(database: Database) -> SqlUnitOfWork:
    return SqlUnitOfWork(database.requests, database.keys.vault)


async def stored(database: Database, *cases: Case) -> None:
    async with app(database) as uow:
        for case in cases:
            await uow.cases.add(case, digest(int(case.id, 16)))
        await uow.commit()


def given_away(case: Case, agency: str = "dlh-64.08") -> Case:
    return case.reassigned(
        Assignment(Level.REGENCY, agency, "", "r", 1.0), Actor(OFFICE.mover, OFFICE.id), NOW
    )


async def test_a_case_is_given_away_and_its_change_is_finished(database: Database) -> None:
    case = a_case(state=State.IN_VERIFICATION)
    await stored(database, case)
    async with desk(database, OFFICE) as uow:
        found = await uow.cases.by_id(case.id)
        assert found is not None
        await uow.cases.save(given_away(found))
        await uow.thread.add(ThreadMessage("1" * 32, case.id, Author.OFFICER, "kami teruskan", NOW))
        await uow.audit.add(AuditEntry(NOW, OFFICE.id, "case_moved", case.id))
        await uow.audit.add(AuditEntry(NOW, OFFICE.id, "looked"))
        await uow.audit.add(AuditEntry(NOW, OFFICE.id, "looked"))
        await uow.outbox.add(Notice("2" * 32, case.id, case.id, News.MOVED, "pindah", NOW))
        await uow.commit()
    async with desk(database, OFFICE) as uow:
        assert await uow.cases.by_id(case.id) is None
        assert await uow.thread.of_case(case.id) == ()
    async with desk(database, ADMIN) as uow:
        moved = await uow.cases.by_id(case.id)
        assert moved is not None and moved.assignment.agency == "dlh-64.08"
        assert [entry.actor for entry in await uow.audit.of_case(case.id)] == [OFFICE.id]
    async with app(database) as uow:
        assert await uow.audit.broken_chains() == ()


async def test_only_what_could_be_seen_is_held(database: Database) -> None:
    foreign = a_case(assignment=Assignment(Level.REGENCY, "dlh-64.08", "", "r", 1.0))
    await stored(database, foreign)
    attempts = (
        lambda uow: uow.cases.save(given_away(foreign, "dishub-64.08")),
        lambda uow: uow.assignees.add(foreign.id, OFFICE.id),
        lambda uow: uow.audit.add(AuditEntry(NOW, OFFICE.id, "read", foreign.id)),
        lambda uow: uow.audit.add(AuditEntry(NOW, ADMIN.id, "forged")),
        lambda uow: uow.outbox.add(Notice("2" * 32, foreign.id, foreign.id, News.MOVED, "x", NOW)),
    )
    for attempt in attempts:
        with pytest.raises(Exception, match=r"row-level security|Stale|case|" + foreign.id):
            async with desk(database, OFFICE) as uow:
                await attempt(uow)
                await uow.commit()
    async with app(database) as uow:
        assert await uow.cases.by_id(foreign.id) == foreign
        assert await uow.audit.of_case(foreign.id) == ()


async def test_who_is_assigned_by_name_sees_a_sealed_case_until_it_is_taken_away(database: Database) -> None:
    case = a_case(sensitive=True)
    await stored(database, case)
    async with desk(database, OFFICE) as uow:
        assert await uow.cases.by_id(case.id) is None
    async with desk(database, ADMIN) as uow:
        await uow.assignees.add(case.id, OFFICE.id)
        await uow.commit()
    async with desk(database, OFFICE) as uow:
        assert await uow.cases.by_id(case.id) is not None
        assert await uow.assignees.of_case(case.id) == {OFFICE.id}
    async with desk(database, ADMIN) as uow:
        await uow.assignees.remove(case.id, OFFICE.id)
        await uow.commit()
    async with desk(database, OFFICE) as uow:
        assert await uow.cases.by_id(case.id) is None


async def test_a_notice_reaches_the_conversation_and_a_lesson_the_reviewers(database: Database) -> None:
    case = a_case(state=State.IN_VERIFICATION)
    async with app(database) as uow:
        await uow.cases.add(case, digest(1))
        conversation = await ConversationRows(uow.transaction).open("web", "seseorang", None, NOW)
        await uow.contacts.link(case.id, conversation)
        await uow.commit()
    async with desk(database, OFFICE) as uow:
        assert await uow.contacts.recipient(case.id) == case.id, "the desk learns of no conversation"
        await uow.cases.save(case.noted("noted", Actor(OFFICE.mover, OFFICE.id), NOW))
        await uow.outbox.add(Notice("2" * 32, case.id, case.id, News.MOVED, "kabar", NOW))
        item = ReviewItem("3" * 32, "lampu mati", "officer_changed", "keluhan", "lampu_jalan", 1.0, NOW)
        await uow.review.add_of_case(case.id, replace(item, ranking=(("keluhan", 0.4),), source="work"))
        await uow.commit()
    done = []
    for _ in range(3):
        async with app(database) as uow:
            done.append(await SqlErrands(uow.transaction).do_one(NOW))
            await uow.commit()
    assert sorted(map(str, done)) == sorted(
        [str((True, conversation)), str((True, None)), str((False, None))]
    )
    async with app(database) as uow:
        (told,) = await uow.outbox.history(conversation, 0)
        assert told.body["text"] == "kabar"
        (waiting,) = await uow.review.pending()
        assert (waiting.text, waiting.ranking) == ("lampu mati", (("keluhan", 0.4),))


async def test_an_anonymous_reporter_is_sent_nothing(database: Database) -> None:
    case = a_case(identity_level=IdentityLevel.ANONYMOUS)
    await stored(database, case)
    async with desk(database, OFFICE) as uow:
        assert await uow.contacts.recipient(case.id) is None


@pytest.mark.parametrize("table", [case_contacts, outbox, errands, dead_letters])
async def test_the_desk_reads_nobody(database: Database, table: sa.Table) -> None:
    async with desk(database, ADMIN) as uow:
        with pytest.raises(DBAPIError, match="permission denied"):
            await uow.transaction.connection.execute(sa.select(table))


@pytest.mark.parametrize("column", ["password_hash", "totp", "recovery", "invite", "login"])
async def test_the_desk_reads_titles_but_nothing_that_lets_one_in(database: Database, column: str) -> None:
    async with desk(database, ADMIN) as uow:
        with pytest.raises(DBAPIError, match="permission denied"):
            await uow.transaction.connection.execute(sa.select(officers.c[column]))


async def test_a_role_without_cases_sees_none(database: Database) -> None:
    await stored(database, a_case())
    for role in Role:
        officer = Officer("c" * 32, "x", role, "64.08", "dishub-64.08")
        async with desk(database, officer) as uow:
            expected = Act.SEE_CASES in ACTS[role]
            assert (await uow.cases.by_id(a_case().id) is not None) is expected, role


async def test_the_scope_ends_with_the_transaction(database: Database) -> None:
    await stored(database, a_case())
    async with desk(database, ADMIN) as uow:
        assert await uow.cases.by_id(a_case().id) is not None
        await uow.commit()
        assert await uow.cases.by_id(a_case().id) is None
