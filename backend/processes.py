"""The child processes of this host: started, watched, restarted, and ended with us.

A child gets its end of a pipe as standard input and leaves when the pipe closes, so that children of a killed backend cannot
outlive it and answer with an old model.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

log = logging.getLogger(__name__)

QUIET_LIFE_S = 60.0


class Child(Protocol):
    """How a process is started, and how long one waits before it is started again, the more often it ends."""

    @property
    def name(self) -> str: ...
    @property
    def pauses_s(self) -> Sequence[float]: ...
    def command(self) -> Sequence[str]: ...
    def environment(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class EngineProcess:
    """One engine: its socket and the environment it sees."""

    python: Path
    socket: Path
    model: Path
    internal_url: str
    engine_secret: str
    model_key: str
    pauses_s: Sequence[float] = (0.2, 1.0, 3.0, 10.0)

    @property
    def name(self) -> str:
        return f"engine {self.socket.name}"

    def command(self) -> Sequence[str]:
        return (str(self.python), "-m", "bot.engine")

    def environment(self) -> dict[str, str]:
        return {
            **without_ours(os.environ),
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TEMAN_LAPOR_ENGINE_SOCKET": str(self.socket),
            "TEMAN_LAPOR_ENGINE_SECRET": self.engine_secret,
            "TEMAN_LAPOR_INTERNAL_URL": self.internal_url,
            "TEMAN_LAPOR_MODEL": str(self.model),
            "TEMAN_LAPOR_MODEL_KEY": self.model_key,
        }


@dataclass(frozen=True)
class WorkshopProcess:
    """The workshop of this host, with our own settings."""

    sockets: Path
    pauses_s: Sequence[float] = (0.1, 0.2, 0.5, 2.0)

    @property
    def name(self) -> str:
        return "workshop"

    def command(self) -> Sequence[str]:
        return (sys.executable, "-m", "backend", "workshop", "--sockets", str(self.sockets))

    def environment(self) -> dict[str, str]:
        return dict(os.environ)


def without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """What a process of the bot may see: no setting of ours, and no password of the database."""
    ours = ("TEMAN_LAPOR_", "DATABASE_URL")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}


async def keep_running(child: Child, root: Path) -> None:
    """Run it until cancelled; start it again whenever it ends, more slowly when it keeps ending."""
    failures = 0
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        process = await asyncio.create_subprocess_exec(
            *child.command(), cwd=root, env=child.environment(), stdin=asyncio.subprocess.PIPE
        )
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
        failures = 0 if loop.time() - began > QUIET_LIFE_S else failures + 1
        pause = child.pauses_s[min(failures, len(child.pauses_s) - 1)]
        log.warning("%s ended exit_code=%s restart_in_s=%s", child.name, code, pause)
        await asyncio.sleep(pause)


async def keep_all_running(children: Sequence[Child], root: Path) -> None:
    """Run every one of them until cancelled."""
    async with asyncio.TaskGroup() as group:
        for child in children:
            group.create_task(keep_running(child, root))
