"""A golden talk over WhatsApp: a phone on one side, the raw webhook, any engine on the other; only the stage moves the clock."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from backend.app import app_name
from backend.channels.whatsapp.channel import WhatsApp, door_of
from backend.channels.whatsapp.templates import register
from backend.channels.whatsapp.webhook import PATH
from backend.conversations.bundling import Bundling, words_that
from backend.conversations.effects import by_use_cases
from backend.conversations.engine_client import EnginePool
from backend.conversations.pipeline import Pipeline, Rules
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.usecases.pick_for_review import pick_for_review
from backend.usecases.services import Services
from backend.web.ports import Site
from backend.web.public import public_app
from tests.fake_meta.graph import FakeMeta
from tests.fake_meta.phone import Phone
from tests.fake_meta.server import graph
from tests.support.serving import serving
from tests.support.stage import DURATION, Recording, Stage
from tests.support.whatsapp import settings_for

CODE = re.compile(r"\b\d{4}(?:[ -]\d{4}){4}\b")


@dataclass
class PhoneStage(Stage):
    """`Stage`, held on a phone."""

    channel: str = "whatsapp"
    phone: Phone | None = None
    whatsapp: WhatsApp | None = None

    async def play(self, turn: dict[str, Any]) -> tuple[list[str], str]:
        """Names of the responses and all that the phone showed."""
        assert self.phone is not None
        self.engines.said.clear()
        seen = len(self.phone.screens)
        self.now += timedelta(seconds=20)
        if "silence" in turn:
            found = DURATION.fullmatch(str(turn["silence"]))
            assert found, turn
            self.now += timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[found[2]]: int(found[1])})
            await self.pipeline.timers.remind(self.now)
            await self.pipeline.timers.purge(self.now)
        if "officer" in turn:
            await self.asked_by_officer(str(turn["officer"]), int(turn.get("report", 1)))
            self.pipeline.wakeups.sending()
        await self._use_the_phone(self.phone, turn)
        await self._bring_in()
        self.now += timedelta(seconds=3)
        await self.pipeline.settle()
        await self.phone.meta.quiet()
        await self._bring_in()
        text = "\n".join(screen.text for screen in self.phone.screens[seen:])
        if "utter_receipt" in " ".join(self.engines.said) and (code := CODE.search(text)):
            self.code = code[0]
        return list(self.engines.said), text

    async def _bring_in(self) -> None:
        """What the phone sent, and Meta told, is sorted and fetched."""
        assert self.whatsapp is not None
        assert self.whatsapp.sorter is not None
        assert self.whatsapp.fetcher is not None
        while await self.whatsapp.sorter.sort_once() or await self.whatsapp.fetcher.fetch_once():
            pass

    async def _use_the_phone(self, phone: Phone, turn: dict[str, Any]) -> None:
        texts = turn.get("user", [])
        for text in [texts] if isinstance(texts, str) else texts:
            await phone.say(self._filled(text))
        if "choice" in turn:
            offered = phone.screens[-1]
            assert turn["choice"] in offered.choices or turn["choice"] in offered.text, offered
            await phone.tap(turn["choice"])
        if "location" in turn:
            await phone.pin(turn["location"]["latitude"], turn["location"]["longitude"])
        if "attachment" in turn:
            picture = io.BytesIO()
            Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
            await phone.file("image", picture.getvalue(), "image/png")


@asynccontextmanager
async def phone_stage(
    database: Database, ours: Services, home: str, pool: EnginePool, now: datetime
) -> AsyncIterator[PhoneStage]:
    """A citizen of the regency `home` with a phone, on a fresh database, while the block runs."""
    stage = PhoneStage(
        pipeline=None,  # type: ignore[arg-type]
        engines=Recording(pool),
        database=database,
        now=now,
        services=ours,
    )
    meta = FakeMeta(clock=lambda: stage.now)
    async with graph(meta):
        settings = settings_for(meta, home_regency=home)
        requests, workers = (
            opener(one, database.keys.vault) for one in (database.requests, database.workers)
        )
        whatsapp = WhatsApp.open(settings, ours, requests, workers, lambda: stage.now)
        stage.pipeline = Pipeline(
            database,
            stage.engines,
            Rules(zone=ours.reference.zone(home).tzinfo, home=home),
            by_use_cases(ours),
            ours.reference.sentence,
            pick_for_review,
            senders={"whatsapp": whatsapp.sender},
            bundling=Bundling(words=words_that("closes"), urgent_words=words_that("urgent")),
            clock=lambda: stage.now,
        )
        whatsapp.connect(stage.pipeline)
        letters = opener(database.door, database.keys.vault)
        site = Site(
            settings=settings,
            pipeline=stage.pipeline,
            open_uow=requests,
            services=ours,
            clock=lambda: stage.now,
            cookie_key=b"k" * 32,
            is_ready=lambda: {"engine": True},
            database=database,
            channels=(door_of(settings, letters, stage.pipeline, lambda: stage.now),),
        )
        async with serving(public_app(app_name("test"), site)) as url:
            meta.webhook = f"{url}{PATH}"
            for row in register().rows:
                meta.templates[row.name, row.language] = "APPROVED"
                async with workers() as uow:
                    await uow.line.template_state(row.name, row.language, "approved", now)
                    await uow.commit()
            stage.phone, stage.whatsapp = meta.phone(), whatsapp
            yield stage
            await whatsapp.close()
