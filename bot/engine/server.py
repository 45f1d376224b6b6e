"""The engine's only door: `POST /turns` and `GET /health`, on this machine, behind the shared secret."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from bot.engine.contract import Answer, MalformedTurn, Turn, UnknownSchema, decode, turn_from
from bot.engine.logs import where
from bot.engine.settings import EngineSettings

log = logging.getLogger(__name__)

LARGEST_BODY = 2 * 1024 * 1024


class TakesTurns(Protocol):
    """A loaded engine, as the door knows it."""

    @property
    def model_id(self) -> str:
        """The id that training gave the model."""

    async def take(self, turn: Turn) -> Answer:
        """Answer one frozen turn, or raise."""


LoadEngine = Callable[[Path], TakesTurns]


class Door:
    """Answers before the model is there: `/health` says so, `/turns` answers 503."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self.engine: TakesTurns | None = None

    async def health(self, _request: web.Request) -> web.Response:
        """Whether a turn would be taken, and by which model."""
        return web.json_response(
            {"ready": True, "model": self.engine.model_id} if self.engine else {"ready": False}
        )

    async def turns(self, request: web.Request) -> web.Response:
        """Take one turn."""
        if not self._knows(request.headers.get("Authorization", "")):
            return _failure(401, "secret_wrong", "the engine secret is missing or wrong")
        try:
            turn = turn_from(decode(await request.read()))
        except MalformedTurn as malformed:
            return _failure(400, "malformed", str(malformed))
        except web.HTTPRequestEntityTooLarge:
            return _failure(400, "malformed", f"the body is larger than {LARGEST_BODY} bytes")
        if self.engine is None:
            return _failure(503, "no_model", "the model is still being loaded")
        try:
            answer = await self.engine.take(turn)
        except UnknownSchema as unknown:
            return _failure(409, "state_unknown", str(unknown))
        # The process's edge: whatever was raised fails the turn, and only its place is told.
        except Exception as failure:  # noqa: BLE001
            place = where(failure)
            log.error("turn failed turn=%s attempt=%s %s", turn.turn, turn.attempt, place)
            return _failure(500, "action_failed", place)
        timing = f"nlu;dur={answer.nlu_ms:.3f}, cpu;dur={answer.cpu_ms:.3f}, total;dur={answer.total_ms:.3f}"
        return web.json_response(answer.body, headers={"Server-Timing": timing}, dumps=_dumps)

    def _knows(self, authorization: str) -> bool:
        scheme, _, secret = authorization.partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(secret.strip().encode(), self._secret)


def application(door: Door) -> web.Application:
    """The two routes, with the body limited."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_get("/health", door.health)
    app.router.add_post("/turns", door.turns)
    return app


async def serve(settings: EngineSettings, load: LoadEngine) -> None:
    """Listen at once, load the model beside, answer until the parent is gone or the process is told to end.

    Raises:
        Exception: what loading raised; an engine that cannot answer does not stay.
    """
    door = Door(settings.secret)
    runner = web.AppRunner(application(door), access_log=None)
    await runner.setup()
    await _site(runner, settings).start()
    try:
        await _load_then_wait(door, settings.model, load)
    finally:
        await runner.cleanup()


async def _load_then_wait(door: Door, model: Path, load: LoadEngine) -> None:
    told_to_end = asyncio.ensure_future(_told_to_end())
    loading = asyncio.ensure_future(asyncio.to_thread(load, model))
    either: list[asyncio.Task[Any]] = [told_to_end, loading]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if told_to_end.done():
        # Loading cannot be interrupted; the process ends without waiting for it.
        os._exit(0)
    door.engine = await loading
    log.info("engine ready model=%s file=%s", door.engine.model_id, model.name)
    await told_to_end


def _site(runner: web.AppRunner, settings: EngineSettings) -> web.BaseSite:
    if settings.socket is None:
        return web.TCPSite(runner, settings.host, settings.port)
    settings.socket.parent.mkdir(parents=True, exist_ok=True)
    settings.socket.unlink(missing_ok=True)
    os.umask(0o077)
    return web.UnixSite(runner, str(settings.socket))


async def _told_to_end() -> None:
    """Return at SIGTERM or SIGINT, or when standard input is a pipe and its other end closes: the parent is gone."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    pipe = sys.stdin.fileno()
    mode = os.fstat(pipe).st_mode

    def readable() -> None:
        if not os.read(pipe, 4096):
            loop.remove_reader(pipe)
            told.set()

    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        loop.add_reader(pipe, readable)
    await told.wait()


def _failure(status: int, code: str, sentence: str) -> web.Response:
    return web.json_response({"error": {"code": code, "log": sentence}}, status=status)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
