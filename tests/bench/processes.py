"""Processes of the bot's environment, and what they cost: processor seconds and resident memory."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
BOT = ROOT / ".venv" / "bot" / "bin" / "python"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """Run `python <command>` of the bot's environment; its process id. Its words go to `log`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TEMAN_LAPOR_")}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    with log.open("wb") as words:
        process = subprocess.Popen(
            [str(BOT), *command],
            cwd=ROOT,
            env={**inherited, **quiet, **environment},
            stdin=subprocess.PIPE,
            stdout=words,
            stderr=words,
        )
        try:
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(url: str, log: Path, is_ready: Callable[[httpx.Response], bool], seconds: float = 180) -> None:
    """Return once `url` answers as it should.

    Raises:
        TimeoutError: it never did; the message has the end of the log.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if is_ready(httpx.get(url, timeout=5, trust_env=False)):
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError(f"{url} is not ready: {log.read_text(errors='replace')[-2000:]}")


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(pid: int) -> float:
    """Resident memory of a process now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError(f"no VmRSS of {pid}")
