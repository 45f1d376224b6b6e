"""The pool of engines, against engines that answer, raise, hang, break off and come back, on real unix sockets."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from backend.conversations.engine_client import EngineFailed, EnginePool, EnginesAway

SECRET = "rahasia-uji"
REQUEST = {"turn": "t", "attempt": 1}


class ToyEngine:
    """An HTTP server of thirty lines; `behave` decides what becomes of a turn."""

    def __init__(self, socket: Path, behave: str = "answer", model: str = "m-1") -> None:
        self.socket, self.behave, self.turns, self.model = socket, behave, 0, model
        self.ready = True
        self._server: asyncio.Server | None = None
        self._clients: list[asyncio.StreamWriter] = []

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, str(self.socket))

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for writer in self._clients:
                writer.close()
            self._server = None
        self.socket.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.append(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                size = next(
                    (
                        int(line.split(":")[1])
                        for line in head.lower().split("\r\n")
                        if line.startswith("content-length")
                    ),
                    0,
                )
                await reader.readexactly(size)
                if head.startswith("GET /health"):
                    self._write(writer, 200, {"ready": self.ready, "model": self.model})
                    continue
                assert f"authorization: bearer {SECRET}" in head.lower()
                self.turns += 1
                if self.behave == "hang":
                    await asyncio.sleep(30)
                if self.behave == "break":
                    writer.close()
                    return
                status = {"raise": 500, "loading": 503}.get(self.behave, 200)
                failure = {"error": {"code": "action_failed", "log": "x"}}
                self._write(writer, status, {"by": self.socket.name} if status == 200 else failure)

    def _write(self, writer: asyncio.StreamWriter, status: int, body: object) -> None:
        content = b"<html>" if self.behave == "garbage" and "by" in str(body) else json.dumps(body).encode()
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content)


Make = Callable[..., ToyEngine]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    folder = Path(tempfile.mkdtemp(prefix="tl-e-"))
    engines: list[ToyEngine] = []

    def one(behave: str = "answer", model: str = "m-1") -> ToyEngine:
        engines.append(ToyEngine(folder / f"{len(engines)}.sock", behave, model))
        return engines[-1]

    yield one
    for engine in engines:
        await engine.stop()
    shutil.rmtree(folder)


async def watched(*engines: ToyEngine, timeout_s: float = 1.0) -> tuple[EnginePool, asyncio.Task[None]]:
    pool = EnginePool([engine.socket for engine in engines], SECRET, timeout_s)
    watching = asyncio.create_task(pool.watch())
    await asyncio.sleep(0.05)
    return pool, watching


async def ended(pool: EnginePool, watching: asyncio.Task[None]) -> None:
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await pool.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_turn_is_answered_and_the_model_is_known(make: Make) -> None:
    engine = make()
    await engine.start()
    pool, watching = await watched(engine)
    await until(lambda: pool.model == "m-1")
    assert await pool.run(REQUEST) == {"by": "0.sock"}
    await ended(pool, watching)


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        ("raise", "action_failed"),
        ("hang", "engine_timeout"),
        ("break", "engine_broke_off"),
        ("garbage", "engine_garbage"),
    ],
)
async def test_a_turn_that_fails_in_the_engine_says_how(make: Make, behave: str, code: str) -> None:
    engine = make(behave)
    await engine.start()
    pool, watching = await watched(engine)
    await until(lambda: pool.model is not None)
    with pytest.raises(EngineFailed) as caught:
        await pool.run(REQUEST)
    assert caught.value.code == code
    engine.behave = "answer"
    await until(lambda: pool.model is not None)
    assert await pool.run(REQUEST) == {"by": "0.sock"}
    await ended(pool, watching)


async def test_no_engine_is_not_the_turns_fault(make: Make) -> None:
    engine = make()
    pool, watching = await watched(engine)
    assert pool.model is None
    with pytest.raises(EnginesAway):
        await pool.run(REQUEST)
    await engine.start()
    await until(lambda: pool.model is not None)
    assert await pool.run(REQUEST) == {"by": "0.sock"}
    await ended(pool, watching)


async def test_an_engine_that_still_loads_is_away(make: Make) -> None:
    engine = make("loading")
    await engine.start()
    pool, watching = await watched(engine)
    await until(lambda: pool.model is not None)
    with pytest.raises(EnginesAway):
        await pool.run(REQUEST)
    await ended(pool, watching)


async def test_a_dead_engine_is_passed_over(make: Make) -> None:
    dead, alive = make(), make()
    for engine in (dead, alive):
        await engine.start()
    pool, watching = await watched(dead, alive)
    await until(lambda: pool.model is not None)
    await asyncio.sleep(0.4)
    await dead.stop()
    await asyncio.sleep(0.05)
    assert [await pool.run(REQUEST) for _ in range(3)] == [{"by": "1.sock"}] * 3
    await ended(pool, watching)


async def test_each_engine_has_one_turn_at_a_time(make: Make) -> None:
    engines = [make("hang"), make("hang")]
    for engine in engines:
        await engine.start()
    pool, watching = await watched(*engines, timeout_s=0.5)
    await until(lambda: len(pool._up) == 2)
    asking = [asyncio.create_task(pool.run(REQUEST)) for _ in range(5)]
    await asyncio.sleep(0.2)
    assert [engine.turns for engine in engines] == [1, 1]
    await asyncio.gather(*asking, return_exceptions=True)
    await ended(pool, watching)


async def test_the_model_changes_between_turns_and_never_within_one(make: Make) -> None:
    """The second step of a turn that began before the change still sees its own model; new turns see the new one."""
    old, new = make(), make(model="m-2")
    for engine in (old, new):
        await engine.start()
    pool, watching = await watched(old)
    await until(lambda: pool.model == "m-1")
    assert await pool.prepare([new.socket], 2.0)
    assert pool.model == "m-1" and await pool.run(REQUEST) == {"by": "0.sock"}, "who waits serves nobody"
    change = asyncio.create_task(pool.take_over([new.socket]))
    await until(lambda: pool.model == "m-2")
    assert await pool.run({**REQUEST, "model": "m-1"}) == {"by": "0.sock"}
    assert await pool.run({**REQUEST, "model": "m-2"}) == {"by": "1.sock"}
    await change
    assert await pool.run({**REQUEST, "model": "m-1"}) == {"by": "1.sock"}, (
        "a gone model is answered all the same"
    )
    await ended(pool, watching)


async def test_a_model_that_does_not_come_up_changes_nothing(make: Make) -> None:
    old, broken = make(), make(model="m-2")
    await old.start()
    pool, watching = await watched(old)
    await until(lambda: pool.model == "m-1")
    assert not await pool.prepare([broken.socket], 0.5)
    assert await pool.run(REQUEST) == {"by": "0.sock"}
    await ended(pool, watching)
