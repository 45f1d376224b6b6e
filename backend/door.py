"""The door: everything public. What comes in is committed and acknowledged here; the work is the workshop's."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from backend.channels.whatsapp.channel import door_of
from backend.conversations.pipeline import Pipeline
from backend.core import Core, app_name
from backend.persistence.unit_of_work import opener
from backend.rounds.desk import TrainingDesk
from backend.rounds.promotion import Promotion
from backend.settings import ROOT
from backend.web.listening import serve
from backend.web.metrics import Metrics
from backend.web.ports import Site
from backend.web.public import public_app

BACKLOG = 1024
LAST_LOOKS, LOOK_AGAIN_S = 60, 0.05


class BehindTheDoor(Protocol):
    """What the door needs of the workshop, in this process or in another."""

    @property
    def serving(self) -> Path | None: ...
    def is_ready(self) -> dict[str, bool]: ...
    async def change(self, archive: Path) -> float: ...
    async def turn_figures(self) -> bytes: ...


class EnginesElsewhere:
    """`Engines` of a process that works on no turn."""

    model: str | None = None

    async def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Never called: turns are the workshop's."""
        raise NotImplementedError


@dataclass
class Door:
    """The public listener and what it serves."""

    core: Core
    site: Site
    port: int = 0
    _server: Any = None

    @classmethod
    def build(cls, core: Core, pipeline: Pipeline, behind: BehindTheDoor, *, practice: bool = False) -> Self:
        """Put together; nothing listens yet. `practice` opens the way in without a password, for invented reports only."""
        settings = core.settings
        promotion = Promotion(
            core.requests,
            behind.change,
            lambda: behind.serving,
            settings.models,
            settings.data / "rounds",
            ROOT,
            core.clock,
        )
        letters = opener(core.database.door, core.database.keys.vault)
        has_whatsapp = bool(settings.whatsapp_provider)
        site = Site(
            settings,
            pipeline,
            core.requests,
            core.services,
            core.clock,
            core.database.keys.cookie_key,
            lambda: {**behind.is_ready(), "reference": core.reference_watch.refused is None},
            core.database,
            channels=(door_of(settings, letters, pipeline, core.clock),) if has_whatsapp else (),
            metrics=Metrics(turns_elsewhere=behind.turn_figures),
            training=TrainingDesk(core.requests, promotion, core.clock),
            atlas=core.atlas,
            practice=practice,
        )
        return cls(core, site)

    async def listen(self) -> None:
        """Open the public port."""
        settings = self.core.settings
        listener = socket.create_server((settings.host, settings.port), backlog=BACKLOG)
        self.port = listener.getsockname()[1]
        self._server = await serve(public_app(app_name("public"), self.site), listener)

    async def leave(self) -> None:
        """Refuse at /readyz, and go on answering until a balancer has seen it."""
        self.site.leaving.set()
        await asyncio.sleep(self.core.settings.drain_s)

    async def close(self) -> None:
        """Nobody comes in any more; who is in gets an answer."""
        if self._server is None:
            return
        self._server.close()
        for _ in range(LAST_LOOKS):
            if self.site.metrics.answering <= 0:
                return
            await asyncio.sleep(LOOK_AGAIN_S)
