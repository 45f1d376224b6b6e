"""What is promoted on one host is served by all of them, wherever it was trained."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.rounds.following import Following
from backend.rounds.promotion import Promotion
from tests.support.toy_training import ToyTraining, toy_training

pytestmark = pytest.mark.database


def now() -> datetime:
    return datetime.now(UTC)


class OtherHost:
    """A host with folders of its own that served the same model."""

    def __init__(self, first: ToyTraining, database: Database, folder: Path) -> None:
        self.models, self.tree = folder / "models", folder / "tree"
        self.models.mkdir(parents=True)
        live = self.models / first.serving.name
        live.write_bytes(first.serving.read_bytes())
        os.utime(live, (1_700_000_000, 1_700_000_000))
        self.served = [live]
        self.open_uow = opener(database.requests, database.keys.vault)

    async def change(self, archive: Path) -> float:
        self.served.append(archive)
        return 0.1

    @property
    def following(self) -> Following:
        return Following(self.open_uow, self.change, lambda: self.served[-1], self.models, self.tree)

    def promotion(self, folder: Path) -> Promotion:
        return Promotion(
            self.open_uow, self.change, lambda: self.served[-1], self.models, folder, self.tree, now
        )


@pytest.fixture
async def first(database: Database, tmp_path: Path) -> ToyTraining:
    return toy_training(database, tmp_path, now)


async def trained(first: ToyTraining) -> str:
    round_id = await first.desk.request("peninjau")
    assert await first.worker.work_once()
    found = await first.desk.round(round_id)
    assert found is not None and found[0].status == "passed"
    return round_id


async def test_a_promotion_reaches_the_other_host(
    database: Database, first: ToyTraining, tmp_path: Path
) -> None:
    other = OtherHost(first, database, tmp_path / "lain")
    assert not await other.following.follow(), "nothing was promoted yet"
    await first.desk.promotion.promote(await trained(first), "admin")
    assert await other.following.follow()
    assert other.served[-1].read_bytes() == first.serving.read_bytes()
    assert other.served[-1].name == first.steps.name
    assert not await other.following.follow(), "it serves already"
    for number in range(4):
        (other.models / f"teman-lapor-{number:012x}.tar.gz").write_bytes(b"m")
        os.utime(other.models / f"teman-lapor-{number:012x}.tar.gz", (1_600_000_000 + number,) * 2)
    await first.desk.promotion.roll_back("admin")
    assert await other.following.follow() and other.served[-1].name == other.served[0].name
    assert sorted(path.name[-8:-7] for path in other.models.glob("teman-lapor-0*")) == ["3"], "and tidies up"


async def test_a_host_that_did_not_train_promotes(
    database: Database, first: ToyTraining, tmp_path: Path
) -> None:
    other = OtherHost(first, database, tmp_path / "lain")
    await other.promotion(tmp_path / "lain" / "rounds").promote(await trained(first), "admin")
    assert other.served[-1].name == first.steps.name and other.served[-1].is_file()


async def test_what_an_upgrade_trained_afterwards_is_kept(
    database: Database, first: ToyTraining, tmp_path: Path
) -> None:
    other = OtherHost(first, database, tmp_path / "lain")
    await first.desk.promotion.promote(await trained(first), "admin")
    newer = other.models / "teman-lapor-cccccccccccc.tar.gz"
    newer.write_bytes(b"newer")
    os.utime(newer, (now().timestamp() + 60,) * 2)
    other.served.append(newer)
    assert not await other.following.follow()


async def test_a_model_that_is_nowhere_to_be_had_changes_nothing(
    database: Database, first: ToyTraining, tmp_path: Path
) -> None:
    other = OtherHost(first, database, tmp_path / "lain")
    served = await first.desk.promotion.promote(await trained(first), "admin")
    async with other.open_uow() as uow:
        await uow.rounds.served(replace(served, id="f" * 32, model="teman-lapor-hilang.tar.gz", at=now()))
        await uow.commit()
    assert not await other.following.follow()
