"""Citizens who go on talking while the model changes, and which model answered each step of each of their turns."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.conversations.engine_client import EnginePool
from tests.cluster.citizens import Citizen


@dataclass
class Crowd:
    """`at_once` talks at the same time, each followed by another one, until nobody is let in any more."""

    url: str
    at_once: int = 4
    seed: int = 1
    citizens: list[Citizen] = field(default_factory=list)
    n_over: int = 0
    _talking: list[asyncio.Task[None]] = field(default_factory=list)
    _is_open: bool = True

    def begin(self) -> None:
        """The first ones begin."""
        self._talking = [asyncio.create_task(self._one_after_the_other()) for _ in range(self.at_once)]

    async def _one_after_the_other(self) -> None:
        while self._is_open:
            citizen = Citizen(self.url, random.Random(f"{self.seed}-{len(self.citizens)}"))
            self.citizens.append(citizen)
            await citizen.live()
            self.n_over += 1

    async def until_over(self, n: int) -> None:
        """Return when `n` more talks are over."""
        wanted = self.n_over + n
        while self.n_over < wanted:
            await asyncio.sleep(0.1)

    async def close(self) -> None:
        """Nobody begins any more; who talks comes to the end."""
        self._is_open = False
        await asyncio.gather(*self._talking)

    def findings(self) -> list[str]:
        """Talks in which more was answered than was said."""
        found = []
        for number, citizen in enumerate(self.citizens):
            said = Counter("mine" if one["kind"] == "mine" else "ours" for one in citizen.events)
            if said["ours"] > said["mine"]:
                found.append(f"citizen {number}: {said['ours']} answers to {said['mine']} messages")
        return found


@dataclass(frozen=True)
class Step:
    """One answer of an engine, and whether a report was being written after it."""

    conversation: str
    turn: str
    attempt: int
    stage: str
    frozen_with: str
    model: str
    draft_open: bool


@dataclass
class Overheard:
    """All that engines answered people, in order. `stage` is what is noted beside."""

    pool: EnginePool
    stage: str = ""
    steps: list[Step] = field(default_factory=list)

    def listen(self) -> None:
        """From now on every answer of the pool is noted on its way."""
        run = self.pool.run

        async def noted(request: Mapping[str, Any]) -> dict[str, Any]:
            answer = await run(request)
            draft = answer.get("draft") or {}
            who = str(request["conversation"]), str(request["turn"]), int(request["attempt"])
            models = str(request["model"]), str(answer["model"])
            self.steps.append(Step(*who, self.stage, *models, bool(draft.get("open"))))
            return answer

        self.pool.run = noted  # type: ignore[method-assign]

    def turns_of(self, stage: str) -> Counter[str]:
        """Model → turns that it answered."""
        return Counter(
            model for _, model in {(one.turn, one.model) for one in self.steps if one.stage == stage}
        )

    def split_turns(self) -> int:
        """Attempts of turns whose steps were answered by two models."""
        models: dict[tuple[str, int], set[str]] = {}
        for one in self.steps:
            models.setdefault((one.turn, one.attempt), set()).add(one.model)
        return sum(len(some) > 1 for some in models.values())

    def handed_over(self, stages: tuple[str, ...]) -> int:
        """Reports that got another model while they were written, both models answering people."""
        before: dict[str, Step] = {}
        n = 0
        for one in self.steps:
            last = before.get(one.conversation)
            n += bool(last and last.draft_open and last.model != one.model and one.stage in stages)
            before[one.conversation] = one
        return n
