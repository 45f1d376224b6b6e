"""A crew of engine processes is replaced whole: real processes, a toy engine in place of the bot's."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.conversations.engine_client import EnginePool, EnginesAway
from backend.engine_crew import EngineCrew, ModelNotServed
from backend.processes import EngineProcess
from backend.rounds.trainer import memory_of

TOY = """
import asyncio, json, os
async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode().lower()
            size = next((int(l.split(":")[1]) for l in head.split("\\r\\n") if l.startswith("content-length")), 0)
            await reader.readexactly(size)
            name = os.path.basename(os.environ["TEMAN_LAPOR_MODEL"])
            body = json.dumps({"ready": True, "model": name, "pid": os.getpid()}).encode()
            writer.write(b"HTTP/1.1 200 X\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
async def main():
    if "broken" in os.environ["TEMAN_LAPOR_MODEL"]:
        raise SystemExit(2)
    server = await asyncio.start_unix_server(serve, os.environ["TEMAN_LAPOR_ENGINE_SOCKET"])
    async with server:
        await server.serve_forever()
asyncio.run(main())
"""


@pytest.fixture
async def crew() -> AsyncIterator[EngineCrew]:
    folder = Path(tempfile.mkdtemp(prefix="tl-c-"))
    (folder / "bot" / "engine").mkdir(parents=True)
    (folder / "bot" / "engine" / "__main__.py").write_text(TOY, encoding="utf-8")
    first = [
        EngineProcess(
            Path(sys.executable), folder / f"engine-{n}.sock", folder / "a.tar.gz", "", "s" * 16, ""
        )
        for n in range(2)
    ]
    pool = EnginePool([one.socket for one in first], "s" * 16, 2.0)
    made = EngineCrew(first, pool, folder, start_s=5.0)
    tasks = [asyncio.create_task(made.run()), asyncio.create_task(pool.watch())]
    async with asyncio.timeout(10):
        while pool.model is None:
            await asyncio.sleep(0.02)
    yield made
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await pool.close()
    shutil.rmtree(folder)


async def pids(crew: EngineCrew) -> set[int]:
    return {(await crew.pool.run({"turn": "t"}))["pid"] for _ in range(6)}


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


async def test_all_engines_change_and_the_old_ones_end(crew: EngineCrew) -> None:
    assert crew.pool.model == "a.tar.gz"
    old = await pids(crew)
    took = await crew.change(crew.root / "b.tar.gz")
    assert crew.pool.model == "b.tar.gz" and crew.serving == crew.root / "b.tar.gz"
    assert 0 < took < 30
    assert not await pids(crew) & old
    assert not [pid for pid in old if is_alive(pid)], "memory is given back"


async def test_a_model_that_cannot_be_served_changes_nothing(crew: EngineCrew) -> None:
    crew.start_s = 1.0
    with pytest.raises(ModelNotServed):
        await crew.change(crew.root / "broken.tar.gz")
    assert crew.pool.model == "a.tar.gz" and crew.serving == crew.root / "a.tar.gz"
    assert await pids(crew)


async def test_there_and_back_again_keeps_the_number_of_processes(crew: EngineCrew) -> None:
    for name in ("b", "a", "b", "a"):
        await crew.change(crew.root / f"{name}.tar.gz")
    now = await pids(crew)
    assert crew.pool.model == "a.tar.gz" and 1 <= len(now) <= 2
    assert len(crew.pool._endpoints) == 2


async def test_an_engine_on_trial_answers_only_who_asks_for_its_model(crew: EngineCrew) -> None:
    served = await pids(crew)
    crew.pool.try_out(await crew.try_out(crew.root / "c.tar.gz", "t-1"))
    async with asyncio.timeout(10):
        while crew.pool.trial_model is None:
            await asyncio.sleep(0.02)
    trial = (await crew.pool.rehearse({"turn": "t", "model": "a.tar.gz"}))["pid"]
    assert trial not in served and crew.pool.model == "a.tar.gz"
    assert await pids(crew) == served
    assert (await crew.pool.run({"turn": "t", "model": "c.tar.gz"}))["pid"] == trial
    await crew.change(crew.root / "b.tar.gz")
    assert crew.pool.trial_model == "c.tar.gz", "it outlives a change of the others"
    await crew.pool.end_trial()
    await crew.end_trial()
    assert not is_alive(trial)
    assert (await crew.pool.run({"turn": "t", "model": "c.tar.gz"}))["model"] == "b.tar.gz"
    with pytest.raises(EnginesAway):
        await crew.pool.rehearse({"turn": "t"})


@pytest.mark.slow
async def test_memory_is_flat_over_twenty_promotions(crew: EngineCrew) -> None:
    async def resident() -> int:
        crew_mb = sum([memory_of(pid) for pid in await pids(crew)])
        return memory_of(os.getpid()) + crew_mb

    for name in ("b", "a"):
        await crew.change(crew.root / f"{name}.tar.gz")
    before = await resident()
    for n in range(20):
        await crew.change(crew.root / f"{'ba'[n % 2]}.tar.gz")
    grown = await resident() - before
    assert grown < 5 * 2**20, f"{grown} bytes more after twenty promotions"
    assert len(crew.pool._endpoints) == 2
