"""Talks to an engine as the turn worker does: the state goes out and comes back as JSON text at every turn."""

from __future__ import annotations

import json
from typing import Any

from bot.engine.contract import turn_from
from bot.engine.engine import Engine

NOW = "2026-11-23T09:12:00+08:00"


class Talk:
    """One conversation. `state` is what the backend would store."""

    def __init__(self, engine: Engine, channel: str = "web", state: Any = None) -> None:
        self._engine = engine
        self._channel = channel
        self._turns = 0
        self.state = state
        self.answer: dict[str, Any] = {}

    def request(self, *messages: dict[str, Any], seed: str = "") -> dict[str, Any]:
        """The next turn's request; each message gets an id."""
        return {
            "turn": f"turn-{self._turns}",
            "attempt": 1,
            "conversation": "opaque",
            "channel": self._channel,
            "now": NOW,
            "seed": seed or f"{self._turns:032x}",
            "home": "64.08",
            "messages": [{"id": f"m{n}", **message} for n, message in enumerate(messages)],
            "state": self.state,
        }

    async def send(self, *messages: dict[str, Any], seed: str = "") -> dict[str, Any]:
        """Take one turn and keep its state; returns the answer."""
        answer = await self._engine.take(turn_from(self.request(*messages, seed=seed)))
        self._turns += 1
        self.answer = json.loads(json.dumps(answer.body))
        self.state = self.answer["state"]
        return self.answer

    async def say(self, text: str) -> list[str]:
        """Send one text; the names of the responses said."""
        answer = await self.send({"text": text})
        return [name for reply in answer["replies"] for name in reply["responses"]]
