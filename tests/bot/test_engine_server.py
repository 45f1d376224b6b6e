"""The door: what it answers to whom, before and after the model is there, and when the process must end."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.engine.contract import Answer
from bot.engine.server import LARGEST_BODY, Door, application

ROOT = Path(__file__).resolve().parents[2]
SECRET = "secret of the tests, long enough"
KNOWN = {"Authorization": f"Bearer {SECRET}"}
TURN = {
    "turn": "t1",
    "attempt": 2,
    "conversation": "c",
    "channel": "web",
    "now": "2026-11-23T09:12:00+08:00",
    "seed": "0" * 32,
    "home": "64.08",
    "messages": [{"id": "m1", "text": "halo"}],
    "state": None,
}


@pytest.fixture
async def door() -> AsyncIterator[tuple[Door, TestClient[Any, Any]]]:
    one = Door(SECRET)
    async with TestClient(TestServer(application(one))) as client:
        yield one, client


def engine_that(take: Callable[[Any], Any]) -> Any:
    return SimpleNamespace(model_id="m", take=take)


async def test_before_the_model_is_there_it_says_so(door: Any) -> None:
    _, client = door
    assert await (await client.get("/health")).json() == {"ready": False}
    answer = await client.post("/turns", json=TURN, headers=KNOWN)
    assert answer.status == 503
    assert (await answer.json())["error"]["code"] == "no_model"


async def test_then_it_answers_with_the_time_it_took(door: Any) -> None:
    one, client = door

    async def take(turn: Any) -> Answer:
        return Answer({"turn": turn.turn, "attempt": turn.attempt}, 1.5, 2.5, 3.25)

    one.engine = engine_that(take)
    assert await (await client.get("/health")).json() == {"ready": True, "model": "m"}
    answer = await client.post("/turns", json=TURN, headers=KNOWN)
    assert (answer.status, await answer.json()) == (200, {"turn": "t1", "attempt": 2})
    assert answer.headers["Server-Timing"] == "nlu;dur=1.500, cpu;dur=2.500, total;dur=3.250"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": SECRET}, {"Authorization": "Bearer é"}],
)
async def test_strangers_are_refused_before_anything_is_read(door: Any, headers: dict[str, str]) -> None:
    _, client = door
    answer = await client.post("/turns", data=b"[" * 1000, headers=headers)
    assert answer.status == 401


@pytest.mark.parametrize("body", [b"", b"{}", b"[" * 100_000, b'"' + b"x" * (LARGEST_BODY + 1) + b'"'])
async def test_a_malformed_body_is_400(door: Any, body: bytes) -> None:
    _, client = door
    answer = await client.post("/turns", data=body, headers=KNOWN)
    assert answer.status == 400
    assert (await answer.json())["error"]["code"] == "malformed"


async def test_a_failed_turn_is_500_and_quotes_nobody(door: Any, caplog: pytest.LogCaptureFixture) -> None:
    one, client = door

    async def take(turn: Any) -> Answer:
        raise ValueError("halo kambing hijau")

    one.engine = engine_that(take)
    answer = await client.post("/turns", json=TURN, headers=KNOWN)
    assert answer.status == 500
    assert (await answer.json())["error"]["code"] == "action_failed"
    assert "ValueError at test_engine_server.py" in (await answer.json())["error"]["log"]
    assert "kambing" not in await answer.text() + caplog.text


async def start(model: Path, tmp_path: Path, **environment: str) -> tuple[asyncio.subprocess.Process, Path]:
    """The real process with the small project's actions, on a socket of its own."""
    socket = tmp_path / "e.sock"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; from bot.engine.__main__ import main; sys.exit(main('tests.bot.mini.actions'))",
        cwd=ROOT,
        env={
            **os.environ,
            "RASA_TELEMETRY_ENABLED": "false",
            "TEMAN_LAPOR_ENGINE_SECRET": SECRET,
            "TEMAN_LAPOR_ENGINE_SOCKET": str(socket),
            "TEMAN_LAPOR_MODEL": str(model),
            **environment,
        },
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return process, socket


async def until_health(client: aiohttp.ClientSession, ready: bool) -> dict[str, Any]:
    for _ in range(600):
        try:
            async with client.get("http://engine/health") as answer:
                if (health := await answer.json())["ready"] is ready:
                    return dict(health)
        except aiohttp.ClientConnectionError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError(f"never ready={ready}")


@pytest.mark.model
async def test_the_process_serves_its_socket_and_ends_with_its_parent(
    mini_model: Path, tmp_path: Path
) -> None:
    process, socket = await start(mini_model, tmp_path)
    assert process.stdin
    assert process.stderr
    try:
        async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as client:
            await until_health(client, False)
            assert stat.S_IMODE(socket.stat().st_mode) & 0o077 == 0
            health = await until_health(client, True)
            async with client.post("http://engine/turns", json=TURN, headers=KNOWN) as answer:
                body = await answer.json()
            assert body["replies"][0]["responses"] == ["utter_first"]
            assert body["model"] == health["model"]
            foreign = {**TURN, "state": {**body["state"], "schema": 99}}
            async with client.post("http://engine/turns", json=foreign, headers=KNOWN) as answer:
                assert (answer.status, (await answer.json())["error"]["code"]) == (409, "state_unknown")
            failing = {**TURN, "messages": [{"id": "m1", "text": "gagal kambing hijau"}]}
            async with client.post("http://engine/turns", json=failing, headers=KNOWN) as answer:
                assert answer.status == 500
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), 10) == 0
        errors = (await process.stderr.read()).decode()
        assert "turn failed turn=t1" in errors
        assert "odd.py" in errors
        assert "kambing" not in errors
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.model
@pytest.mark.parametrize("ending", ["parent gone", "terminated"])
async def test_ending_does_not_wait_for_a_model_that_loads(
    mini_model: Path, tmp_path: Path, ending: str
) -> None:
    process, socket = await start(mini_model, tmp_path)
    assert process.stdin
    async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as client:
        await until_health(client, False)
    if ending == "terminated":
        process.terminate()
    else:
        process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 5) == 0


@pytest.mark.parametrize("missing", ["TEMAN_LAPOR_ENGINE_SECRET", "RASA_TELEMETRY_ENABLED"])
def test_the_process_refuses_with_a_sentence(tmp_path: Path, missing: str) -> None:
    (tmp_path / "m.tar.gz").write_bytes(b"")
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TEMAN_LAPOR_ENGINE_SECRET": SECRET,
        "TEMAN_LAPOR_ENGINE_PORT": "0",
        "TEMAN_LAPOR_MODEL": str(tmp_path),
    }
    del environment[missing]
    ended = subprocess.run(
        [sys.executable, "-m", "bot.engine"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("engine refused to start: ")
    assert "Traceback" not in ended.stderr
