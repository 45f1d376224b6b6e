"""The engines of this host as one crew: all of one model, replaced whole by a crew of another model while turns go on."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from backend.conversations.engine_client import EnginePool
from backend.model import newest
from backend.processes import EngineProcess, keep_all_running

log = logging.getLogger(__name__)

LONGEST_START_S = 60.0


class ModelNotServed(Exception):
    """The engines did not come up with that model; the one before goes on serving."""


@dataclass
class EngineCrew:
    """`first` are the processes as they are started; their model is a folder (its newest archive) or an archive."""

    first: Sequence[EngineProcess]
    pool: EnginePool
    root: Path
    start_s: float = LONGEST_START_S
    serving: Path | None = None
    _task: asyncio.Task[None] | None = None
    _trial: asyncio.Task[None] | None = None
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _generations: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def run(self) -> None:
        """Keep the crew running until cancelled."""
        model = self.first[0].model if self.first else None
        self.serving = newest(model) if model is not None and model.is_dir() else model
        self._task = self._started(self.first)
        try:
            while True:
                # A change replaces the task; whatever a task of ours raises ends us too.
                task = self._task
                await asyncio.wait({task})
                if task is self._task:
                    await task
        finally:
            await self.end_trial()
            await _ended(self._task)

    def _started(self, processes: Sequence[EngineProcess]) -> asyncio.Task[None]:
        return asyncio.create_task(keep_all_running(processes, self.root))

    async def try_out(self, model: Path, name: str) -> Path:
        """One more engine beside the crew, of a candidate; returns its socket. There is never more than one."""
        await self.end_trial()
        one = replace(self.first[0], model=model, socket=self.first[0].socket.with_name(f"{name}.sock"))
        self._trial = self._started([one])
        return one.socket

    async def end_trial(self) -> None:
        """The candidate's engine ends, and gives its memory back."""
        ending, self._trial = self._trial, None
        await _ended(ending)

    async def change(self, model: Path) -> float:
        """Serve `model` from now on; returns the seconds until new turns saw it.

        Raises:
            ModelNotServed: its engines did not come up (a wrong signature, no memory); nothing has changed.
        """
        async with self._changing:
            began = time.monotonic()
            number = next(self._generations)
            crew = [
                replace(one, model=model, socket=one.socket.with_name(f"e{number}-{place}.sock"))
                for place, one in enumerate(self.first)
            ]
            starting = self._started(crew)
            sockets = [one.socket for one in crew]
            if not await self.pool.prepare(sockets, self.start_s):
                await _ended(starting)
                raise ModelNotServed(f"{model.name} did not come up in {self.start_s:.0f} s")
            leaving, self._task, self.serving = self._task, starting, model
            changing = asyncio.create_task(self.pool.take_over(sockets))
            took = time.monotonic() - began
            try:
                await changing
            finally:
                await _ended(leaving)
            log.info("crew changed model=%s took_s=%.1f", model.name, took)
            return took


async def _ended(task: asyncio.Task[None] | None) -> None:
    if task is None:
        return
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
