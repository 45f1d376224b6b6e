"""The golden talks of `tests/conversations`, held on a phone: raw webhook in, fake Graph server out, with pins, photos and buttons."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from backend.conversations.engine_client import EnginePool
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.places import service as places
from tests.conversations.test_talks import TALKS, check_cases, fits
from tests.support.fakes import services
from tests.support.real_engine import RealEngine
from tests.support.stage import SERVED
from tests.support.whatsapp_stage import phone_stage

pytestmark = [pytest.mark.model, pytest.mark.database]


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> places.Places:
    return places.load(SERVED, tmp_path_factory.mktemp("no-polygons"))


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk["talk"])
async def test_talk_on_a_phone(
    talk: dict[str, Any], database: Database, real_engine: RealEngine, finder: places.Places
) -> None:
    vault = database.keys.vault
    home = talk.get("home", "64.08")
    ours = replace(services(), codes=vault, refs=SealedCaseRefs(vault), places=finder, home=home)
    pool = EnginePool([real_engine.socket], real_engine.secret, 30.0)
    now = talk["now"] if isinstance(talk["now"], datetime) else datetime.fromisoformat(talk["now"])
    open_uow = opener(database.requests, vault)
    async with real_engine.answering(open_uow, ours), phone_stage(database, ours, home, pool, now) as stage:
        watch = asyncio.create_task(pool.watch())
        while pool.model is None:
            await asyncio.sleep(0.05)
        for number, turn in enumerate(talk["turns"], start=1):
            names, text = await stage.play(turn)
            where = f"turn {number} {turn}\nsaid {names}:\n{text}"
            assert fits(names, turn["bot"]), where
            for part in turn.get("says", []):
                assert part in text, where
            for part in turn.get("never", []):
                assert part not in text, where
            assert stage.phone is not None
            assert bool(text) == bool(turn["bot"] or turn.get("says")), where
            assert stage.phone.meta.refused == [], where
        watch.cancel()
        check_cases(talk["then"], await stage.cases(), await stage.threads())
    await pool.close()
