"""Our WhatsApp channel over real HTTP, between a fake Meta and an engine that follows a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from backend.app import app_name
from backend.channels.whatsapp.channel import WhatsApp, door_of
from backend.channels.whatsapp.webhook import PATH
from backend.conversations.bundling import Bundling, words_that
from backend.persistence.database import Database
from backend.persistence.unit_of_work import OpenUnitOfWork, opener
from backend.settings import Settings
from backend.usecases.pick_for_review import pick_for_review
from backend.web.ports import Site
from backend.web.public import public_app
from tests.fake_meta.graph import ACCOUNT_ID, NUMBER_ID, FakeMeta
from tests.fake_meta.phone import Phone
from tests.fake_meta.server import graph
from tests.support.builders import NOW
from tests.support.live_site import TickingTalk
from tests.support.scripted_engine import ScriptedEngine
from tests.support.serving import serving

VERIFY = "kata-uji"
QUIET = timedelta(milliseconds=150)


@dataclass
class Line:
    """A running channel: `meta` on one side, `talk` on the other."""

    meta: FakeMeta
    talk: TickingTalk
    whatsapp: WhatsApp
    engine: ScriptedEngine
    database: Database
    webhook: str
    open_uow: OpenUnitOfWork

    async def screens(self, phone: Phone, n: int, within_s: float = 15.0) -> str:
        """Wait until the phone shows at least `n` messages; the text of the newest."""
        async with asyncio.timeout(within_s):
            while len(phone.screens) < n:
                await asyncio.sleep(0.02)
        return phone.last

    async def ask(self, phone: Phone, text: str) -> str:
        """Say something and wait for what answers it."""
        n = len(phone.screens)
        await phone.say(text)
        return await self.screens(phone, n + 1)

    async def rows(self, sql: str) -> list[Any]:
        """Asked of the database itself."""
        connection = await self.database.admin_address.connect()
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close()

    async def sorted(self, within_s: float = 20.0) -> None:
        """Until everything that was acknowledged lies in the inbox."""
        async with asyncio.timeout(within_s):
            while await self.rows("SELECT 1 FROM arrivals LIMIT 1"):
                await asyncio.sleep(0.2)

    async def quiet(self, within_s: float = 20.0) -> None:
        """Until nothing waits: no message, no turn, no file, nothing that is due to be sent, no status on its way."""
        sql = (
            "SELECT (SELECT count(*) FROM arrivals) AS came, (SELECT count(*) FROM inbox WHERE status IN ('waiting', 'frozen')) AS heard, "
            "(SELECT count(*) FROM outbox WHERE status IN ('queued', 'unknown')) AS said"
        )
        async with asyncio.timeout(within_s):
            while True:
                await self.meta.quiet()
                row = (await self.rows(sql))[0]
                if not any(row.values()):
                    return
                await asyncio.sleep(0.05)


def settings_for(meta: FakeMeta, **more: Any) -> Settings:
    """Settings of an installation whose Meta is the fake."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        public_url="http://localhost",
        whatsapp_provider=more.pop("whatsapp_provider", "cloud"),
        whatsapp_phone_number_id=NUMBER_ID,
        whatsapp_account_id=ACCOUNT_ID,
        whatsapp_token=SecretStr(meta.token),
        whatsapp_app_secrets=SecretStr(meta.secret),
        whatsapp_verify_token=SecretStr(VERIFY),
        whatsapp_api_url=meta.url,
        **{"quiet_hours": "00-00", "whatsapp_messages_per_s": 1000.0, **more},
    )


@asynccontextmanager
async def live_line(
    database: Database, *, now: datetime = NOW, meta: FakeMeta | None = None, **more: Any
) -> AsyncIterator[Line]:
    """The channel while the block runs. `more` are settings; a `meta` that is served already outlives the channel."""
    engine = ScriptedEngine()
    fake = meta or FakeMeta()
    async with nullcontext() if fake.url else graph(fake):
        settings = settings_for(fake, **more)
        requests = opener(database.requests, database.keys.vault)
        workers = opener(database.workers, database.keys.vault)
        talk = TickingTalk(
            database, now=now, engine=engine, channel="whatsapp", pick_for_review=pick_for_review
        )
        fake.clock = talk.clock
        whatsapp = WhatsApp.open(settings, talk.services, requests, workers, talk.clock)
        talk.senders = {"whatsapp": whatsapp.sender}
        talk.__post_init__()
        object.__setattr__(
            talk.pipeline.inbox, "bundling", Bundling({"whatsapp": QUIET}, words=words_that("closes"))
        )
        whatsapp.connect(talk.pipeline)
        letters = opener(database.door, database.keys.vault)
        site = Site(
            settings=settings,
            pipeline=talk.pipeline,
            open_uow=requests,
            services=talk.services,
            clock=talk.clock,
            cookie_key=b"k" * 32,
            is_ready=lambda: {"engine": True},
            database=database,
            channels=(door_of(settings, letters, talk.pipeline, talk.clock),),
        )
        async with serving(public_app(app_name("test"), site)) as url:
            fake.webhook = f"{url}{PATH}"
            work = [asyncio.create_task(part()) for part in (talk.pipeline.run, whatsapp.run)]
            try:
                yield Line(fake, talk, whatsapp, engine, database, fake.webhook, requests)
            finally:
                for one in work:
                    one.cancel()
                await asyncio.gather(*work, return_exceptions=True)
                await whatsapp.close()
