"""The whole product in one process: door and workshop side by side, as tests and tools use it. `run.py` gives each its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from backend.conversations.engine_client import EnginePool
from backend.core import Core, app_name, socket_folder, utc_now
from backend.door import Door
from backend.engine_crew import EngineCrew
from backend.rounds.worker import RoundWorker
from backend.settings import Settings
from backend.web.ports import Site
from backend.workshop import Workshop

__all__ = ["Product", "app_name"]


@dataclass
class Product:
    """One running backend: its parts, its listeners, and the work it does until it is closed."""

    core: Core
    door: Door
    workshop: Workshop

    @classmethod
    async def open(cls, settings: Settings, clock: Callable[[], datetime] = utc_now) -> Self:
        """Everything built and the database ready; nothing listens yet.

        Raises:
            DatabaseRefused, DatabaseUnavailable, KeysRefused: it cannot start; the text says what to do.
        """
        core = await Core.open(settings, clock)
        workshop = Workshop.build(core, socket_folder(settings.data))
        return cls(core, Door.build(core, workshop.pipeline, workshop), workshop)

    @property
    def port(self) -> int:
        return self.door.port

    @property
    def site(self) -> Site:
        return self.door.site

    @property
    def engines(self) -> EnginePool:
        return self.workshop.engines

    @property
    def crew(self) -> EngineCrew:
        return self.workshop.crew

    @property
    def rounds(self) -> RoundWorker:
        return self.workshop.rounds

    async def listen(self) -> None:
        """Open the public port and the inner sockets."""
        await self.workshop.listen()
        await self.door.listen()

    async def work(self) -> None:
        """Everything that goes on by itself, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.workshop.work())
            group.create_task(self.core.keep_database())

    async def close(self) -> None:
        """Listeners closed, then the database."""
        await self.door.close()
        await self.workshop.close()
        await self.core.database.close()
