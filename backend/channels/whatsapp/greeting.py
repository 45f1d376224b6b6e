"""Blue ticks and *sedang mengetik*: a courtesy, never retried, never waited for."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from backend.channels.whatsapp.graph import Graph, NoAnswer, NotReached

log = logging.getLogger(__name__)

MOST_WAITING = 200


@dataclass
class Greeter:
    """Marks messages as read while their turn is worked on. When there are too many, the newest go without."""

    graph: Graph
    _waiting: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def greet(self, message_id: str) -> None:
        """Soon."""
        if not self._waiting.full():
            self._waiting.put_nowait(message_id)

    async def run(self) -> None:
        """Greet until cancelled."""
        while True:
            message_id = await self._waiting.get()
            try:
                await self.graph.send(
                    {
                        "messaging_product": "whatsapp",
                        "status": "read",
                        "message_id": message_id,
                        "typing_indicator": {"type": "text"},
                    }
                )
            except (NotReached, NoAnswer) as failure:
                log.info("not greeted error=%s", failure)
