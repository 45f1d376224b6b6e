"""The audit against whoever has the whole database: edits, deletions, cut ends, forged anchors, and restores that are no forgery."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.persistence.accounts import Accounts
from backend.persistence.anchor_file import AnchorFile
from backend.persistence.anchors import Anchors
from backend.persistence.audit_check import Checked, check
from backend.persistence.database import Database
from backend.persistence.tables import audit, audit_anchor
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.usecases.ports import AuditEntry
from tests.support.builders import NOW, a_case, digest, later

pytestmark = pytest.mark.database


@dataclass
class Kept:
    """A database with an audit that is anchored."""

    database: Database
    file: AnchorFile
    anchors: Anchors

    async def write(self, n: int, first: int = 0) -> None:
        """`n` entries over four chains of cases and two of officers."""
        async with SqlUnitOfWork(self.database.requests, self.database.keys.vault) as uow:
            for i in range(first, first + n):
                case = f"{i % 6:032x}" if i % 6 < 4 else None
                entry = AuditEntry(
                    later(minutes=i), f"petugas-{i % 6}", "case_moved", case, f"alasan {i}", {"n": str(i)}
                )
                await uow.audit.add(entry)
            await uow.commit()

    async def check(self, connection: AsyncConnection | None = None) -> Checked:
        if connection is not None:
            return await check(connection, self.database.keys.vault, self.file)
        async with self.database.workers.connect() as own:
            return await check(own, self.database.keys.vault, self.file)

    async def rows(self) -> list[dict[str, object]]:
        async with self.database.workers.connect() as connection:
            found = await connection.execute(sa.select(audit).order_by(audit.c.chain, audit.c.seq))
            return [dict(row._mapping) for row in found]


@pytest.fixture
async def kept(database: Database, tmp_path: Path) -> AsyncIterator[Kept]:
    file = AnchorFile(tmp_path / "audit", database.keys.vault)
    ours = Kept(database, file, Anchors(database.workers, file))
    await ours.write(30)
    await ours.anchors.anchor()
    await ours.write(18, first=30)
    await ours.anchors.anchor()
    yield ours


Row = dict[str, object]
Forgery = Callable[[random.Random, list[Row]], list[sa.Executable]]


def _at(row: Row) -> sa.ColumnElement[bool]:
    return sa.and_(audit.c.chain == row["chain"], audit.c.seq == row["seq"])


def edit(rng: random.Random, rows: list[Row]) -> list[sa.Executable]:
    """One value of one entry."""
    row = rng.choice(rows)
    column, value = rng.choice(
        [
            ("actor", "orang-lain"),
            ("action", "reply_sent"),
            ("reason", str(row["reason"]) + " "),
            ("details", {"n": "lain"}),
            ("at", NOW + timedelta(days=rng.randrange(1, 99))),
            ("case_id", f"{9:032x}"),
            ("previous", rng.randbytes(32)),
            ("link", rng.randbytes(32)),
            ("seq", 1000 + rng.randrange(99)),
            ("chain", "case:lain"),
        ]
    )
    return [sa.update(audit).where(_at(row)).values({column: value})]


def take_out(rng: random.Random, rows: list[Row]) -> list[sa.Executable]:
    """Some entries, anywhere."""
    return [sa.delete(audit).where(_at(row)) for row in rng.sample(rows, rng.randrange(1, 5))]


def cut(rng: random.Random, rows: list[Row]) -> list[sa.Executable]:
    """The end of a chain, or all of it."""
    chain = [row for row in rows if row["chain"] == rng.choice(rows)["chain"]]
    if not chain:
        return cut(rng, rows)
    start = rng.randrange(len(chain))
    return [sa.delete(audit).where(_at(row)) for row in chain[start:]]


def empty(rng: random.Random, rows: list[Row]) -> list[sa.Executable]:
    """Everything, or everything after a moment."""
    since = rng.choice(rows)["at"]
    return [sa.delete(audit).where(audit.c.at >= since)]


def swap(rng: random.Random, rows: list[Row]) -> list[sa.Executable]:
    """Two entries tell each other's story."""
    one, other = rng.sample(rows, 2)
    told = ("at", "actor", "reason", "details")
    return [
        sa.update(audit).where(_at(one)).values({name: other[name] for name in told}),
        sa.update(audit).where(_at(other)).values({name: one[name] for name in told}),
    ]


def put_in(rng: random.Random, rows: list[Row]) -> list[sa.Executable]:
    """An entry that nobody with the key wrote, at the end of a chain or on a chain of its own."""
    row = rng.choice(rows)
    chain = [one for one in rows if one["chain"] == row["chain"]]
    forged = {**row, "seq": len(chain) + 1, "previous": chain[-1]["link"], "link": rng.randbytes(32)}
    if rng.random() < 0.3:
        forged |= {"chain": "actor:baru", "case_id": None, "actor": "baru", "seq": 1, "previous": b""}
    return [sa.insert(audit).values(forged)]


def move_away(rng: random.Random, rows: list[Row]) -> list[sa.Executable]:
    """A whole chain is somebody else's."""
    chain = rng.choice(rows)["chain"]
    return [sa.update(audit).where(audit.c.chain == chain).values(chain="actor:siapa")]


KINDS: list[Forgery] = [edit, take_out, cut, empty, swap, put_in, move_away]


async def test_what_was_written_is_unbroken(kept: Kept) -> None:
    checked = await kept.check()
    assert (checked.findings, checked.n_entries, checked.n_chains) == ([], 48, 6)
    assert checked.n_anchors == 2 and await kept.anchors.anchor() == 0
    assert (await kept.check()).n_anchors == 2, "nothing new, nothing written"


@pytest.mark.parametrize("n_forgeries", [200, pytest.param(1000, marks=pytest.mark.slow)])
async def test_every_forgery_is_found(kept: Kept, n_forgeries: int) -> None:
    rows, found = await kept.rows(), 0
    engine = kept.database.admin_address.pool(1)
    async with engine.connect() as connection:
        for n in range(n_forgeries):
            rng = random.Random(n)
            await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            for statement in KINDS[n % len(KINDS)](rng, rows):
                await connection.execute(statement)
            found += bool((await kept.check(connection)).findings)
            await connection.rollback()
    await engine.dispose()
    assert found == n_forgeries
    assert (await kept.check()).findings == []


async def test_what_is_written_anew_over_a_cut_end_is_found(kept: Kept) -> None:
    """The product itself goes on after the cut, with right links: only the anchors know that something else stood there."""
    engine = kept.database.admin_address.pool(1)
    async with engine.begin() as connection:
        await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        await connection.execute(sa.delete(audit).where(audit.c.seq > 5))
    await engine.dispose()
    await kept.write(60, first=100)
    await kept.anchors.anchor()
    assert {finding.what for finding in (await kept.check()).findings} == {"rewritten"}


def lines_of(file: AnchorFile) -> list[str]:
    return file.files()[0].read_text(encoding="utf-8").splitlines(keepends=True)


@pytest.mark.parametrize("seed", range(40))
async def test_a_changed_anchor_file_is_found(kept: Kept, seed: int) -> None:
    for n in range(3):
        await kept.write(6, first=200 + 6 * n)
        await kept.anchors.anchor()
    lines, rng = lines_of(kept.file), random.Random(seed)
    assert len(lines) == 5
    n = rng.randrange(len(lines))
    match seed % 4:
        case 0:
            value = json.loads(lines[n])
            chain = rng.choice(sorted(value["heads"]))
            value["heads"][chain] = [value["heads"][chain][0] - 1, rng.randbytes(32).hex()]
            lines[n] = json.dumps(value) + "\n"
        case 1:
            del lines[n]
        case 2:
            lines = lines[:n]
        case 3:
            lines[n] = lines[n][: rng.randrange(2, 60)] + "\n"
    kept.file.files()[0].write_text("".join(lines), encoding="utf-8")
    assert (await kept.check()).findings
    await kept.write(6, first=300)
    await kept.anchors.anchor()
    assert (await kept.check()).findings, "going on does not heal it"


async def test_a_crash_between_the_file_and_the_commit_is_no_forgery(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept.write(6, first=48)

    async def killed(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(kept.anchors, "_move", killed)
        with pytest.raises(RuntimeError):
            await kept.anchors.anchor()
    assert (await kept.check()).findings == []
    with kept.file.files()[0].open("a", encoding="utf-8") as file:
        file.write('{"n": 4, "at": "2026')
    await kept.write(6, first=54)
    await Anchors(kept.database.workers, kept.file).anchor()
    checked = await kept.check()
    assert checked.findings == [] and checked.n_anchors == 4


async def test_two_processes_anchor_one_after_the_other(kept: Kept) -> None:
    await kept.write(12, first=48)
    others = [Anchors(kept.database.workers, kept.file) for _ in range(4)]
    await asyncio.gather(*(one.anchor() for one in others))
    assert (await kept.check()).findings == []


async def test_a_restore_says_so_under_signature(kept: Kept) -> None:
    engine = kept.database.admin_address.pool(1)
    async with engine.begin() as connection:
        await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        await connection.execute(sa.delete(audit).where(audit.c.seq > 3))
    await engine.dispose()
    assert (await kept.check()).findings
    await kept.anchors.restored("teman-lapor-20261123.dump")
    checked = await kept.check()
    assert checked.findings == [] and "restored" in lines_of(kept.file)[2]
    forged = lines_of(kept.file)
    forged[2] = forged[2].replace("20261123", "20261122")
    kept.file.files()[0].write_text("".join(forged), encoding="utf-8")
    assert (await kept.check()).findings


async def test_an_edited_history_of_a_case_is_found(kept: Kept) -> None:
    async with SqlUnitOfWork(kept.database.requests, kept.database.keys.vault) as uow:
        await uow.cases.add(a_case(), digest(1))
        await uow.commit()
    assert (await kept.check()).findings == []
    engine = kept.database.admin_address.pool(1)
    async with engine.connect() as connection:
        await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        await connection.execute(sa.text("UPDATE teman_lapor.case_history SET by_id = 'lain'"))
        (finding,) = (await kept.check(connection)).findings
    await engine.dispose()
    assert (finding.place, finding.what) == (f"history:{a_case().id}", "edited")


async def test_an_entry_survives_the_action_that_was_rolled_back(kept: Kept) -> None:
    accounts = Accounts(kept.database.requests, kept.database.keys.vault)
    with pytest.raises(RuntimeError):
        async with SqlUnitOfWork(kept.database.requests, kept.database.keys.vault) as uow:
            await uow.cases.add(a_case(), digest(1))
            await uow.audit.add(AuditEntry(NOW, "petugas-1", "case_moved", a_case().id))
            await accounts.record(AuditEntry(NOW, "petugas-1", "identity_asked", a_case(2).id, "banding"))
            raise RuntimeError
    async with SqlUnitOfWork(kept.database.requests, kept.database.keys.vault) as uow:
        assert [entry.action for entry in await uow.audit.of_case(a_case(2).id)][-1] == "identity_asked"
    assert (await kept.check()).findings == []


async def test_each_host_has_an_anchor_file_of_its_own(kept: Kept, tmp_path: Path) -> None:
    file = AnchorFile(tmp_path / "audit-b", kept.database.keys.vault, "host-b")
    other = Kept(kept.database, file, Anchors(kept.database.workers, file))
    await other.anchors.anchor()
    await kept.write(6, first=48)
    await asyncio.gather(kept.anchors.anchor(), other.anchors.anchor())
    for one in (kept, other):
        checked = await one.check()
        assert checked.findings == [] and checked.n_anchors > 0
    path = file.files()[0]
    path.write_text("".join(lines_of(file)[:-1]), encoding="utf-8")
    assert [one.what for one in (await other.check()).findings] == ["anchor_cut"]
    assert (await kept.check()).findings == []


async def test_the_file_of_an_installation_of_one_host_goes_on(database: Database, tmp_path: Path) -> None:
    """Before hosts had names there was one row; whoever has its file goes on with its numbers."""
    file = AnchorFile(tmp_path / "audit", database.keys.vault, "host-a")
    line = file.append((0, b""), NOW, {})
    async with database.workers.begin() as connection:
        row = {"one": True, "n": line.n, "link": line.link, "upto": NOW}
        await connection.execute(sa.insert(audit_anchor).values(row))
    ours = Kept(database, file, Anchors(database.workers, file))
    await ours.write(6)
    await ours.anchors.anchor()
    checked = await ours.check()
    assert checked.findings == [] and checked.n_anchors == 2
