"""The operator's commands as they are typed: a backup and a new machine, and the way of reviewed sentences."""

import asyncio
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import maintenance
from backend.__main__ import main
from backend.persistence.database import Database
from backend.persistence.references import References
from backend.persistence.unit_of_work import opener
from backend.reference.loader import FOLDER
from backend.reference.tables import Becomes, Change
from backend.settings import Settings
from backend.usecases.edit_reference import draft_changes, publish
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


async def publish_a_holiday(settings: Settings) -> None:
    database = await Database.open(settings)
    row = {
        "date": "2029-12-09",
        "name": "Pilkada",
        "kind": "libur_daerah",
        "area": "64.08",
        "source": "SK uji",
    }
    try:
        async with References(database.requests, database.keys.vault).begin() as rows:
            change = Change("holidays.csv", "2029-12-09/64.08", Becomes.ROW, row, "")
            await draft_changes([change], "p1", "uji", NOW, rows.versions, NOW.date())
            await publish("p1", "uji", NOW.date(), NOW, rows.versions, NOW.date(), alone=True)
    finally:
        await database.close()


def test_a_regencys_rows_come_out_as_files_of_the_release(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(publish_a_holiday(Settings()))
    assert main(["reference", "status"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["in_force"], told["changed_rows"], told["draft"]) == (1, 1, 0)
    folder = data / "baris"
    assert main(["reference", "export", str(folder)]) == 0
    assert capsys.readouterr().out == "holidays.csv\n"
    shipped = (FOLDER / "holidays.csv").read_text(encoding="utf-8")
    assert (folder / "holidays.csv").read_text(encoding="utf-8") == (
        f"{shipped}2029-12-09,Pilkada,libur_daerah,64.08,SK uji\n"
    )
    assert [path.name for path in folder.iterdir()] == ["holidays.csv"]
    assert main(["reference", "export", str(folder)]) == 2, "never over what is there"
    assert main(["reference", "export", str(data / "lain"), "--version", "9"]) == 2
