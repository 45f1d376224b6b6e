"""What the database itself refuses, whoever writes: illegal moves, edited history, rows beyond an officer's scope."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from backend.cases.case import Actor, Assignment, Case, Level
from backend.cases.workflow import MOVES, Mover, State
from backend.persistence import schema
from backend.persistence.database import Database
from backend.persistence.desk_scope import DeskScope
from backend.persistence.errors import DatabaseRefused
from backend.persistence.tables import SCHEMA, audit, case_history, cases, metadata
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.ports import AuditEntry
from tests.support.builders import NOW, a_case, digest, later

pytestmark = pytest.mark.database
DESK = Actor(Mover.DESK, "desk-1")
HOME = "64.08"


def open_uow(database: Database) -> SqlUnitOfWork:
    return SqlUnitOfWork(database.requests, database.keys.vault)


async def stored(database: Database, *many: Case) -> None:
    async with open_uow(database) as uow:
        for case in many:
            await uow.cases.add(case, digest(int(case.id, 16)))
        await uow.commit()


async def test_the_migrated_database_is_what_the_code_sees(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        options = {
            "include_schemas": True,
            "compare_server_default": True,
            "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
            "include_object": lambda _, name, kind, *__: name != "alembic_version",
        }
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))

    # With our schema as the default one Alembic would take its names for those of no schema.
    engine = replace(database.admin_address, search_path="pg_catalog").pool(1)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_the_moves_in_the_database_are_those_of_the_workflow(database: Database) -> None:
    async with database.requests.connect() as connection:
        rows = await connection.execute(sa.text(f"SELECT old_state, new_state FROM {SCHEMA}.case_moves"))
        assert {(row[0], row[1]) for row in rows} == {(str(move.old), str(move.new)) for move in MOVES}


@pytest.mark.parametrize("wanted", [State.RESOLVED, State.ANSWERED, State.REOPENED])
async def test_an_illegal_move_is_impossible(database: Database, wanted: State) -> None:
    case = a_case()
    await stored(database, case)
    forged = replace(case.noted("forged", DESK, NOW), state=wanted)
    event = replace(forged.events[-1], new=wanted)
    with pytest.raises(DBAPIError, match="no move from received"):
        async with open_uow(database) as uow:
            await uow.cases.save(replace(forged, events=(*case.events, event)))
            await uow.commit()


async def test_a_state_without_its_history_is_impossible(database: Database) -> None:
    await stored(database, a_case())
    with pytest.raises(DBAPIError, match="stands where its history ends"):
        async with database.requests.begin() as connection:
            await connection.execute(sa.update(cases).values(state="resolved"))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {s}.case_history SET what = 'lain'",
        "DELETE FROM {s}.case_history",
        "TRUNCATE {s}.case_history",
        "DELETE FROM {s}.cases",
        "UPDATE {s}.audit SET actor = 'lain'",
        "DELETE FROM {s}.audit",
    ],
)
async def test_what_has_happened_cannot_be_changed_even_by_the_owner(database: Database, sql: str) -> None:
    await stored(database, a_case())
    async with open_uow(database) as uow:
        await uow.audit.add(AuditEntry(NOW, "desk-1", "case_moved", a_case().id))
        await uow.commit()
    engine = database.admin_address.pool(1)
    for role in (None, schema.OWNER):
        with pytest.raises(DBAPIError, match="append-only|cannot truncate"):
            async with engine.begin() as connection:
                if role:
                    await connection.execute(sa.text(f"SET LOCAL ROLE {role}"))
                await connection.execute(sa.text(sql.format(s=SCHEMA)))
    await engine.dispose()


async def test_an_edited_audit_line_breaks_its_chain(database: Database) -> None:
    async with open_uow(database) as uow:
        for n in range(4):
            await uow.audit.add(AuditEntry(later(minutes=n), "desk-1", f"step_{n}", "c" * 32))
        await uow.audit.add(AuditEntry(NOW, "desk-2", "signed_in"))
        await uow.commit()
    engine = database.admin_address.pool(1)
    for forgery in (
        sa.update(audit).where(audit.c.seq == 2, audit.c.case_id.is_not(None)).values(actor="lain"),
        sa.delete(audit).where(audit.c.seq == 3),
    ):
        async with open_uow(database) as uow:
            assert await uow.audit.broken_chains() == ()
        async with engine.connect() as connection:
            await connection.execute(sa.text("SET session_replication_role = replica"))
            kept = (await connection.execute(sa.select(audit))).all()
            await connection.execute(forgery)
            await connection.commit()
            async with open_uow(database) as uow:
                assert await uow.audit.broken_chains() == (f"case:{'c' * 32}",)
            await connection.execute(sa.delete(audit))
            await connection.execute(sa.insert(audit), [dict(row._mapping) for row in kept])
            await connection.commit()
    await engine.dispose()


def of_agency(n: int, agency: str, **changes: object) -> Case:
    return a_case(n, assignment=Assignment(Level.REGENCY, agency, "", "r", 0.5), **changes)


async def seen(database: Database, scope: DeskScope) -> set[str]:
    async with database.desk_connection(scope) as connection:
        found = set(await connection.scalars(sa.select(cases.c.id)))
        for table in (case_history, audit):
            assert set(await connection.scalars(sa.select(table.c.case_id))) <= found
        return found


async def test_the_desk_sees_its_own_agency_and_sealed_cases_only_when_assigned(database: Database) -> None:
    own, other = of_agency(1, "dpupr-64.08"), of_agency(2, "dlh-64.08")
    sealed, secret = of_agency(3, "dpupr-64.08", sensitive=True), of_agency(4, "dpupr-64.08", oversight=True)
    await stored(database, own, other, sealed, secret)
    async with open_uow(database) as uow:
        for case in (own, other, sealed):
            await uow.audit.add(AuditEntry(NOW, "desk-1", "case_filed", case.id))
        await uow.commit()
    async with database.requests.begin() as connection:
        await connection.execute(
            sa.text(f"INSERT INTO {SCHEMA}.case_assignees VALUES (:id, 'petugas-1')"), {"id": sealed.id}
        )
    dpupr = frozenset({"dpupr-64.08"})
    assert await seen(database, DeskScope("petugas-2", HOME, dpupr)) == {own.id}
    assert await seen(database, DeskScope("petugas-1", HOME, dpupr)) == {own.id, sealed.id}
    assert await seen(database, DeskScope("inspektur", HOME, dpupr, "oversight")) == {own.id, secret.id}
    assert await seen(database, DeskScope("admin", HOME, frozenset({"*"}), "sensitive")) == {
        own.id,
        other.id,
        sealed.id,
    }
    assert await seen(database, DeskScope("admin", "62.10", frozenset({"*"}), "sensitive")) == set()
    assert await seen(database, DeskScope("induk", HOME, frozenset({"*"}))) == {own.id, other.id}
    assert await seen(database, DeskScope("siapa", HOME, frozenset())) == set()


async def test_without_a_scope_the_desk_sees_nothing_also_after_a_scope(database: Database) -> None:
    await stored(database, a_case())
    await seen(database, DeskScope("induk", HOME, frozenset({"*"})))
    async with database.desk.connect() as connection:
        for _ in range(3):
            assert await connection.scalar(sa.select(sa.func.count()).select_from(cases)) == 0
            assert await connection.scalar(sa.select(sa.func.count()).select_from(case_history)) == 0


async def test_the_desk_cannot_change_what_it_cannot_see(database: Database) -> None:
    await stored(database, of_agency(1, "dpupr-64.08"), of_agency(2, "dlh-64.08"))
    async with database.desk_connection(DeskScope("p", HOME, frozenset({"dlh-64.08"}))) as connection:
        done = await connection.execute(sa.update(cases).values(rating=1))
        assert done.rowcount == 1
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.desk_connection(DeskScope("p", HOME, frozenset({"dlh-64.08"}))) as connection:
            line = {"seq": 2, "what": "x", "old_state": "received", "new_state": "received", "at": NOW}
            rest = {"by_kind": "desk", "by_id": "p", "previous": b"", "link": b""}
            await connection.execute(sa.insert(case_history).values(case_id=a_case(1).id, **line, **rest))


async def test_the_desk_may_give_a_case_away(database: Database) -> None:
    case = of_agency(1, "dpupr-64.08")
    await stored(database, case)
    async with database.desk_connection(DeskScope("p", HOME, frozenset({"dpupr-64.08"}))) as connection:
        done = await connection.execute(sa.update(cases).values(agency="dlh-64.08"))
        assert done.rowcount == 1
    assert await seen(database, DeskScope("p", HOME, frozenset({"dpupr-64.08"}))) == set()


@pytest.mark.parametrize(
    "table", ["conversations", "contacts", "case_contacts", "inbox", "outbox", "review_items"]
)
async def test_the_desk_has_no_way_to_conversations_and_contacts(database: Database, table: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.desk_connection(
            DeskScope("induk", HOME, frozenset({"*"}), "oversight")
        ) as connection:
            await connection.execute(sa.text(f"SELECT * FROM {SCHEMA}.{table}"))


async def test_every_table_forces_row_level_security(database: Database) -> None:
    async with database.requests.connect() as connection:
        rows = await connection.execute(
            sa.text(
                "SELECT relname FROM pg_class WHERE relnamespace = CAST(:s AS regnamespace) AND relkind = 'r' "
                "AND NOT (relrowsecurity AND relforcerowsecurity) AND relname <> 'alembic_version'"
            ),
            {"s": SCHEMA},
        )
        assert rows.all() == []


async def test_a_forgetful_or_old_server_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = database.admin_address.pool(1)
    async with engine.connect() as connection:
        await schema.check_server(connection)
        await connection.execute(sa.text("SET synchronous_commit = off"))
        with pytest.raises(DatabaseRefused, match="synchronous_commit is off"):
            await schema.check_server(connection)
        await connection.execute(sa.text("SET synchronous_commit = on"))
        monkeypatch.setattr(schema, "OLDEST_SERVER", 990000)
        with pytest.raises(DatabaseRefused, match="newer is needed"):
            await schema.check_server(connection)
    await engine.dispose()


async def test_a_newer_schema_is_refused_and_migrating_twice_is_nothing(database: Database) -> None:
    engine = database.admin_address.pool(1)
    async with engine.begin() as connection:
        await schema.migrate(connection)
    async with engine.begin() as connection:
        await connection.execute(sa.text(f"UPDATE {SCHEMA}.alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseRefused, match="newer"):
        async with engine.begin() as connection:
            await schema.migrate(connection)
    await engine.dispose()
