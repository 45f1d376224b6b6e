"""The workshop: turns, engines, sending, files, timers, training. Nothing public; the door asks it on a socket."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from backend.channels.whatsapp.channel import WhatsApp
from backend.conversations.deadlines import Deadlines
from backend.conversations.engine_client import EnginePool
from backend.conversations.pipeline import Pipeline
from backend.core import Core, app_name
from backend.engine_crew import EngineCrew
from backend.hosts import SignsOfLife
from backend.lapor.worker import Bridge, bridge
from backend.persistence.anchor_file import AnchorFile
from backend.persistence.anchors import Anchors
from backend.processes import EngineProcess
from backend.reference import escalation
from backend.reference.intents import known_labels
from backend.rounds.following import Following
from backend.rounds.trial import TrialRunner
from backend.rounds.worker import BotSteps, RoundWorker
from backend.settings import ROOT
from backend.web.internal import internal_app
from backend.web.listening import serve, unix_listener
from backend.web.metrics import Metrics
from backend.web.workshop_app import workshop_app
from backend.webhooks.opening import outgoing

log = logging.getLogger(__name__)

DEADLINES_S = 3600.0
LAST_COMMIT_S = 2.0
INTERNAL, WORKSHOP = "internal.sock", "workshop.sock"


@dataclass
class Workshop:
    """Everything that is done after a message was acknowledged."""

    core: Core
    sockets: Path
    engines: EnginePool
    crew: EngineCrew
    pipeline: Pipeline
    rounds: RoundWorker
    trials: TrialRunner
    metrics: Metrics
    whatsapp: WhatsApp | None = None
    bridge: Bridge | None = None
    _servers: list[Any] = field(default_factory=list)

    @classmethod
    def build(cls, core: Core, sockets: Path) -> Self:
        """Put together; nothing runs yet."""
        settings, keys = core.settings, core.database.keys
        processes = engine_processes(core, sockets)
        secret = keys.engine_secret.hex()
        engines = EnginePool([one.socket for one in processes], secret, settings.engine_timeout_s)
        whatsapp = None
        if settings.whatsapp_provider:
            whatsapp = WhatsApp.open(settings, core.services, core.requests, core.workers, core.clock)
        metrics = Metrics(engines=engines)
        crew = EngineCrew(processes, engines, ROOT)
        identifier = core.database.keys.vault.identifier
        trials = TrialRunner(core.workers, engines, crew, settings.models, identifier, core.clock)
        senders = {"whatsapp": whatsapp.sender} if whatsapp else {}
        pipeline = core.pipeline(engines, senders, metrics, trials)
        if whatsapp is not None:
            whatsapp.connect(pipeline)
        rounds = RoundWorker(
            core.workers,
            BotSteps(settings.bot_python),
            settings.data / "rounds",
            settings.models,
            ROOT,
            keys.model_key.hex(),
            known_labels(core.services.reference),
            core.clock,
            questions={
                "TEMAN_LAPOR_INTERNAL_URL": f"unix:{sockets / INTERNAL}",
                "TEMAN_LAPOR_ENGINE_SECRET": secret,
            },
        )
        to_lapor = bridge(settings, core.workers, keys.audit_key, core.services, core.clock)
        return cls(core, sockets, engines, crew, pipeline, rounds, trials, metrics, whatsapp, to_lapor)

    @property
    def following(self) -> Following:
        """How this host serves what another was told to serve."""
        return Following(
            self.core.workers, self.change, lambda: self.crew.serving, self.core.settings.models, ROOT
        )

    @property
    def signs(self) -> SignsOfLife:
        """How this host tells the others how it is."""
        settings = self.core.settings
        return SignsOfLife(
            self.core.workers,
            settings.host_name,
            settings.engines,
            self.engines,
            lambda: self.crew.serving,
            settings.data,
            self.core.clock,
        )

    @property
    def model(self) -> str | None:
        """The model that answers turns; None while no engine is up."""
        return self.engines.model

    @property
    def serving(self) -> Path | None:
        """The archive it comes from."""
        return self.crew.serving

    def is_ready(self) -> dict[str, bool]:
        """Part → whether it works."""
        return {"engine": self.model is not None}

    async def change(self, archive: Path) -> float:
        """Serve another archive; the seconds it took. Raises ModelNotServed."""
        return await self.crew.change(archive)

    async def turn_figures(self) -> bytes:
        """Figures of turns in Prometheus' text format."""
        return self.metrics.turns_text()

    async def listen(self) -> None:
        """Open the sockets of the engines' questions and of the door."""
        core = self.core
        questions = internal_app(
            app_name("internal"), core.requests, core.services, core.database.keys.engine_secret.hex()
        )
        door = workshop_app(app_name("workshop"), self, core.workshop_secret)
        for app, name in ((questions, INTERNAL), (door, WORKSHOP)):
            self._servers.append(await serve(app, unix_listener(self.sockets / name)))

    async def work(self) -> None:
        """Workers, timers, engines and their watch, until cancelled."""
        database, open_uow = self.core.database, self.core.workers
        settings = self.core.settings
        chain = AnchorFile(settings.data / "audit", database.keys.vault, settings.host_name)
        anchors = Anchors(database.workers, chain)
        deadlines = Deadlines(open_uow, self.core.services, escalation.stages(), self.pipeline.wakeups)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.pipeline.run())
            group.create_task(self.signs.run())
            group.create_task(self.following.run())
            group.create_task(anchors.run())
            group.create_task(self.pipeline.every(DEADLINES_S, deadlines.watch))
            group.create_task(self.engines.watch())
            group.create_task(self.crew.run())
            group.create_task(self.rounds.run())
            group.create_task(self.trials.run())
            group.create_task(self.core.reference_watch.run(self.pipeline.wakeups))
            group.create_task(outgoing(database, self.pipeline, self.core.services, self.core.clock).run())
            if self.whatsapp is not None:
                group.create_task(self.whatsapp.run())
            if self.bridge is not None:
                group.create_task(self.bridge.run())

    async def finish(self) -> None:
        """Turns and sendings that were begun are done; no other is begun here."""
        if not await self.pipeline.finish(self.core.settings.engine_timeout_s + LAST_COMMIT_S):
            log.warning("left before everything begun was done; it is done again")

    async def close(self) -> None:
        """Listeners and connections closed; the database is the core's."""
        for server in self._servers:
            server.close()
        if self.whatsapp is not None:
            await self.whatsapp.close()
        if self.bridge is not None:
            await self.bridge.close()
        await self.engines.close()


def engine_processes(core: Core, sockets: Path) -> list[EngineProcess]:
    """The engines of this host as they are started first."""
    settings, keys = core.settings, core.database.keys
    return [
        EngineProcess(
            python=settings.bot_python,
            socket=sockets / f"engine-{number}.sock",
            model=settings.models,
            internal_url=f"unix:{sockets / INTERNAL}",
            engine_secret=keys.engine_secret.hex(),
            model_key=keys.model_key.hex(),
        )
        for number in range(settings.engines)
    ]
