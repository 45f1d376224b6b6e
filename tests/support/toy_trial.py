"""Two engines without Rasa, one of them on trial, and a crew that starts nothing: for tests of trials and of their page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backend.conversations.engine_client import EngineFailed
from tests.support.scripted_engine import ScriptedEngine

CANDIDATE = "kandidat"


class TwoEngines(ScriptedEngine):
    """The served model, and a candidate that reads *pamit* in every message with `dadah`, and can be made to fail or to be slow."""

    def __init__(self) -> None:
        super().__init__()
        self.trial_model: str | None = None
        self.fails = False
        self.candidate_ms = 4.0
        self.rehearsed: list[Any] = []

    def try_out(self, address: Path | str) -> None:
        self.trial_model = CANDIDATE

    async def end_trial(self) -> None:
        self.trial_model = None

    async def run(self, request: Any) -> dict[str, Any]:
        if request["model"] == CANDIDATE and self.fails:
            raise EngineFailed("action_failed")
        answer = await super().run(request)
        return {**answer, "model": request["model"], "cpu_ms": 4.0}

    async def rehearse(self, request: Any) -> dict[str, Any]:
        if self.fails:
            raise EngineFailed("action_failed")
        self.rehearsed.append(request)
        answer = await ScriptedEngine().run(request)
        for one in answer["understanding"]:
            words = next(m.get("text", "") for m in request["messages"] if m["id"] == one["message"])
            one["intent"] = "pamit" if "dadah" in words else one["intent"]
        return {**answer, "cpu_ms": self.candidate_ms}


class ToyCrew:
    """Starts nothing and remembers what it was asked for."""

    def __init__(self, serving: Path) -> None:
        self.serving: Path | None = serving
        self.running: list[str] = []

    async def try_out(self, model: Path, name: str) -> Path:
        self.running = [model.name]
        return model.with_suffix(".sock")

    async def end_trial(self) -> None:
        self.running = []
