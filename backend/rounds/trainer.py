"""A process that trains, watched: its lines are handed on, and it ends when it takes too long, too much memory or no more is wanted."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY_S = 1.0
PATIENCE_S = 5.0
LONGEST_LINE = 300


class TrainerEnded(Exception):
    """It did not come to its end; `code` is cancelled, too_slow, too_large or failed."""

    def __init__(self, code: str, last_words: str = "") -> None:
        super().__init__(f"{code} {last_words}".strip())
        self.code = code


@dataclass(frozen=True)
class Bounds:
    """What one process may take: seconds on the clock, and bytes of memory."""

    seconds: float = 30 * 60
    n_bytes: int = 4 * 2**30


Hear = Callable[[Sequence[str]], Awaitable[bool]]


async def run(
    command: Sequence[str], root: Path, environment: Mapping[str, str], bounds: Bounds, hear: Hear
) -> None:
    """Run to the end; `hear` gets new lines at least once a second and answers whether to go on.

    Raises:
        TrainerEnded: it failed, or was ended.
    """
    # Turns go first: the trainer is nice. Its standard input is a pipe, which closes when we are gone.
    process = await asyncio.create_subprocess_exec(
        *("nice", "-n", "15"),
        *command,
        cwd=root,
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    lines: list[str] = []
    reading = asyncio.create_task(_read(process, lines))
    try:
        await _watch(process, reading, lines, bounds, hear)
    finally:
        if process.returncode is None:
            await _end(process)
        reading.cancel()
    if process.returncode != 0:
        raise TrainerEnded("failed", f"exit {process.returncode}")


async def _watch(
    process: asyncio.subprocess.Process,
    reading: asyncio.Task[None],
    lines: list[str],
    bounds: Bounds,
    hear: Hear,
) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        await asyncio.wait({reading}, timeout=LOOK_EVERY_S)
        new, lines[:] = list(lines), []
        if not await hear(new):
            raise TrainerEnded("cancelled")
        if reading.done() and not lines:
            await process.wait()
            return
        if loop.time() - began > bounds.seconds:
            raise TrainerEnded("too_slow", f"{bounds.seconds:.0f} s")
        if memory_of(process.pid) > bounds.n_bytes:
            raise TrainerEnded("too_large", f"{bounds.n_bytes} bytes")


async def _read(process: asyncio.subprocess.Process, lines: list[str]) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        lines.append(line.decode("utf-8", "replace").rstrip()[:LONGEST_LINE])


async def _end(process: asyncio.subprocess.Process) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            await asyncio.wait_for(process.wait(), PATIENCE_S)
        except ProcessLookupError:
            break
        except TimeoutError:
            continue
        return


def memory_of(pid: int) -> int:
    """Resident bytes of a process; 0 where there is no /proc, or no such process any more."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
