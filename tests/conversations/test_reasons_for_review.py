"""What makes a sentence wait for a person, from the real engine to the queue: misunderstood, repeated, another language, put right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from backend.conversations.engine_client import EnginePool
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.places import service as places
from backend.usecases.ports import ReviewItem
from tests.support.fakes import services
from tests.support.real_engine import RealEngine
from tests.support.stage import SERVED, Stage, stage_on

pytestmark = [pytest.mark.model, pytest.mark.database]

NOW = datetime.fromisoformat("2026-11-23T09:12+08:00")
PHONE = "0812" + "34567890"
TALKS: dict[str, tuple[list[str], str, str, str | None]] = {
    "not understood": ([f"zzkx brtq wvvnp {PHONE}"], "fallback", "zzkx brtq wvvnp [TELEPON]", None),
    "said again": (["zzkx brtq wvvnp", "zzkx brtq wvvnp"], "repeated", "zzkx brtq wvvnp", None),
    "another language": (
        ["dalan ngarep omahku rusak parah wis suwe ora didandani karo pemerintah"],
        "other_language",
        "dalan ngarep omahku",
        None,
    ),
    "put right when read back": (
        [
            "lampu jalan mati di sangatta utara",
            "salah, bukan lampu, yang benar sampah menumpuk tidak diangkut",
        ],
        "corrected",
        "lampu jalan mati di sangatta utara",
        "keluhan/sampah",
    ),
}


@pytest.fixture
async def stage(database: Database, real_engine: RealEngine, tmp_path: Path) -> AsyncIterator[Stage]:
    vault = database.keys.vault
    finder = await asyncio.to_thread(places.load, SERVED, tmp_path)
    ours = replace(services(), codes=vault, refs=SealedCaseRefs(vault), places=finder, home="64.08")
    pool = EnginePool([real_engine.socket], real_engine.secret, 30.0)
    async with real_engine.answering(opener(database.requests, vault), ours):
        watch = asyncio.create_task(pool.watch())
        while pool.model is None:
            await asyncio.sleep(0.05)
        yield stage_on(database, ours, "64.08", pool, NOW)
        watch.cancel()
    await pool.close()


@pytest.mark.parametrize("name", TALKS)
async def test_a_reason_reaches_the_queue(name: str, stage: Stage, database: Database) -> None:
    said, reason, words, label = TALKS[name]
    for text in said:
        names, _ = await stage.play({"user": text})
    async with opener(database.requests, database.keys.vault)() as uow:
        items: tuple[ReviewItem, ...] = await uow.review.pending()
    found = [one for one in items if one.reason == reason and words in one.text]
    assert found, ([(one.reason, one.text) for one in items], names)
    assert found[0].sender and found[0].talk and PHONE not in found[0].text
    if label is not None:
        assert found[0].ranking[0][0] == label
