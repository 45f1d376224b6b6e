"""A database filled for the benches is one that the product could have written."""

import pytest
import sqlalchemy as sa

from backend.persistence.anchor_file import AnchorFile
from backend.persistence.audit_check import check
from backend.persistence.database import Database
from backend.persistence.desk_scope import scope_of
from backend.persistence.tables import cases
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.web.desk.list_wish import NUMBER
from tests.bench.invented import number_of
from tests.bench.seeding import fill, position

pytestmark = pytest.mark.database


async def test_every_case_opens_and_every_chain_holds(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await fill(database, 150)
    async with SqlUnitOfWork(database.requests, database.keys.vault) as uow:
        found = await uow.cases.page(limit=200)
        assert len(found) == 150
        for case in found:
            assert case.description and case.state is case.events[-1].new
            thread = await uow.thread.of_case(case.id)
            assert {said.text for said in thread} == {event.public_note for event in case.events} - {""}
            assert bool(case.parent_id) == (case.state == "merged")
        file = AnchorFile(tmp_path_factory.mktemp("audit"), database.keys.vault)
        checked = await check(uow.transaction.connection, database.keys.vault, file)
        assert (checked.findings, checked.n_chains) == ([], 150)
    async with database.desk_connection(scope_of(position("dpupr"))) as desk:
        seen = set((await desk.execute(sa.select(cases.c.agency, cases.c.sensitive))).all())
        assert seen == {("dpupr-64.08", False)}
        assert await desk.scalar(
            sa.text("SELECT count(*) FROM teman_lapor.case_figures WHERE closed_at < now()")
        )
    indexes = "SELECT count(*) FROM pg_indexes WHERE schemaname = 'teman_lapor'"
    async with database.requests.connect() as connection:
        assert int((await connection.execute(sa.text(indexes))).scalar_one()) > 50


async def test_a_database_is_filled_further_and_no_two_numbers_are_alike(database: Database) -> None:
    for n in (20, 30):
        await fill(database, n, processes=1)
    async with database.requests.connect() as connection:
        assert await connection.scalar(sa.select(sa.func.count(cases.c.number.distinct()))) == 50


def test_a_million_numbers_are_all_different() -> None:
    some = [number_of(nth) for nth in range(0, 2_000_000, 7)]
    assert len(set(some)) == len(some) and all(NUMBER.fullmatch(one) for one in some[:1000])
