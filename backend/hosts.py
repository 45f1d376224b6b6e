"""How this host is, told to all hosts every few seconds."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from backend.conversations.engine_client import EnginePool
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.host_rows import Host
from backend.persistence.schema import newest_revision
from backend.persistence.unit_of_work import OpenUnitOfWork

log = logging.getLogger(__name__)

EVERY_S = 5.0


@dataclass(frozen=True)
class SignsOfLife:
    """`serving` is the archive that the engines serve, `data` the folder whose room counts."""

    open_uow: OpenUnitOfWork
    name: str
    n_engines: int
    engines: EnginePool
    serving: Callable[[], Path | None]
    data: Path
    clock: Callable[[], datetime]

    async def run(self) -> None:
        """Until cancelled, through restarts of the database."""
        started_at = self.clock()
        while True:
            try:
                await self.beat(started_at)
            except DatabaseUnavailable as failure:
                log.warning("database away error=%s", failure)
            await asyncio.sleep(EVERY_S)

    async def beat(self, started_at: datetime, *, draining: bool = False) -> None:
        """Once."""
        serving = self.serving()
        host = Host(
            name=self.name,
            started_at=started_at,
            seen_at=self.clock(),
            schema=newest_revision() or "",
            model=serving.name if serving else None,
            engines=self.n_engines,
            engines_up=self.engines.n_up,
            free_bytes=shutil.disk_usage(self.data).free,
            draining=draining,
        )
        async with self.open_uow() as uow:
            await uow.hosts.beat(host)
            await uow.commit()
