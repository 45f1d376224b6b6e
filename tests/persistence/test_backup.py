"""Backups hold no key; a restore needs the keys, purges first, and leaves a signed line."""

import asyncio
import copy
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from backend.persistence import backup as backups
from backend.persistence import keys
from backend.persistence.connecting import Address
from backend.persistence.database import Database
from backend.persistence.embedded import SUPERUSER
from backend.persistence.errors import DatabaseRefused, KeysRefused
from backend.persistence.tables import inbox
from tests.support.builders import NOW
from tests.support.database import TestServer, folder_of_tests
from tests.support.talk import Talk

PASSPHRASE = "kata sandi yang panjang"


@pytest.fixture
def data() -> Iterator[Path]:
    import shutil

    folder = folder_of_tests()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_key_backup_opens_with_its_passphrase_only(data: Path) -> None:
    ours = keys.load_or_make(data)
    backups.backup_keys(data, data / "kunci", PASSPHRASE)
    assert backups.open_key_backup(data / "kunci", PASSPHRASE) == ours
    with pytest.raises(KeysRefused, match="passphrase"):
        backups.open_key_backup(data / "kunci", PASSPHRASE + "!")
    with pytest.raises(KeysRefused, match="12"):
        backups.backup_keys(data, data / "lain", "pendek")


def test_restored_keys_never_overwrite_others(data: Path) -> None:
    first = data / "a"
    keys.load_or_make(first)
    backups.backup_keys(first, data / "kunci", PASSPHRASE)
    backups.restore_keys(data / "b", data / "kunci", PASSPHRASE)
    assert keys.load_or_make(data / "b") == keys.load_or_make(first)
    keys.load_or_make(data / "c")
    with pytest.raises(KeysRefused, match="other keys"):
        backups.restore_keys(data / "c", data / "kunci", PASSPHRASE)


def settings_for(data: Path) -> Any:
    return SimpleNamespace(
        data=data,
        database_url=None,
        app_database_url=None,
        desk_database_url=None,
        workers=2,
        host_name="uji",
    )


@pytest.mark.database
async def test_a_restore_on_an_empty_machine_brings_the_reports_back(data: Path) -> None:
    old, new = data / "lama", data / "baru"
    for folder in (old, new):
        folder.mkdir(mode=0o755)
    database = await Database.open(settings_for(old))
    try:
        kept, gone = Talk(database, sender="a"), Talk(database, sender="b")
        await kept.say("lampu rusak berat"[:5])
        receipt = await kept.say("kirim")
        await gone.say("draf saja")
        dump = await backups.backup(database, data / "dumps", datetime.now(UTC))
        backups.backup_keys(old, data / "kunci", PASSPHRASE)
        every_key = [database.keys.code_pepper, *database.keys.wrapping_keys.values()]
    finally:
        await database.close()
    content = dump.read_bytes()
    assert dump.stat().st_mode & 0o077 == 0
    assert not any(key in content or key.hex().encode() in content for key in every_key)
    assert b"lampu" not in content

    with pytest.raises(KeysRefused, match="missing"):
        await backups.restore(settings_for(new), dump, NOW)
    backups.restore_keys(new, data / "kunci", PASSPHRASE)
    done = await backups.restore(settings_for(new), dump, NOW + timedelta(hours=80))
    assert done.n_purged == 2

    database = await Database.open(settings_for(new))
    try:
        again = Talk(database)
        code = receipt.split("kode ")[1]
        async with again.open_uow() as uow:
            found = await uow.cases.by_code_digest(database.keys.vault.digest(code.replace(" ", "")))
            assert found is not None and "lampu" in found.description
            assert await uow.conversations.find("web", "b") is None
            assert await uow.audit.broken_chains() == ()
        with pytest.raises(DatabaseRefused, match="holds reports"):
            await backups.restore(settings_for(new), dump, NOW)
    finally:
        await database.close()


@pytest.mark.database
async def test_a_backup_taken_under_load_is_whole(data: Path) -> None:
    """Ten people file while the dump is made: who had the code before it began is in it, and nothing in it is half done."""
    old, new = data / "lama", data / "baru"
    for folder in (old, new):
        folder.mkdir(mode=0o755)
    database = await Database.open(settings_for(old))
    codes: list[str] = []
    stop = asyncio.Event()

    pipeline = Talk(database)

    async def files_again_and_again(sender: str) -> None:
        for n in itertools.count():
            if stop.is_set():
                return
            talk = copy.copy(pipeline)  # the same process, somebody else
            talk.sender = f"{sender}-{n}"
            await talk.say("lampu")
            accepted = await talk.send("kirim")
            await talk.pipeline.settle()
            assert accepted.conversation is not None
            said = await talk.last(accepted.conversation)
            while "kode " not in said:  # somebody else's hands are on it
                await asyncio.sleep(0.02)
                said = await talk.last(accepted.conversation)
            codes.append(said.split("kode ")[1].replace(" ", ""))

    try:
        people = [asyncio.create_task(files_again_and_again(f"orang-{n}")) for n in range(10)]
        while len(codes) < 30:
            await asyncio.sleep(0.05)
        before = list(codes)
        dump = await backups.backup(database, data / "dumps", datetime.now(UTC))
        stop.set()
        await asyncio.gather(*people)
        backups.backup_keys(old, data / "kunci", PASSPHRASE)
    finally:
        await database.close()
    assert len(codes) > len(before), "there was load while the dump was made"

    backups.restore_keys(new, data / "kunci", PASSPHRASE)
    done = await backups.restore(settings_for(new), dump, NOW)
    assert len(before) <= done.n_cases <= len(codes) and done.newest_at is not None
    database = await Database.open(settings_for(new))
    try:
        async with Talk(database).open_uow() as uow:
            found = [await uow.cases.by_code_digest(database.keys.vault.digest(code)) for code in codes]
            there = [case for case in found if case is not None]
            assert all(found[: len(before)]), "everybody who had a code before the dump began"
            assert len(there) == done.n_cases, "each case is reached by one code"
            assert all(case.events[0].what == "filed" and "lampu" in case.description for case in there)
            assert await uow.audit.broken_chains() == ()
        afterwards = Talk(database)
        afterwards.services.random._random.seed("another process")  # type: ignore[attr-defined]
        await afterwards.pipeline.settle()
        async with database.workers.connect() as connection:
            unfinished = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.status != "done")
            assert await connection.scalar(unfinished) == 0, "what the dump had begun is finished"
    finally:
        await database.close()


@pytest.mark.database
async def test_a_database_without_its_keys_is_not_opened(data: Path) -> None:
    database = await Database.open(settings_for(data))
    await database.close()
    file = keys.key_file(data)
    file.rename(data / "weg.json")
    with pytest.raises(KeysRefused, match="missing"):
        await Database.open(settings_for(data))
    keys.store(keys.new_keys(), file, replace=False)
    with pytest.raises(KeysRefused, match="not the key file"):
        await Database.open(settings_for(data))


def test_a_key_file_others_can_read_is_refused(data: Path) -> None:
    keys.load_or_make(data)
    assert keys.key_file(data).stat().st_mode & 0o777 == 0o600
    keys.key_file(data).chmod(0o644)
    with pytest.raises(KeysRefused, match="read by others"):
        keys.load_or_make(data)


def test_a_password_of_the_database_is_not_on_the_command_line() -> None:
    address = Address("postgresql://petugas:rah%40sia@db.example:5433/laporan?sslmode=require")
    assert backups.libpq_environment(address) == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "petugas",
        "PGPASSWORD": "rah@sia",
        "PGDATABASE": "laporan",
        "PGSSLMODE": "require",
    }


@pytest.mark.database
async def test_two_first_starts_at_once_agree(data: Path) -> None:
    opened = await asyncio.gather(*(Database.open(settings_for(data)) for _ in range(2)))
    assert opened[0].keys == opened[1].keys
    assert await opened[0].is_answering()
    await opened[0].close()
    assert await opened[1].is_answering(), "the last to leave stops the server"
    await opened[1].close()
    assert opened[1].server is not None and not opened[1].server.is_running()
    assert SUPERUSER and TestServer
