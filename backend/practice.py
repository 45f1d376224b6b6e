"""`python -m backend practice`: a desk for learning, with invented reports, its own database and its own keys.

The code is the desk's own; what is missing is everything that reaches people: no engine, no channel, no timer, no LAPOR!. Nothing here can
mix with real reports, because it is another database in another folder.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

from backend.conversations.watch import NobodyWatches
from backend.core import Core
from backend.door import Door, EnginesElsewhere
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.settings import Settings
from backend.web import urls

FOLDER = "practice"


class NobodyBehind:
    """A door without a workshop."""

    serving: Path | None = None

    def is_ready(self) -> dict[str, bool]:
        """Nothing else has to work."""
        return {}

    async def change(self, archive: Path) -> float:
        """Never called: there is no model."""
        raise NotImplementedError

    async def turn_figures(self) -> bytes:
        """No turns."""
        return b""


def practice_settings(settings: Settings, port: int | None) -> Settings:
    """The same desk on a folder of its own, with every way to people cut off."""
    given = {} if port is None else {"port": port}
    return settings.model_copy(
        update={
            "data": settings.data / FOLDER,
            "database_url": None,
            "app_database_url": None,
            "desk_database_url": None,
            "whatsapp_provider": "",
            "lapor_url": "",
            "lapor_token": None,
            **given,
        }
    )


async def open_practice(settings: Settings) -> tuple[Core, Door]:
    """Put together from settings made by `practice_settings`; nothing listens yet."""
    core = await Core.open(settings)
    pipeline = core.pipeline(EnginesElsewhere(), {}, NobodyWatches())
    return core, Door.build(core, pipeline, NobodyBehind(), practice=True)


def practice(settings: Settings, port: int | None, *, reset: bool) -> int:
    """Serve until interrupted; with `reset` everything practised so far is thrown away first. Returns the exit code."""
    own = practice_settings(settings, port)
    if reset:
        shutil.rmtree(own.data, ignore_errors=True)
    try:
        asyncio.run(_serve(own))
    except (DatabaseRefused, DatabaseUnavailable, KeysRefused) as refusal:
        print(f"The practice desk does not start: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


async def _serve(settings: Settings) -> None:
    core, door = await open_practice(settings)
    try:
        await door.listen()
        print(f"Practice desk: http://localhost:{door.port}{urls.PRACTICE_DOOR}", flush=True)
        async with asyncio.TaskGroup() as group:
            group.create_task(door.site.pipeline.wakeups.run())
            group.create_task(core.keep_database())
    finally:
        await door.close()
        await core.database.close()
