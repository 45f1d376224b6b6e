"""`python -m backend run`: everything of this host in one go, until interrupted.

The door (this process) acknowledges what comes in. The workshop is its child, and the engines are the workshop's: they give way to
the door, so that a rush of turns never keeps a webhook waiting.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from backend import model
from backend.conversations.watch import NobodyWatches
from backend.core import Core, socket_folder
from backend.door import Door, EnginesElsewhere
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.processes import WorkshopProcess, keep_running
from backend.settings import ROOT, Settings
from backend.workshop import WORKSHOP, Workshop
from backend.workshop_line import WorkshopLine

log = logging.getLogger(__name__)

STANDARD_INPUT = 0
# Libraries that say at debug what people sent: headers, queries, what is hidden in a photo.
TALKATIVE = "httpx httpcore sanic.access sanic.root sanic.server alembic asyncio asyncpg sqlalchemy PIL pikepdf".split()


class NotReady(Exception):
    """Something is missing; the message says what to do."""


def run(settings: Settings) -> int:
    """Start everything and serve; returns the exit code."""
    _say_on_stderr(settings)
    if settings.environment == "production" and not settings.secure_cookies:
        print(
            "Teman Lapor does not start: production needs TEMAN_LAPOR_PUBLIC_URL with https://",
            file=sys.stderr,
        )
        return 2
    try:
        if model.train(settings, only_if_missing=True):
            return 1
        asyncio.run(_serve(settings))
    except (DatabaseRefused, DatabaseUnavailable, KeysRefused) as refusal:
        print(f"Teman Lapor does not start: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _say_on_stderr(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    quiet_libraries()


def quiet_libraries() -> None:
    """At any level of ours, libraries tell warnings only."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


async def _serve(settings: Settings) -> None:
    """The door in this process, the workshop in a child of it."""
    core = await Core.open(settings)
    sockets = socket_folder(settings.data)
    line = WorkshopLine(sockets / WORKSHOP, core.workshop_secret)
    door = Door.build(
        core,
        core.pipeline(EnginesElsewhere(), {}, NobodyWatches(), engines_are_away=lambda: line.model is None),
        line,
    )

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(door.site.pipeline.wakeups.run())
            group.create_task(core.reference_watch.follow(door.site.pipeline.wakeups))
            group.create_task(line.watch())
            group.create_task(core.keep_database())
            group.create_task(keep_running(WorkshopProcess(sockets), ROOT))

    try:
        await door.listen()
        _announce(settings, door.port)
        await _until_told(work(), door.leave, signal.SIGINT, signal.SIGTERM)
    finally:
        await door.close()
        await line.close()
        await core.database.close()


def run_workshop(settings: Settings, sockets: Path) -> int:
    """What `run` starts as a child: it gives way to the door, and leaves when its standard input closes."""
    _say_on_stderr(settings)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the door's to hear; it ends us
    os.nice(settings.give_way)
    threading.Thread(target=_leave_with_the_door, daemon=True).start()
    try:
        asyncio.run(_work(settings, sockets))
    except (DatabaseRefused, DatabaseUnavailable, KeysRefused) as refusal:
        log.error("workshop does not start: %s", refusal)
        return 1
    return 0


async def _work(settings: Settings, sockets: Path) -> None:
    core = await Core.open(settings)
    workshop = Workshop.build(core, sockets)
    try:
        await workshop.listen()
        await _until_told(workshop.work(), workshop.finish, signal.SIGTERM)
    finally:
        await workshop.close()
        await core.database.close()


def _leave_with_the_door() -> None:
    """A door that was killed closes the pipe: we go as it went, and everything that was committed stays."""
    while os.read(STANDARD_INPUT, 1024):
        pass
    os._exit(1)


async def _until_told(
    work: Coroutine[Any, Any, None], leave: Callable[[], Awaitable[object]], *signals: signal.Signals
) -> None:
    """Work until one of the signals comes, and while we take our leave; a failure of the work is ours."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in signals:
        loop.add_signal_handler(name, stop.set)
    working, ended = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, ended}, return_when=asyncio.FIRST_COMPLETED)
    if working.done():
        working.result()
    await leave()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


def _announce(settings: Settings, port: int) -> None:
    lines = [
        "",
        f"  Teman Lapor   http://localhost:{port}",
        f"  data          {settings.data}",
        f"  keys          {settings.data / 'secrets' / 'keys.json'}  (back them up: python -m backend backup-keys)",
        f"  officers      http://localhost:{port}/masuk  (the first one: python -m backend add-officer --help)",
        "  stop          Ctrl+C",
        "",
    ]
    print("\n".join(lines), flush=True)
