"""One backend process of a bench: the real public site on a filled data folder, no engine. Prints its address; leaves with its standard
input. Several of them on one data folder are what a load balancer has behind it.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from backend.app import app_name
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.places import service as places
from backend.settings import Settings
from backend.web.ports import Site
from backend.web.public import public_app
from tests.support.scripted_engine import ScriptedEngine
from tests.support.serving import serving
from tests.support.talk import Talk

PARTNER_KEY = "key-of-a-bench-of-nothing-else"


class Chance:
    """`Randomness` of the operating system."""

    def randbelow(self, limit: int) -> int:
        """0 … limit − 1, uniform."""
        return secrets.randbelow(limit)

    def token_hex(self, n_bytes: int) -> str:
        """2 × n_bytes hex digits."""
        return secrets.token_hex(n_bytes)


class Now(Talk):
    """A pipeline by the clock on the wall."""

    def clock(self) -> datetime:
        """Now."""
        return datetime.now(UTC)


async def site_of(database: Database, data: Path) -> Site:
    """The parts of a backend that take part in the desk's work, with the real gazetteer and real chance."""
    talk = Now(database, engine=ScriptedEngine())
    finder = await asyncio.to_thread(places.load, set(talk.services.reference.regencies), data)
    settings = Settings(_env_file=None, data=data, proxies=1, open311_keys=SecretStr(PARTNER_KEY))
    return Site(
        settings=settings,
        pipeline=talk.pipeline,
        open_uow=opener(database.requests, database.keys.vault),
        services=replace(talk.services, random=Chance(), places=finder),
        clock=talk.clock,
        cookie_key=database.keys.cookie_key,
        is_ready=lambda: {"engine": False},
        database=database,
    )


async def serve(data: Path) -> None:
    """Until standard input closes."""
    database = await Database.open(Settings(_env_file=None, data=data))
    try:
        site = await site_of(database, data)
        async with serving(public_app(app_name("bench"), site)) as url:
            print(url, flush=True)
            await asyncio.to_thread(sys.stdin.read)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
