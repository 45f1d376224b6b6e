"""The public site over real HTTP on a free port, with its pipeline at work and an engine that follows a script."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx
from sanic import Sanic

from backend.app import app_name
from backend.conversations.reference_watch import ReferenceWatch
from backend.conversations.trials import Trials
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.places.atlas import Atlas
from backend.rounds.desk import TrainingDesk
from backend.settings import Settings
from backend.usecases.pick_for_review import pick_for_review
from backend.web.metrics import Metrics
from backend.web.ports import Site
from backend.web.public import public_app
from tests.support.builders import NOW
from tests.support.scripted_engine import ScriptedEngine
from tests.support.serving import serving
from tests.support.talk import Talk

COOKIE_KEY = b"k" * 32


class TickingTalk(Talk):
    """A pipeline whose clock ticks, and can be moved with `wait`."""

    def __post_init__(self) -> None:
        self._began = time.monotonic()
        super().__post_init__()

    def clock(self) -> datetime:
        """Where the test put the clock, and what has passed since."""
        return self.now + timedelta(seconds=time.monotonic() - self._began)


@dataclass
class LiveSite:
    """A running site: `url` for programs and browsers, `talk` for what lies behind it."""

    url: str
    talk: TickingTalk
    app: Sanic[Any, Any]
    site: Site
    engine: ScriptedEngine
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def visitor(self, headers: Mapping[str, str] | None = None, *, session: bool = True) -> Visitor:
        """A browser's HTTP half, with cookies of its own."""
        http = httpx.AsyncClient(base_url=self.url, headers=dict(headers or {}), timeout=30)
        self.clients.append(http)
        if session:
            (await http.post("/api/web/session")).raise_for_status()
        return Visitor(http)


@dataclass
class Visitor:
    """Somebody who speaks the web protocol."""

    http: httpx.AsyncClient
    seq: int = 0
    count: int = 0

    async def send(self, **message: Any) -> httpx.Response:
        """One message, with a client_id of its own unless given."""
        self.count += 1
        body = {"client_id": f"pesan-uji-{self.count:04d}", **message}
        return await self.http.post("/api/web/messages", json=body)

    async def events(self, after: int | None = None, wait: int = 0) -> list[dict[str, Any]]:
        """What came after a place; the default goes on where the last call ended."""
        params = {"after": self.seq if after is None else after, "wait": wait}
        answer = await self.http.get("/api/web/events", params=params, headers={"Accept": "application/json"})
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["events"]
        if after is None and found:
            self.seq = found[-1]["seq"]
        return found

    async def say(self, text: str) -> dict[str, Any]:
        """Send a text, as the chat does once more when it was not stored, and wait for what answers it."""
        sent = await self.send(text=text)
        if sent.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            sent = await self.send(text=text, client_id=f"pesan-uji-{self.count:04d}")
        mine = sent.raise_for_status().json()["seq"]
        async with asyncio.timeout(20):
            while True:
                for event in await self.events(wait=5):
                    if event["kind"] != "mine" and event["seq"] > mine:
                        return event


@asynccontextmanager
async def live_site(
    database: Database,
    *,
    public_url: str = "http://localhost",
    now: datetime = NOW,
    training: TrainingDesk | None = None,
    practice: bool = False,
    atlas: Atlas | None = None,
    engine: ScriptedEngine | None = None,
    trials: Trials | None = None,
    **more: Any,
) -> AsyncIterator[LiveSite]:
    """The site on a free port while the block runs; `more` are settings by name."""
    engine, metrics = engine or ScriptedEngine(), Metrics()
    talk = TickingTalk(
        database, now=now, engine=engine, pick_for_review=pick_for_review, watch=metrics, trials=trials
    )
    settings = Settings(_env_file=None, public_url=public_url, **more)
    site = Site(
        settings=settings,
        pipeline=talk.pipeline,
        open_uow=opener(database.requests, database.keys.vault),
        services=talk.services,
        clock=talk.clock,
        cookie_key=COOKIE_KEY,
        is_ready=lambda: {"engine": engine.model is not None},
        database=database,
        metrics=metrics,
        training=training,
        practice=practice,
        atlas=atlas or Atlas(),
    )
    app = public_app(app_name("test"), site)
    async with serving(app) as url:
        watch = ReferenceWatch(opener(database.workers, database.keys.vault), talk.services, talk.clock)
        work = asyncio.gather(talk.pipeline.run(), watch.run(talk.pipeline.wakeups))
        live = LiveSite(url, talk, app, site, engine)
        try:
            yield live
        finally:
            for client in live.clients:
                await client.aclose()
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
