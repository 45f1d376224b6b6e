"""Erasure searched with canaries; export, receipts, retention and the rotation of keys as they are typed."""

import asyncio
import io
import json
import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.__main__ import main
from backend.cases.case import Happened
from backend.cases.place import Place
from backend.cases.tracking_code import mint
from backend.cases.workflow import State
from backend.persistence import backup, keys
from backend.persistence.database import Database
from backend.persistence.retention import COUNTED
from backend.persistence.rotation import rewrap, still_needed
from backend.persistence.sealing import Vault
from backend.persistence.unit_of_work import opener
from backend.reference.retention import retention_rows
from backend.settings import Settings
from backend.usecases.ports import Attachment, Author, ThreadMessage
from tests.conversations.test_privacy import everything
from tests.support.builders import NOW, a_case, digest
from tests.support.database import folder_of_tests
from tests.support.fakes import SeededRandom
from tests.web.test_canaries import found_in, unpacked

pytestmark = pytest.mark.database
CODE = mint(SeededRandom(5).randbelow)
# Fifty that nobody has, in every field that keeps words.
CANARIES = [f"kanari{n:02d}-{n * 7919:06d}x" for n in range(50)]


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = folder_of_tests()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("TEMAN_LAPOR_DATA", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def plant(database: Database) -> None:
    vault = database.keys.vault
    old = datetime.now(UTC) - timedelta(days=3000)
    case = a_case(
        1,
        description=" ".join(CANARIES[:20]),
        place=Place(
            text=" ".join(CANARIES[20:25]), landmark=CANARIES[25], label=CANARIES[26], regency_code="64.08"
        ),
        happened=Happened(CANARIES[27]),
        attributes={"catatan": CANARIES[28]},
        objection=CANARIES[29],
    )
    async with opener(database.requests, vault)() as uow:
        conversation = await uow.conversations.open("web", "pengirim", CANARIES[30], NOW)
        await uow.cases.add(case, vault.digest(CODE))
        await uow.contacts.link(case.id, conversation)
        for n in range(31, 41):
            await uow.thread.add(ThreadMessage(f"{n:032x}", case.id, Author.REPORTER, CANARIES[n], NOW))
        photo = Attachment("f" * 32, "photo", "image/jpeg", 9, None, case.id)
        await uow.attachments.store(photo, " ".join(CANARIES[41:]).encode())
        await uow.cases.add(a_case(2, description="laporan lain"), digest(2))
        await uow.cases.add(a_case(3, state=State.WITHDRAWN, at=old), digest(3))
        await uow.commit()


async def with_database(settings: Settings, work: object) -> object:
    database = await Database.open(settings)
    try:
        return await work(database)  # type: ignore[operator]
    finally:
        await database.close()


def typed(monkeypatch: pytest.MonkeyPatch, *words: str, stdin: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    return main(list(words))


def test_after_erasure_no_canary_is_found_anywhere(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    asyncio.run(with_database(Settings(), plant))  # type: ignore[arg-type]
    assert typed(monkeypatch, "export", "--code", "-", str(data / "salinan"), stdin=CODE) == 0
    before = b"".join(path.read_bytes() for path in (data / "salinan").iterdir())
    assert len(found_in(before, CANARIES)) == 49, "all but the conversation's address, which no case leads to"
    assert json.loads((data / "salinan" / "laporan.json").read_text())["number"] == "TEST-0001"
    shutil.rmtree(data / "salinan")
    capsys.readouterr()

    assert typed(monkeypatch, "erase", "--code", CODE) == 0
    written = capsys.readouterr().out
    assert "TEST-0001" in written
    assert typed(monkeypatch, "check-receipt", stdin=written) == 0
    assert typed(monkeypatch, "check-receipt", stdin=written.replace("TEST-0001", "TEST-0002")) == 1

    async def look(database: Database) -> None:
        assert found_in(await everything(database), CANARIES) == []
        target = data / "sesudah.dump"
        await backup.dump_to(database, target)
        assert found_in(unpacked(target.read_bytes()), CANARIES) == []
        async with opener(database.requests, database.keys.vault)() as uow:
            case, other = await uow.cases.by_id(a_case(1).id), await uow.cases.by_id(a_case(2).id)
            assert case and case.is_erased and case.description == "" and other
            assert other.description == "laporan lain"
            assert await uow.audit.broken_chains() == ()

    asyncio.run(with_database(Settings(), look))  # type: ignore[arg-type]
    assert typed(monkeypatch, "export", "--number", "TEST-0001", str(data / "kosong")) == 0
    assert typed(monkeypatch, "legal-demand", "--number", "TEST-0001") == 0
    rest = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    # The label of an area is no secret to the database; of dead rows it goes with the next vacuum.
    said = capsys.readouterr().out + caplog.text
    assert found_in(rest, [one for one in CANARIES if one != CANARIES[26]]) == []
    assert found_in(said.encode(), CANARIES) == []


def test_retention_erases_what_is_old_and_says_only_numbers(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(with_database(Settings(), plant))  # type: ignore[arg-type]
    for words, expected in (
        (["--dry-run"], "case_words: 1 older than 1825 days, erased 0"),
        ([], "case_words: 1 older than 1825 days, erased 1"),
        ([], "case_words: 0 older than 1825 days, erased 0"),
    ):
        assert typed(monkeypatch, "retention", *words) == 0
        told = capsys.readouterr().out
        assert expected in told and found_in(told.encode(), CANARIES) == []
    assert typed(monkeypatch, "erase", "--number", "TEST-0009") == 1


def test_every_class_of_data_is_counted() -> None:
    assert {row.data_class for row in retention_rows()} == COUNTED.keys()


async def test_keys_are_rotated_in_batches_and_may_be_stopped(database: Database) -> None:
    vault = database.keys.vault
    async with opener(database.requests, vault)() as uow:
        for n in range(1, 8):
            await uow.cases.add(a_case(n), digest(n))
        await uow.conversations.open("web", "pengirim", None, NOW)
        await uow.commit()
    newer = database.keys.with_new_wrapping_key()
    assert await rewrap(database.requests, newer.vault, batch=3) == 8
    assert await rewrap(database.requests, newer.vault, batch=3) == 0
    assert await still_needed(database.requests) == {2}
    only: Vault = newer.with_only({2}).vault
    async with opener(database.requests, only)() as uow:
        for n in range(1, 8):
            case = await uow.cases.by_id(a_case(n).id)
            assert case is not None and case.description == a_case(n).description


def test_the_command_adds_a_key_rewraps_and_forgets_the_old_one(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(with_database(Settings(), plant))  # type: ignore[arg-type]
    assert typed(monkeypatch, "rotate-keys", "--new") == 0
    assert set(keys.load(keys.key_file(data)).wrapping_keys) == {1, 2}
    assert typed(monkeypatch, "rotate-keys", "--drop-old") == 0
    assert set(keys.load(keys.key_file(data)).wrapping_keys) == {2}
    assert typed(monkeypatch, "legal-demand", "--number", "TEST-0002") == 0
