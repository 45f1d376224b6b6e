"""The composition root: the only file that knows everybody. Dependencies are passed by hand, in plain sight."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from sanic import Sanic

from backend.channels.whatsapp.channel import WhatsApp
from backend.conversations.deadlines import Deadlines
from backend.conversations.effects import by_use_cases
from backend.conversations.engine_client import EnginePool
from backend.conversations.pipeline import Pipeline, Rules
from backend.engine_crew import EngineCrew
from backend.lapor.worker import Bridge, bridge
from backend.persistence.anchor_file import AnchorFile
from backend.persistence.anchors import Anchors
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.places import service as places
from backend.processes import EngineProcess
from backend.reference import escalation, loader
from backend.reference.intents import known_labels
from backend.rounds.desk import TrainingDesk
from backend.rounds.promotion import Promotion
from backend.rounds.trial import TrialRunner
from backend.rounds.worker import BotSteps, RoundWorker
from backend.settings import ROOT, Settings
from backend.usecases.pick_for_review import pick_for_review
from backend.usecases.services import Services
from backend.web.internal import internal_app
from backend.web.metrics import Metrics
from backend.web.ports import Site
from backend.web.public import public_app
from backend.webhooks.opening import outgoing

log = logging.getLogger(__name__)

LONGEST_SOCKET_FOLDER = 80
DEADLINES_S = 3600.0


def utc_now() -> datetime:
    return datetime.now(UTC)


class SystemRandom:
    """Chance of the operating system: the `Randomness` port in production."""

    def randbelow(self, limit: int) -> int:
        """0 … limit − 1, uniform."""
        return secrets.randbelow(limit)

    def token_hex(self, n_bytes: int) -> str:
        """2 × n_bytes hex digits."""
        return secrets.token_hex(n_bytes)


@dataclass
class Product:
    """One running backend: its parts, its listeners, and the work it does until it is closed."""

    settings: Settings
    database: Database
    engines: EnginePool
    pipeline: Pipeline
    site: Site
    internal: Sanic[Any, Any]
    crew: EngineCrew
    rounds: RoundWorker
    trials: TrialRunner
    sockets: Path
    whatsapp: WhatsApp | None = None
    bridge: Bridge | None = None
    port: int = 0
    _servers: list[Any] = field(default_factory=list)

    @classmethod
    async def open(cls, settings: Settings, clock: Callable[[], datetime] = utc_now) -> Self:
        """Everything built and the database ready; nothing listens yet.

        Raises:
            DatabaseRefused, DatabaseUnavailable, KeysRefused: it cannot start; the text says what to do.
        """
        database = await Database.open(settings)
        keys = database.keys
        reference = loader.load()
        served = list(reference.regencies)
        finder = await asyncio.to_thread(places.load, {settings.home_regency, *served}, settings.data)
        refs = SealedCaseRefs(keys.vault)
        services = Services(
            reference, keys.vault, refs, SystemRandom(), finder, settings.home_regency, keys.vault
        )
        sockets = socket_folder(settings.data)
        secret = keys.engine_secret.hex()
        processes = [
            EngineProcess(
                python=settings.bot_python,
                socket=sockets / f"engine-{number}.sock",
                model=settings.models,
                internal_url=f"unix:{sockets / 'internal.sock'}",
                engine_secret=secret,
                model_key=keys.model_key.hex(),
            )
            for number in range(settings.engines)
        ]
        engines = EnginePool([one.socket for one in processes], secret, settings.engine_timeout_s)
        crew = EngineCrew(processes, engines, ROOT)
        rules = Rules(
            zone=reference.zone(settings.home_regency).tzinfo,
            home=settings.home_regency,
            workers=settings.workers,
            remind_after=timedelta(minutes=settings.reminder_after_min),
            draft_kept=timedelta(hours=settings.draft_kept_h),
        )
        open_uow = opener(database.requests, keys.vault)
        whatsapp = None
        if settings.whatsapp_provider:
            workers = opener(database.workers, keys.vault)
            whatsapp = WhatsApp.open(settings, services, open_uow, workers, clock)
        to_lapor = bridge(settings, opener(database.workers, keys.vault), keys.audit_key, reference, clock)
        metrics = Metrics()
        trials = TrialRunner(
            opener(database.workers, keys.vault),
            engines,
            crew,
            settings.models,
            keys.vault.identifier,
            clock,
        )
        pipeline = Pipeline(
            database,
            engines,
            rules,
            by_use_cases(services),
            reference.sentence,
            pick_for_review,
            senders={"whatsapp": whatsapp.sender} if whatsapp else {},
            clock=clock,
            watch=metrics,
            trials=trials,
        )

        rounds = RoundWorker(
            opener(database.workers, keys.vault),
            BotSteps(settings.bot_python),
            settings.data / "rounds",
            settings.models,
            ROOT,
            keys.model_key.hex(),
            known_labels(reference),
            clock,
            questions={
                "TEMAN_LAPOR_INTERNAL_URL": f"unix:{sockets / 'internal.sock'}",
                "TEMAN_LAPOR_ENGINE_SECRET": secret,
            },
        )
        promotion = Promotion(
            rounds.open_uow,
            crew.change,
            lambda: crew.serving,
            settings.models,
            rounds.folder,
            ROOT,
            clock,
        )

        def is_ready() -> dict[str, bool]:
            return {"engine": engines.model is not None}

        site = Site(
            settings,
            pipeline,
            open_uow,
            services,
            clock,
            keys.cookie_key,
            is_ready,
            database,
            channels=(whatsapp.connect(pipeline),) if whatsapp else (),
            metrics=metrics,
            training=TrainingDesk(rounds.open_uow, promotion, clock),
            atlas=finder.atlas(),
        )
        internal = internal_app(app_name("internal"), open_uow, services, secret)
        return cls(
            settings,
            database,
            engines,
            pipeline,
            site,
            internal,
            crew,
            rounds,
            trials,
            sockets,
            whatsapp,
            to_lapor,
        )

    async def listen(self) -> None:
        """Open the public port and the internal socket."""
        path = self.sockets / "internal.sock"
        path.unlink(missing_ok=True)
        inside = socket.socket(socket.AF_UNIX)
        inside.bind(str(path))
        path.chmod(0o600)
        outside = socket.create_server((self.settings.host, self.settings.port), backlog=512)
        self.port = outside.getsockname()[1]
        public = public_app(app_name("public"), self.site)
        for app, listener in ((self.internal, inside), (public, outside)):
            server: Any = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
            if server is None:
                raise RuntimeError("a listener could not be opened")
            await server.startup()
            await server.before_start()
            await server.after_start()
            await server.start_serving()
            self._servers.append(server)

    async def work(self) -> None:
        """Workers, timers, engines and their watch, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.pipeline.run())
            vault = self.database.keys.vault
            anchors = Anchors(
                self.database.workers,
                AnchorFile(self.settings.data / "audit", vault, self.settings.host_name),
            )
            group.create_task(anchors.run())
            open_uow = opener(self.database.workers, vault)
            wakeups = self.pipeline.wakeups
            deadlines = Deadlines(open_uow, self.site.services, escalation.stages(), wakeups)
            group.create_task(self.pipeline.every(DEADLINES_S, deadlines.watch))
            group.create_task(self.engines.watch())
            group.create_task(self.crew.run())
            group.create_task(self.rounds.run())
            group.create_task(self.trials.run())
            if self.whatsapp is not None:
                group.create_task(self.whatsapp.run())
            if self.bridge is not None:
                group.create_task(self.bridge.run())
            group.create_task(
                outgoing(self.database, self.pipeline, self.site.services, self.site.clock).run()
            )
            if self.database.server is not None:
                group.create_task(self.database.server.keep_running())

    async def close(self) -> None:
        """Listeners closed, then the database."""
        for server in self._servers:
            server.close()
        if self.whatsapp is not None:
            await self.whatsapp.close()
        if self.bridge is not None:
            await self.bridge.close()
        await self.engines.close()
        await self.database.close()


def app_name(part: str) -> str:
    """Sanic keeps a register of apps by name; tests open many products in one process."""
    return f"teman_lapor_{part}_{secrets.token_hex(4)}"


def socket_folder(data: Path) -> Path:
    """A folder 0700 for our sockets; elsewhere when the data folder's path is too long for a socket's name."""
    folder = data / "run"
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.mkdtemp(prefix="teman-lapor-"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder
