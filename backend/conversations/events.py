"""The history of a conversation and its news, for channels whose clients come and read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from backend.persistence.errors import KeyDestroyed
from backend.persistence.outbox_rows import HistoryEvent
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.persistence.wakeups import Wakeups

# Another process's word may be lost with its connection: then the news is this late.
POLL_S = 5.0


@dataclass(frozen=True)
class Events:
    """What both sides said, by rising place."""

    open_uow: OpenUnitOfWork
    wakeups: Wakeups

    async def after(self, conversation: str, seq: int) -> Sequence[HistoryEvent]:
        """Events after place `seq`, oldest first, at most 200; none of a purged conversation."""
        async with self.open_uow() as uow:
            try:
                return await uow.outbox.history(conversation, seq)
            except KeyDestroyed:
                return ()

    async def wait(self, conversation: str, seq: int, timeout_s: float) -> Sequence[HistoryEvent]:
        """Like `after`, but waits up to `timeout_s` for something to be there."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        with self.wakeups.reader(conversation) as news:
            while True:
                news.clear()
                found = await self.after(conversation, seq)
                left = deadline - asyncio.get_running_loop().time()
                if found or left <= 0:
                    return found
                try:
                    await asyncio.wait_for(news.wait(), min(left, POLL_S))
                except TimeoutError:
                    continue
