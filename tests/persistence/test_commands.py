"""The operator's commands as they are typed: a backup and a new machine, and the way of reviewed sentences."""

import asyncio
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import maintenance
from backend.__main__ import main
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.settings import Settings
from backend.usecases.ports import ReviewItem
from tests.support.builders import NOW
from tests.support.database import folder_of_tests

pytestmark = pytest.mark.database
PASSPHRASE = "kata sandi yang panjang"


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = folder_of_tests()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("TEMAN_LAPOR_DATA", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def approve(settings: Settings, text: str) -> None:
    database = await Database.open(settings)
    try:
        async with opener(database.requests, database.keys.vault)() as uow:
            await uow.review.add(ReviewItem("a" * 32, text, "fallback", "salam", None, 0.2, NOW))
            await uow.review.settle("a" * 32, "approved", "salam", "penguji", NOW)
            await uow.commit()
    finally:
        await database.close()


def typed(monkeypatch: pytest.MonkeyPatch, *words: str, passphrase: str = PASSPHRASE) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{passphrase}\n"))
    return main(list(words))


def test_a_backup_is_brought_to_a_new_machine(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(approve(Settings(), "sugeng enjing"))
    target, reviewed = data / "cadangan", data / "bot" / "data" / "nlu" / "reviewed.yml"
    target.mkdir()
    assert typed(monkeypatch, "backup", str(target)) == 0
    (dump,) = target.iterdir()
    assert typed(monkeypatch, "backup", str(data / "satu.dump")) == 0 and (data / "satu.dump").is_file()
    assert typed(monkeypatch, "backup-keys", str(data / "kunci"), passphrase="pendek") == 1
    assert typed(monkeypatch, "backup-keys", str(data / "kunci")) == 0
    assert typed(monkeypatch, "restore", str(dump)) == 1, "reports are there already"
    assert typed(monkeypatch, "restore", "--replace", str(dump)) == 0

    other = folder_of_tests()
    monkeypatch.setenv("TEMAN_LAPOR_DATA", str(other))
    try:
        assert typed(monkeypatch, "restore", str(dump)) == 1, "no keys here"
        wrong = typed(
            monkeypatch, "restore", "--keys", str(data / "kunci"), str(dump), passphrase="bukan yang itu"
        )
        assert wrong == 1
        assert typed(monkeypatch, "restore", "--keys", str(data / "kunci"), str(dump)) == 0
        assert typed(monkeypatch, "restore-keys", str(data / "kunci")) == 0, "they are in place already"
        assert maintenance.export_reviewed(Settings(), data) == 0
    finally:
        shutil.rmtree(other, ignore_errors=True)
    assert "- sugeng enjing" in reviewed.read_text(encoding="utf-8")
    told = capsys.readouterr()
    assert "refused: " in told.err and PASSPHRASE not in told.out + told.err
