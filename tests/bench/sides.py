"""The two sides: stock Rasa with its action server and an SQL tracker store, and our engine. Both speak to `say`."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx

from tests.bench.processes import free_port, processor_seconds, resident_mb, running, wait_for

SECRET = "secret of the benchmark, not of anything else"
TIMING = re.compile(r"(\w+);dur=([\d.]+)")
NOW = "2026-11-23T09:12:00+08:00"


@dataclass
class Turn:
    """One message's answer: milliseconds as the caller saw them, the choices offered, whether anything was said.

    `nlu_ms` and `cpu_ms` are processor time inside our engine.
    """

    wall_ms: float
    choices: list[tuple[str, Any]]
    said: bool
    nlu_ms: float = 0.0
    cpu_ms: float = 0.0


class Side(Protocol):
    """A bot under measurement."""

    pids: list[int]

    def say(self, conversation: str, text: str) -> Turn:
        """A typed message."""

    def choose(self, conversation: str, choice: Any) -> Turn:
        """A tapped choice, as it was offered."""


def cost(side: Side) -> float:
    """Processor seconds of all its processes so far."""
    return sum(processor_seconds(pid) for pid in side.pids)


def memory_mb(side: Side) -> float:
    """Resident memory of all its processes."""
    return sum(resident_mb(pid) for pid in side.pids)


@dataclass
class Stock:
    """`rasa run` and `rasa run actions`; choices are sent as the payloads of their buttons."""

    url: str
    pids: list[int]
    client: httpx.Client

    def say(self, conversation: str, text: str) -> Turn:
        began = time.perf_counter()
        answer = self.client.post(
            f"{self.url}/webhooks/rest/webhook", json={"sender": conversation, "message": text}
        )
        wall_ms = (time.perf_counter() - began) * 1000
        said = answer.raise_for_status().json()
        buttons = next((one["buttons"] for one in reversed(said) if one.get("buttons")), [])
        return Turn(wall_ms, [(button["title"], button["payload"]) for button in buttons], bool(said))

    def choose(self, conversation: str, choice: Any) -> Turn:
        return self.say(conversation, choice)


@dataclass
class Ours:
    """The engine; the states lie here, as they would in the backend."""

    url: str
    pids: list[int]
    client: httpx.Client
    states: dict[str, Any] = field(default_factory=dict)

    def say(self, conversation: str, text: str) -> Turn:
        return self._take(conversation, {"text": text})

    def choose(self, conversation: str, choice: Any) -> Turn:
        return self._take(conversation, {"choice": choice})

    def _take(self, conversation: str, message: Mapping[str, Any]) -> Turn:
        request = {
            "turn": str(uuid.uuid4()),
            "attempt": 1,
            "conversation": conversation,
            "channel": "web",
            "now": NOW,
            "seed": uuid.uuid4().hex,
            "home": "64.08",
            "messages": [{"id": "m1", **message}],
            "state": self.states.get(conversation),
        }
        began = time.perf_counter()
        answer = self.client.post(f"{self.url}/turns", json=request)
        wall_ms = (time.perf_counter() - began) * 1000
        body = answer.raise_for_status().json()
        self.states[conversation] = body["state"]
        timing = {name: float(ms) for name, ms in TIMING.findall(answer.headers["Server-Timing"])}
        replies = body["replies"]
        choices = [(choice["label"], choice["id"]) for choice in replies[0]["choices"]] if replies else []
        return Turn(wall_ms, choices, bool(replies), timing["nlu"], timing["cpu"])


@contextmanager
def stock(model: Path, actions: str, questions: str, folder: Path) -> Iterator[Stock]:
    """Stock Rasa, ready."""
    port, actions_port = free_port(), free_port()
    endpoints, credentials = folder / "endpoints.yml", folder / "credentials.yml"
    endpoints.write_text(
        f"action_endpoint: {{url: 'http://127.0.0.1:{actions_port}/webhook'}}\n"
        f"tracker_store: {{type: SQL, dialect: sqlite, db: '{folder / 'tracker.db'}'}}\n"
    )
    credentials.write_text("rest:\n")
    environment = {"TEMAN_LAPOR_INTERNAL_URL": questions, "TEMAN_LAPOR_ENGINE_SECRET": SECRET}
    rasa_log, actions_log = folder / "rasa.log", folder / "actions.log"
    with ExitStack() as stack:
        command = ["-m", "rasa", "run", "actions", "--actions", actions, "--port", str(actions_port)]
        actions_pid = stack.enter_context(running(command, environment, actions_log))
        command = ["-m", "rasa", "run", "-i", "127.0.0.1", "--port", str(port), "--model", str(model)]
        command += ["--endpoints", str(endpoints), "--credentials", str(credentials)]
        pid = stack.enter_context(running(command, environment, rasa_log))
        wait_for(f"http://127.0.0.1:{actions_port}/health", actions_log, lambda answer: answer.is_success)
        wait_for(f"http://127.0.0.1:{port}/", rasa_log, lambda answer: answer.is_success)
        client = stack.enter_context(httpx.Client(timeout=60, trust_env=False))
        yield Stock(f"http://127.0.0.1:{port}", [pid, actions_pid], client)


@contextmanager
def ours(model: Path, actions: str, questions: str, folder: Path) -> Iterator[Ours]:
    """Our engine, ready."""
    port, log = free_port(), folder / "engine.log"
    environment = {
        "TEMAN_LAPOR_ENGINE_SECRET": SECRET,
        "TEMAN_LAPOR_ENGINE_PORT": str(port),
        "TEMAN_LAPOR_INTERNAL_URL": questions,
        "TEMAN_LAPOR_MODEL": str(model),
    }
    command = ["-c", f"import sys; from bot.engine.__main__ import main; sys.exit(main({actions!r}))"]
    with running(command, environment, log) as pid:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health", log, lambda answer: bool(answer.json()["ready"]))
        headers = {"Authorization": f"Bearer {SECRET}"}
        with httpx.Client(timeout=60, trust_env=False, headers=headers) as client:
            yield Ours(url, [pid], client)
