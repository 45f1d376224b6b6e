"""Rounds of training on PostgreSQL with toy steps: chosen, trained, judged, cancelled, begun again, promoted and taken back."""

import asyncio
import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from backend.model import newest
from backend.persistence.database import Database
from backend.review.decisions import Vote
from backend.rounds import archives
from backend.rounds.promotion import PromotionRefused, needed_archives
from backend.rounds.trainer import Bounds
from tests.persistence.contract import a_review_item
from tests.support.builders import NOW, later
from tests.support.toy_training import LIVE, ToyTraining, toy_training

pytestmark = pytest.mark.database


@pytest.fixture
def toy(database: Database, tmp_path: Path) -> ToyTraining:
    return toy_training(database, tmp_path, lambda: NOW)


async def approve(toy: ToyTraining, n: int, text: str, label: str = "salam", **more: object) -> str:
    item = a_review_item(n, text=text, sender=f"s{n}", **more)
    async with toy.worker.open_uow() as uow:
        await uow.review.add(item)
        await uow.review.vote(item.id, Vote("ani", label), NOW)
        await uow.review.settle(item.id, "approved", label, "ani", later(minutes=n))
        await uow.commit()
    return item.id


async def done(toy: ToyTraining):  # type: ignore[no-untyped-def]
    round_id = await toy.desk.request("ani")
    assert await toy.worker.work_once()
    found = await toy.desk.round(round_id)
    assert found is not None
    return found


async def test_a_round_is_trained_examined_and_passes(toy: ToyTraining) -> None:
    await approve(toy, 1, "sugeng enjing")
    one, uses = await done(toy)
    assert (one.status, one.model, one.live_model, one.n_examples) == ("passed", toy.steps.name, LIVE, 1)
    assert "langkah 1" in one.log and "- sugeng enjing" in one.files["bot/data/nlu/reviewed.yml"]
    assert uses == {"taught": 1} and toy.serving.name == LIVE, "nothing is served by itself"
    assert not (toy.tree / "bot/data/nlu/reviewed.yml").exists()


async def test_the_gate_refuses_and_what_it_refused_is_never_served(toy: ToyTraining) -> None:
    toy.steps.exam["refusals"] = [{"code": "safety_failed", "text": "tolong kebakaran"}]
    one, _ = await done(toy)
    assert one.status == "refused"
    with pytest.raises(PromotionRefused, match="not_passed"):
        await toy.desk.promotion.promote(one.id, "ani")
    assert toy.serving.name == LIVE


async def test_promotion_and_the_way_back_change_model_and_data_together(toy: ToyTraining) -> None:
    await approve(toy, 1, "sugeng enjing")
    one, _ = await done(toy)
    served = await toy.desk.promotion.promote(one.id, "ani")
    reviewed = toy.tree / "bot/data/nlu/reviewed.yml"
    assert (toy.serving.name, served.what) == (toy.steps.name, "promoted")
    assert newest(toy.worker.models) == toy.serving, "the next start serves it too"
    assert "sugeng enjing" in reviewed.read_text(encoding="utf-8")
    back = await toy.desk.promotion.roll_back("budi")
    assert (toy.serving.name, back.what, back.by) == (LIVE, "rolled_back", "budi")
    assert newest(toy.worker.models) == toy.serving and not reviewed.exists()
    with pytest.raises(PromotionRefused, match="gone"):
        await toy.desk.promotion.roll_back("budi")
    _, history = await toy.desk.overview()
    assert {one.what for one in history} == {"promoted", "rolled_back"}


async def test_after_the_way_back_the_same_version_may_serve_again(toy: ToyTraining) -> None:
    await approve(toy, 1, "sugeng enjing")
    one, _ = await done(toy)
    promotion = toy.desk.promotion
    await promotion.promote(one.id, "ani")
    with pytest.raises(PromotionRefused, match="stale"):
        await promotion.promote(one.id, "ani")
    for _ in range(2):
        assert (await promotion.roll_back("budi")).model == LIVE
        assert (await promotion.promote(one.id, "ani")).model == toy.steps.name
    assert (toy.tree / "bot/data/nlu/reviewed.yml").exists()


def put_archive(models: Path, number: int) -> str:
    """An archive with all that lies beside it, the older the lower its number."""
    archive = models / f"teman-lapor-{number:012x}.tar.gz"
    for path in (archive, archive.with_name(archive.name + ".sig"), archives.remembered_at(archive)):
        path.write_bytes(b"m")
    os.utime(archive, (1_600_000_000 + number, 1_600_000_000 + number))
    return archive.name


async def audited(database: Database, action: str) -> list[str]:
    """The models that entries of this kind name."""
    connection = await database.admin_address.connect()
    try:
        rows = await connection.fetch("SELECT details FROM audit WHERE action = $1", action)
    finally:
        await connection.close()
    return [json.loads(row["details"])["models"] for row in rows]


async def test_what_nobody_can_go_back_to_leaves_the_folder_of_models(
    toy: ToyTraining, database: Database
) -> None:
    models = toy.worker.models
    old = [put_archive(models, number) for number in range(6)]
    served = [LIVE]
    for number in range(5):
        toy.steps.name = f"teman-lapor-{'dcef9'[number] * 12}.tar.gz"
        await approve(toy, 10 + number, f"kalimat baru {'satu dua tiga empat lima'.split()[number]}")
        one, _ = await done(toy)
        await toy.desk.promotion.promote(one.id, "ani")
        served.append(toy.steps.name)
    kept = toy.desk.promotion.kept()
    assert set(served[-1 - archives.STEPS_BACK :]) <= kept, "served, and three steps back"
    assert len(kept) == 1 + archives.STEPS_BACK + archives.SPARE and not kept & set(old)
    assert not list(models.glob(f"{old[0]}*")), "with its signature and its sentences"
    for step in range(1, archives.STEPS_BACK + 1):
        back = await toy.desk.promotion.roll_back("budi")
        assert back.model == served[-1 - step], "each of them still serves"
    entries = await audited(database, "models_removed")
    assert set(", ".join(entries).split(", ")) >= set(old)


async def test_a_version_on_trial_stays_whatever_else_goes(toy: ToyTraining) -> None:
    await approve(toy, 1, "sugeng enjing")
    one, _ = await done(toy)
    trial = await toy.desk.promotion.try_out(one.id, "ani")
    for number in range(4):
        put_archive(toy.worker.models, number)
    async with toy.worker.open_uow() as uow:
        needed = await needed_archives(uow, LIVE)
    assert needed == {LIVE, trial.model}
    assert len(archives.tidy(toy.worker.models, needed)) == 2
    assert (toy.worker.models / trial.model).is_file() and toy.serving.is_file()


def test_the_newest_archive_is_never_deleted_and_an_empty_folder_is_fine(tmp_path: Path) -> None:
    assert archives.tidy(tmp_path, ()) == ()
    names = [put_archive(tmp_path, number) for number in range(5)]
    assert archives.tidy(tmp_path, ()) == (names[1], names[0])


async def test_what_was_compared_with_another_model_is_stale(toy: ToyTraining) -> None:
    one, _ = await done(toy)
    toy.served.append(toy.worker.models / "teman-lapor-cccccccccccc.tar.gz")
    with pytest.raises(PromotionRefused, match="stale"):
        await toy.desk.promotion.promote(one.id, "ani")


async def test_a_running_round_is_cancelled(toy: ToyTraining) -> None:
    toy.steps.lines, toy.steps.pause = 200, 0.1
    round_id = await toy.desk.request("ani")
    work = asyncio.create_task(toy.worker.work_once())
    async with asyncio.timeout(15):
        while "langkah" not in (await toy.desk.round(round_id))[0].log:  # type: ignore[index]
            await asyncio.sleep(0.1)
        await toy.desk.cancel(round_id)
        await work
    one, _ = await toy.desk.round(round_id)  # type: ignore[misc]
    assert one.status == "cancelled"


@pytest.mark.parametrize(
    ("bounds", "code"), [(Bounds(seconds=1.0), "too_slow"), (Bounds(n_bytes=1000), "too_large")]
)
async def test_time_and_memory_are_bounded(toy: ToyTraining, bounds: Bounds, code: str) -> None:
    toy.steps.lines, toy.steps.pause = 200, 0.1
    bounded = replace(toy.worker, bounds=bounds)
    round_id = await toy.desk.request("ani")
    assert await bounded.work_once()
    one, _ = await toy.desk.round(round_id)  # type: ignore[misc]
    assert one.status == "failed" and code in (one.error or "")


async def test_a_round_whose_worker_died_is_done_again(toy: ToyTraining) -> None:
    round_id = await toy.desk.request("ani")
    async with toy.worker.open_uow() as uow:
        assert await uow.rounds.claim(NOW) is not None
        assert await uow.rounds.claim(NOW) is None, "one at a time"
        await uow.commit()
    assert not await toy.worker.work_once()
    after = replace(toy.worker, clock=lambda: NOW + timedelta(minutes=1))
    assert await after.work_once()
    one, _ = await toy.desk.round(round_id)  # type: ignore[misc]
    assert one.status == "passed"


async def test_what_was_unlearned_teaches_no_more(toy: ToyTraining) -> None:
    await approve(toy, 1, "sugeng enjing")
    gone = await approve(toy, 2, "sugeng dalu")
    one, _ = await done(toy)
    await toy.desk.promotion.promote(one.id, "ani")
    async with toy.worker.open_uow() as uow:
        assert await uow.review.unlearn(item_id=gone) == 1
        await uow.commit()
    toy.steps.name = "teman-lapor-dddddddddddd.tar.gz"
    again, _ = await done(toy)
    assert "enjing" in again.files["bot/data/nlu/reviewed.yml"]
    assert "dalu" not in again.files["bot/data/nlu/reviewed.yml"]


async def test_nothing_unreviewed_reaches_a_round(toy: ToyTraining) -> None:
    async with toy.worker.open_uow() as uow:
        for n in range(50):
            await uow.review.add(a_review_item(n + 1, text=f"kalimat jahat {n}"))
        await uow.commit()
    one, uses = await done(toy)
    assert uses == {} and set(one.files.values()) == {""}
    assert one.refusals == [] and one.n_examples == 0
