"""Lets a simulated citizen talk to the real product: real engine and model, real pipeline, a database of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from backend.conversations.engine_client import EnginePool
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.places.service import Places
from tests.citizens.citizen import Citizen
from tests.citizens.speaker import Heard, Turn
from tests.citizens.verdict import Exchange, Talk, own_messages
from tests.support.fakes import services
from tests.support.real_engine import RealEngine
from tests.support.stage import CHANNEL, Stage, stage_on

NOW = datetime.fromisoformat("2026-11-23T09:12:00+08:00")
MOST_TURNS = 14


@dataclass
class World:
    """What all citizens share: one engine and the gazetteer."""

    engine: RealEngine
    places: Places
    pool: EnginePool

    async def talk(self, citizen: Citizen, database: Database) -> Talk:
        """The whole talk, on an empty database."""
        vault = database.keys.vault
        home = citizen.facts.home
        ours = replace(services(), codes=vault, refs=SealedCaseRefs(vault), places=self.places, home=home)
        async with self.engine.answering(opener(database.requests, vault), ours):
            if citizen.manner.support:
                await self._somebody_else(citizen, stage_on(database, ours, home, self.pool, NOW))
            stage = stage_on(database, ours, home, self.pool, NOW, CHANNEL)
            stage.sender = "warga"
            return await _whole(citizen, stage)

    async def _somebody_else(self, citizen: Citizen, stage: Stage) -> None:
        """The same matter was told before by another person."""
        stage.sender = "tetangga"
        for text in (citizen.facts.told, citizen.facts.where, "tidak tahu", "kirim", "kirim"):
            if not stage.code:
                await stage.play({"user": [text]})


async def _whole(citizen: Citizen, stage: Stage) -> Talk:
    before = {case.id for case in await stage.cases()}
    talk = Talk(citizen)
    turn: Turn | None = citizen.opening()
    while turn is not None and len(talk.exchanges) < MOST_TURNS:
        heard = await _play(stage, turn)
        talk.exchanges.append(Exchange(turn, heard))
        if stage.code and talk.to_code is None:
            talk.to_code = sum(own_messages(one.turn) for one in talk.exchanges)
        turn = citizen.answer(heard)
    filed = [case for case in await stage.cases() if case.id not in before]
    talk.filed = len(filed)
    if filed:
        talk.case = filed[0]
        async with opener(stage.database.requests, stage.database.keys.vault)() as uow:
            talk.files = len(await uow.attachments.of_case(filed[0].id))
    return talk


async def _play(stage: Stage, turn: Turn) -> Heard:
    names, text = await stage.play(turn)
    rows = {}
    for body in stage.heard:
        for row in (body.get("card") or {}).get("rows") or []:
            rows[row["field"]] = row["value"]
    return Heard(names, text, list(stage.choices), rows)


@asynccontextmanager
async def world(engine: RealEngine, places: Places) -> AsyncIterator[World]:
    """A running engine's pool, watched while the block runs."""
    pool = EnginePool([engine.socket], engine.secret, 30.0)
    watch = asyncio.create_task(pool.watch())
    while pool.model is None:
        await asyncio.sleep(0.05)
    try:
        yield World(engine, places, pool)
    finally:
        watch.cancel()
        await pool.close()
