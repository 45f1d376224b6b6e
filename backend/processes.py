"""The engine processes of this host: started, watched, restarted, and ended with us.

An engine gets its end of a pipe as standard input and leaves when the pipe closes, so engines of a killed backend
cannot outlive it and answer with an old model.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

RESTART_AFTER_S = (0.2, 1.0, 3.0, 10.0)
QUIET_LIFE_S = 60.0


@dataclass(frozen=True)
class EngineProcess:
    """How one engine is started: its socket and the environment it sees."""

    python: Path
    socket: Path
    model: Path
    internal_url: str
    engine_secret: str
    model_key: str

    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("TEMAN_LAPOR_")},
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TEMAN_LAPOR_ENGINE_SOCKET": str(self.socket),
            "TEMAN_LAPOR_ENGINE_SECRET": self.engine_secret,
            "TEMAN_LAPOR_INTERNAL_URL": self.internal_url,
            "TEMAN_LAPOR_MODEL": str(self.model),
            "TEMAN_LAPOR_MODEL_KEY": self.model_key,
        }


async def keep_running(engine: EngineProcess, root: Path) -> None:
    """Run the engine until cancelled; start it again whenever it ends, more slowly when it keeps ending."""
    failures = 0
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        process = await asyncio.create_subprocess_exec(
            str(engine.python),
            "-m",
            "bot.engine",
            cwd=root,
            env=engine.environment(),
            stdin=asyncio.subprocess.PIPE,
        )
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
        failures = 0 if loop.time() - began > QUIET_LIFE_S else failures + 1
        pause = RESTART_AFTER_S[min(failures, len(RESTART_AFTER_S) - 1)]
        log.warning("engine ended socket=%s exit_code=%s restart_in_s=%s", engine.socket.name, code, pause)
        await asyncio.sleep(pause)


async def keep_all_running(engines: Sequence[EngineProcess], root: Path) -> None:
    """Run every engine until cancelled."""
    async with asyncio.TaskGroup() as group:
        for engine in engines:
            group.create_task(keep_running(engine, root))
