"""Serve what another host was told to serve: a promotion, or the way back, reaches every host."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from backend.engine_crew import ModelNotServed
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.round_rows import Served
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.rounds import archives
from backend.rounds.files import write_files
from backend.rounds.promotion import needed_archives

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0


@dataclass(frozen=True)
class Following:
    """`change` makes the engines of this host serve an archive, `serving` names the one that they do."""

    open_uow: OpenUnitOfWork
    change: Callable[[Path], Awaitable[float]]
    serving: Callable[[], Path | None]
    models: Path
    tree: Path

    async def run(self) -> None:
        """Until cancelled, through restarts of the database; a model that does not come up is tried again."""
        while True:
            try:
                await self.follow()
            except (DatabaseUnavailable, ModelNotServed, OSError) as failure:
                log.warning("model not followed error=%s", failure)
            await asyncio.sleep(LOOK_EVERY_S)

    async def follow(self) -> bool:
        """Whether another model serves now."""
        live = self.serving()
        async with self.open_uow() as uow:
            history = await uow.rounds.serving_history(1)
        if live is None or not history or not _is_later(history[0], live):
            return False
        archive = self.models / history[0].model
        if not archive.is_file():
            async with self.open_uow() as uow:
                stored = await uow.archives.fetch(archive.name)
            if stored is None:
                log.warning("model is nowhere to be had model=%s", archive.name)
                return False
            await asyncio.to_thread(archives.write, stored, self.models)
            write_files(dict(stored.files), self.tree)
        await self.change(archive)
        # The newest archive of the folder is what the next start serves.
        os.utime(archive)
        async with self.open_uow() as uow:
            needed = await needed_archives(uow, archive.name)
        if gone := await asyncio.to_thread(archives.tidy, self.models, needed):
            log.info("models removed models=%s", ", ".join(gone))
        return True


def _is_later(served: Served, live: Path) -> bool:
    """Another model was told to serve after the one that does was made or told: an upgrade's own training stays."""
    return served.model != live.name and served.at.timestamp() > live.stat().st_mtime
