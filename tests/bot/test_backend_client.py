"""Questions reach the backend over TCP or a unix socket, with the turn's world; an unanswered one raises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot import clock
from bot.actions.backend_client import HttpBackend

WORLD = clock.Frozen(datetime(2026, 11, 23, tzinfo=timezone.utc), "0" * 32, "opaque", "64.08", "web")


@pytest.fixture(params=["tcp", "unix"])
async def address(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    async def answer(asked: web.Request) -> web.Response:
        if asked.headers["Authorization"] != "Bearer secret":
            return web.json_response({}, status=401)
        return web.json_response({"name": asked.match_info["name"], "heard": await asked.json()})

    app = web.Application()
    app.router.add_post("/internal/questions/{name}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    if request.param == "unix":
        await web.UnixSite(runner, str(tmp_path / "q.sock")).start()
        yield f"unix:{tmp_path / 'q.sock'}"
    else:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_question_carries_the_turns_world(address: str) -> None:
    backend = HttpBackend(address, "secret")
    with clock.frozen(WORLD):
        answer = await backend.ask("place", text="depan sd")
    await backend.close()
    assert answer == {
        "name": "place",
        "heard": {"conversation": "opaque", "now": "2026-11-23T00:00:00+00:00", "text": "depan sd"},
    }


async def test_a_rehearsal_says_so(address: str) -> None:
    backend = HttpBackend(address, "secret")
    with clock.frozen(replace(WORLD, rehearsal=True)):
        answer = await backend.ask("status", code="1234")
    await backend.close()
    assert answer["heard"]["rehearsal"] is True


async def test_a_refused_question_raises(address: str) -> None:
    backend = HttpBackend(address, "wrong")
    with pytest.raises(aiohttp.ClientResponseError):
        await backend.ask("place", text="depan sd")
    await backend.close()


@pytest.mark.parametrize("nowhere", ["http://127.0.0.1:9", "unix:/nowhere/at/all.sock"])
async def test_a_missing_backend_raises(nowhere: str) -> None:
    backend = HttpBackend(nowhere, "secret")
    with pytest.raises(aiohttp.ClientConnectionError):
        await backend.ask("facts", topic="limits")
    await backend.close()


def test_one_backend_serves_one_loop_after_the_other() -> None:
    backend = HttpBackend("http://127.0.0.1:9", "secret")

    async def ask() -> None:
        with pytest.raises(aiohttp.ClientConnectionError):
            await backend.ask("facts", topic="limits")
        await backend.close()

    for _ in range(2):
        asyncio.run(ask())
