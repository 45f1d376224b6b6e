"""Fill a database with a hundred thousand or a million invented cases, as the product would have written them: real schema,
roles and row-level security; every case sealed under a key of its own, with history, thread, audit, alerts and word index.

From the command line, into a data folder that the product then runs on (its own PostgreSQL; stop nothing, it stops by itself):

    .venv/backend/bin/python -m tests.bench.seeding --cases 100000 --data /tmp/full
    TEMAN_LAPOR_DATA=/tmp/full make run

From a bench or a test, into any open `Database` whose administrator is a superuser (the embedded server's is):

    await fill(database, 100_000)                     # or
    async with full_database(server, 100_000) as database: ...

Costs about a millisecond of processor time a case (so some 15 minutes for a million on two free cores) and 6.4 GB of disk a million.
Triggers and indexes are off while rows come in (nobody else may use the database then), and the statistics are fresh afterwards.
Positions are `POSITIONS`; their ids are fixed, so a bench can open a session for `position("admin")`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from backend.cases.access import Officer, Role
from backend.persistence.accounts import Accounts
from backend.persistence.columns import SCHEMA
from backend.persistence.connecting import Address
from backend.persistence.database import Database
from backend.persistence.officer_rows import Holder
from backend.persistence.sealing import Vault
from backend.places import service as places
from backend.reference import loader
from backend.settings import Settings
from tests.bench.invented import Inventor
from tests.bench.processes import ROOT
from tests.bench.seeded_rows import Rows
from tests.support.database import TestServer

CHUNK = 5_000
VERSIONS = ROOT / "backend" / "persistence" / "migrations" / "versions"
HOLDER = Holder("Pemegang Contoh", "SK-BENCH", date(2035, 12, 31))
# Whoever has an id here moved the cases; the benches sign in as them.
POSITIONS = (
    ("admin", Role.ADMIN, "64.08", None),
    ("verifier", Role.VERIFIER, "64.08", None),
    ("verifier-62.02", Role.VERIFIER, "62.02", None),
    ("verifier-62.10", Role.VERIFIER, "62.10", None),
    ("dpupr", Role.AGENCY, "64.08", "dpupr-64.08"),
    ("dishub", Role.AGENCY, "64.08", "dishub-64.08"),
    ("dlh", Role.AGENCY, "64.08", "dlh-64.08"),
    ("liaison", Role.LIAISON, "64.08", "dpupr-64.08"),
    ("inspector", Role.INSPECTOR, "64.08", "inspektorat-64.08"),
    ("leader", Role.LEADER, "64.08", None),
    ("auditor", Role.AUDITOR, "64.08", None),
)


def position(name: str) -> Officer:
    """A position of the filled database."""
    role, desk, agency = next((one[1], one[2], one[3]) for one in POSITIONS if one[0] == name)
    return Officer(name.encode().hex().ljust(32, "0"), f"Jabatan {name}", role, desk, agency)


@dataclass(frozen=True)
class Job:
    """What one process is given: where to write, with which keys, and which part: `n` cases of `n_all`, with `first` before them."""

    address: Address
    vault: Vault
    seed: int
    first: int
    n: int
    n_all: int
    now: datetime
    data: Path


async def fill(database: Database, n: int, *, seed: int = 7, processes: int | None = None) -> None:
    """`n` cases more; the positions are there afterwards, too."""
    await _positions(database)
    admin = await database.admin_address.connect(timeout=60)
    await admin.execute("SET statement_timeout = 0")
    try:
        made_again = await _without_indexes(admin)
        try:
            first = int(await admin.fetchval(f"SELECT count(*) FROM {SCHEMA}.cases"))
            jobs = _jobs(database, n, seed * 1_000_003, first)
            await asyncio.to_thread(_in_processes, jobs, processes or os.cpu_count() or 1)
            await _catch_up(admin)
        finally:
            for statement in made_again:
                await admin.execute(statement)
        # A trigger writes the row of a case when it is filed: they lie in that order.
        await admin.execute(f"CLUSTER {SCHEMA}.case_figures USING case_figures_filed_idx")
        await admin.execute("VACUUM (ANALYZE)")
    finally:
        await admin.close()


async def _catch_up(admin: Any) -> None:
    """What triggers would have kept, as the migration that made it fills it; and anchors begin now, not three years ago."""
    await admin.execute(f"SET search_path = {SCHEMA}")
    figures = (VERSIONS / "0050_figures.sql").read_text(encoding="utf-8").split("\n\n")
    (statement,) = [one for one in figures if one.startswith("INSERT INTO case_figures")]
    await admin.execute(f"{statement.strip().rstrip(';')} ON CONFLICT DO NOTHING")
    await admin.execute(
        "INSERT INTO audit_anchor (one, n, link, upto) VALUES (true, 0, '', now() + interval '10 minutes')"
        " ON CONFLICT DO NOTHING"
    )


def _jobs(database: Database, n: int, seed: int, first: int) -> list[Job]:
    now, vault = datetime.now(UTC).replace(microsecond=0), database.keys.vault
    return [
        Job(
            database.admin_address,
            vault,
            seed + first + at,
            first + at,
            min(CHUNK, n - at),
            first + n,
            now,
            Path(),
        )
        for at in range(0, n, CHUNK)
    ]


@asynccontextmanager
async def full_database(server: TestServer, n: int) -> AsyncIterator[Database]:
    """A database of its own with `n` cases on a running test server; dropped afterwards."""
    name, database = await server.fresh()
    try:
        await fill(database, n)
        yield database
    finally:
        await database.close()
        await server.drop(name)


async def _positions(database: Database) -> None:
    async with Accounts(database.requests, database.keys.vault).begin() as rows:
        for name, *_ in POSITIONS:
            officer = position(name)
            if await rows.positions.by_id(officer.id) is None:
                await rows.positions.add(officer, f"bench-{name}", HOLDER, datetime.now(UTC))


async def _without_indexes(admin: Any) -> list[str]:
    """Drop indexes that no constraint needs; returns what makes them again."""
    found = await admin.fetch(
        "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = $1::text::regnamespace"
        " AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.conindid = i.indexrelid)",
        SCHEMA,
    )
    for row in found:
        await admin.execute(f"DROP INDEX {row['name']}")
    return ["SET maintenance_work_mem = '512MB'", *[row["made"] for row in found]]


def _in_processes(jobs: list[Job], processes: int) -> None:
    if len(jobs) == 1:
        _write(jobs[0])
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        began, done = time.monotonic(), 0
        for n in pool.map(_write, jobs):
            done += n
            if done % 100_000 < n:
                print(f"{done} cases, {done / (time.monotonic() - began):.0f}/s", file=sys.stderr, flush=True)


_inventor: Inventor | None = None


def _write(job: Job) -> int:
    """One part, in a process of its own."""
    global _inventor
    if _inventor is None:
        reference = loader.load()
        finder = places.load(set(), job.data)
        desks = {one.desk: one.id for one in map(position, ("verifier", "verifier-62.02", "verifier-62.10"))}
        offices = {one.agency: one.id for one in map(position, ("dpupr", "dishub", "dlh")) if one.agency}
        _inventor = Inventor(reference, finder, job.now, desks, offices)
    rows = Rows.made(_inventor, job.vault, job.seed, job.n, job.first, job.n_all)
    asyncio.run(_copy(job.address, rows))
    return job.n


async def _copy(address: Address, rows: Rows) -> None:
    connection = await address.connect()
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            await connection.execute("SET LOCAL statement_timeout = 0")
            for table, columns, records in rows.tables():
                await connection.copy_records_to_table(
                    table, schema_name=SCHEMA, columns=columns, records=records
                )
    finally:
        await connection.close()


def main() -> int:
    """Fill a data folder and say what it took."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.seeding", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument(
        "--data", type=Path, required=True, help="a data folder of its own, new or filled before"
    )
    parser.add_argument("--processes", type=int, help="default: one for each core")
    options = parser.parse_args()

    async def work() -> None:
        database = await Database.open(Settings(_env_file=None, data=options.data))
        try:
            began = time.monotonic()
            await fill(database, options.cases, seed=secrets.randbelow(1000), processes=options.processes)
            took = time.monotonic() - began
            async with database.requests.connect() as connection:
                size = await connection.scalar(sa.text("SELECT pg_database_size(current_database())"))
            print(f"seeded_cases_per_s: {options.cases / took:.0f}\nseeded_gb: {size / 2**30:.2f}")
        finally:
            await database.close()

    asyncio.run(work())
    return 0


if __name__ == "__main__":
    sys.exit(main())
