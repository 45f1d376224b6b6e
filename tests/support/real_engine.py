"""A real engine process with the real model, for the talks: started once per run, its questions answered by whichever
backend a test has at the moment."""

from __future__ import annotations

import os
import secrets
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from backend.usecases.services import Services

ROOT = Path(__file__).resolve().parent.parent.parent
START_WITHIN_S = 120.0


@dataclass
class RealEngine:
    """The engine's socket, its secret, and where it sends its questions. `kill` and `start` may be called at any time."""

    folder: Path
    models: Path = ROOT / "models"
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.folder / "engine.sock"

    @property
    def questions(self) -> Path:
        return self.folder / "internal.sock"

    def start(self) -> None:
        """Start the process; it answers /health when it is ready."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TEMAN_LAPOR_")},
            "RASA_TELEMETRY_ENABLED": "false",
            "TEMAN_LAPOR_ENGINE_SOCKET": str(self.socket),
            "TEMAN_LAPOR_ENGINE_SECRET": self.secret,
            "TEMAN_LAPOR_INTERNAL_URL": f"unix:{self.questions}",
            "TEMAN_LAPOR_MODEL": str(self.models),
        }
        python = ROOT / ".venv" / "bot" / "bin" / "python"
        self.process = subprocess.Popen(
            [str(python), "-m", "bot.engine"], cwd=ROOT, env=environment, stdin=subprocess.PIPE
        )

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def wait_until_ready(self) -> None:
        """Return when the engine takes turns; fail when it ended or takes too long."""
        import httpx

        deadline = time.monotonic() + START_WITHIN_S
        transport = httpx.HTTPTransport(uds=str(self.socket))
        with httpx.Client(transport=transport, base_url="http://engine") as client:
            while time.monotonic() < deadline:
                assert self.process is not None
                assert self.process.poll() is None, "the engine ended while starting"
                try:
                    answer = client.get("/health", headers={"Authorization": f"Bearer {self.secret}"})
                    if answer.json().get("ready"):
                        return
                except (httpx.HTTPError, ValueError):
                    pass
                time.sleep(0.2)
        raise AssertionError("the engine did not get ready")

    @asynccontextmanager
    async def answering(self, open_uow: Any, services: Services) -> AsyncIterator[None]:
        """While the block runs, the engine's questions are answered by this backend."""
        import socket as sockets

        from backend.web.internal import internal_app

        self.questions.unlink(missing_ok=True)
        listener = sockets.socket(sockets.AF_UNIX)
        listener.bind(str(self.questions))
        app = internal_app(f"internal_{secrets.token_hex(4)}", open_uow, services, self.secret)
        server: Any = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.after_start()
        await server.start_serving()
        try:
            yield
        finally:
            server.close()
            # The engine keeps its connection: the next backend must be asked on a new one.
            for connection in list(server.connections):
                connection.abort()


@contextmanager
def running_engine(models: Path = ROOT / "models") -> Iterator[RealEngine]:
    """An engine that answers with the newest model of a folder, killed afterwards."""
    engine = RealEngine(Path(tempfile.mkdtemp(prefix="tl-engine-")), models)
    engine.start()
    try:
        engine.wait_until_ready()
        yield engine
    finally:
        engine.kill()


@pytest.fixture(scope="session")
def real_engine() -> Iterator[RealEngine]:
    """One engine for the whole run."""
    with running_engine() as engine:
        yield engine
