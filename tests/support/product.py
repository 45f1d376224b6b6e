"""The whole product as people run it (`python -m backend run`) on a folder of its own, killed and started at will."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent.parent
READY_WITHIN_S = 120.0
ANSWER_WITHIN_S = 90.0


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """One installation, of the release in `tree`. `arm` kills the process that reaches a failpoint next: the door, which takes everything
    along, or the workshop, which the door starts again. `scripted`: its engines follow a script and are up at once."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="tl-run-")))
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    tree: Path = ROOT
    ready_within_s: float = READY_WITHIN_S
    scripted: bool = False
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Of the product, and of commands about it."""
        foreign = ("TEMAN_LAPOR_", "DATABASE_URL")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
            "TEMAN_LAPOR_DATA": str(self.folder),
            "TEMAN_LAPOR_MODELS": str(self.folder / "models"),
            "TEMAN_LAPOR_PORT": str(self.port),
            "TEMAN_LAPOR_PUBLIC_URL": self.url,
            "TEMAN_LAPOR_FAILPOINT": f"@{self.failpoint}",
            "RASA_TELEMETRY_ENABLED": "false",
            "TEMAN_LAPOR_GIVE_WAY": "0",  # tests share the machine, and would wait for an engine for ever
            **({"TEMAN_LAPOR_BOT_PYTHON": str(self._scripted_python())} if self.scripted else {}),
            **self.settings,
        }

    def _scripted_python(self) -> Path:
        """Stands for the bot's interpreter: trains nothing, and runs the scripted engine."""
        python = self.folder / "bot-python"
        engine = f'exec "{sys.executable}" -m tests.support.engine_process'
        python.write_text(f'#!/bin/sh\ncase "$*" in *bot.engine*) {engine} ;; esac\n', encoding="utf-8")
        python.chmod(0o755)
        return python

    def bring_model(self) -> None:
        """Give the installation the newest model of the working tree, signed with its own key."""
        from backend.persistence import keys

        newest = max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
        models = self.folder / "models"
        models.mkdir(exist_ok=True)
        copy = models / newest.name
        if not copy.exists():
            shutil.copyfile(newest, copy)
            key = keys.load_or_make(self.folder).model_key.hex().encode()
            signature = hmac.new(key, copy.read_bytes(), hashlib.sha256).hexdigest()
            copy.with_name(copy.name + ".sig").write_text(signature + "\n", encoding="ascii")

    def start(self, *, wait: bool = True) -> None:
        """Start it; returns when turns are answered."""
        self.folder.chmod(0o755)
        if not self.scripted:
            self.bring_model()
        with (self.folder / "backend.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "backend", "run"],
                cwd=self.tree,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if wait:
            self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + self.ready_within_s
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, self.log()[-2000:]
            try:
                if httpx.get(f"{self.url}/readyz?all=1", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.3)
        raise AssertionError(f"not ready in time:\n{self.log()[-2000:]}")

    def log(self) -> str:
        return (self.folder / "backend.log").read_text(encoding="utf-8", errors="replace")

    @property
    def failpoint(self) -> Path:
        return self.folder / "failpoint"

    def arm(self, point: str) -> None:
        """Whoever reaches it is killed; `turn_frozen@2`: the second time."""
        half = self.failpoint.with_suffix(".half")
        half.write_text(point, encoding="ascii")
        half.replace(self.failpoint)

    def is_hit(self) -> bool:
        """Whether the armed failpoint has killed its process."""
        return not self.failpoint.exists()

    def wait_until_hit(self, within_s: float = 60.0) -> None:
        deadline = time.monotonic() + within_s
        while not self.is_hit():
            assert time.monotonic() < deadline, f"nothing was killed\n{self.log()[-2000:]}"
            time.sleep(0.1)
        time.sleep(0.5)  # it removes the file a moment before it dies

    def recover(self) -> None:
        """After a kill: a dead door is started again, a dead workshop starts by itself; returns when turns are answered."""
        if self.is_dead():
            self.start()
        else:
            self.wait_until_ready()

    def is_dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def kill_backend(self) -> None:
        """kill -9 of the door; workshop and engines go with it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def kill_engines(self) -> int:
        """kill -9 of every engine of this installation; returns how many there were."""
        return self._kill(b"bot.engine") + self._kill(b"tests.support.engine_process")

    def kill_workshop(self) -> int:
        """kill -9 of the workshop; its engines go with it."""
        return self._kill(b"workshop")

    def _kill(self, words: bytes) -> int:
        found = list(self.processes(words))
        for pid, _ in found:
            os.kill(pid, signal.SIGKILL)
        return len(found)

    def processes(self, words: bytes) -> Iterator[tuple[int, bytes]]:
        """Process id and environment of every process of this installation that was started with `words`."""
        mine = str(self.folder).encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                environment = (entry / "environ").read_bytes()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if words in command.split(b"\0") and mine in environment:
                yield int(entry.name), environment

    def kill_database(self) -> None:
        """kill -9 of the database server."""
        pid_file = next(self.folder.glob("postgres/*/**/postmaster.pid"))
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)

    def stop(self) -> None:
        """End it in peace and remove its folder."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Citizen:
    """Somebody in the web chat whose browser tries again until the server has answered, with the same `client_id`."""

    running: Running
    seq: int = 0
    code: str = ""
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.running.url, timeout=8, headers={"Accept": "application/json"})

    def send(self, text: str) -> int:
        """Hand a message in; returns its place."""
        client_id = secrets.token_hex(12)
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while time.monotonic() < deadline:
            try:
                if not self.http.cookies:
                    self.http.post("/api/web/session")
                answer = self.http.post("/api/web/messages", json={"client_id": client_id, "text": text})
                if answer.status_code == 202:
                    return int(answer.json()["seq"])
            except httpx.HTTPError:
                pass
            time.sleep(0.3)
        raise AssertionError(f"message not accepted: {text}\n{self.running.log()[-1500:]}")

    def replies(self, after: int, quiet_s: float = 0.4) -> list[dict[str, Any]]:
        """Everything said after a place, once something that answers the message has been said."""
        deadline = time.monotonic() + ANSWER_WITHIN_S
        found: list[dict[str, Any]] = []
        while time.monotonic() < deadline:
            news: list[dict[str, Any]] = []
            try:
                news = self.http.get("/api/web/events", params={"after": max(self.seq, after)}).json()[
                    "events"
                ]
            except (httpx.HTTPError, KeyError, ValueError):
                time.sleep(0.3)
            for event in news:
                self.seq = max(self.seq, int(event["seq"]))
                if event["kind"] != "mine":
                    found.append(event)
                    self.code = event.get("code") or self.code
            if found and not news and not _only_apology(found):
                return found
            time.sleep(quiet_s)
        raise AssertionError(f"no answer\n{self.running.log()[-1500:]}")

    def say(self, text: str) -> str:
        """Send and return all that was answered."""
        return "\n".join(str(one["message"]["text"]) for one in self.replies(self.send(text)))


def _only_apology(events: list[dict[str, Any]]) -> bool:
    """True while nothing but the word about a disturbance has been said: the answer is still to come. A status that the backend tells by
    itself, for want of an engine, is an answer."""
    texts = [str(one["message"]["text"]) for one in events]
    return all("terganggu" in text and "Status laporan:" not in text for text in texts)
