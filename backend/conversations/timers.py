"""What happens because time has passed: one reminder, purges, an honest word while the engines are down."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.conversations.engine_client import Engines
from backend.persistence.inbox_rows import InboxEntry
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.persistence.wakeups import Wakeups

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Timers:
    """Each may run in any number of processes: rows are given out once."""

    open_uow: OpenUnitOfWork
    engines: Engines
    apology: Callable[[], Mapping[str, Any]]
    wakeups: Wakeups
    patience: timedelta

    async def remind(self, now: datetime) -> int:
        """Drafts left in silence get their one reminder, as a turn of their own."""
        async with self.open_uow() as uow:
            due = await uow.inbox.due_reminders(now)
            for conversation, channel in due:
                entry = InboxEntry(
                    channel=channel,
                    external_id=f"silence_reminder {secrets.token_hex(16)}",
                    kind="event",
                    body={"message": {"event": "silence_reminder", "data": {}}, "client_id": None},
                    received_at=now,
                    ready_at=now,
                    closes=True,
                )
                await uow.inbox.add(conversation, entry, purge_at=None)
            await uow.commit()
        if due:
            self.wakeups.work()
        return len(due)

    async def purge(self, now: datetime) -> int:
        """Conversations whose time is over lose their keys; the number of them."""
        purged = 0
        while True:
            async with self.open_uow() as uow:
                due = await uow.conversations.due_for_purge(now)
                for conversation in due:
                    await uow.conversations.purge(conversation)
                await uow.conversations.drop_old_traces(now)
                await uow.commit()
            for conversation in due:
                self.wakeups.event(conversation)
            purged += len(due)
            if not due:
                break
        if purged:
            log.info("conversations purged n=%s", purged)
        return purged

    async def tell_engines_are_down(self, now: datetime) -> int:
        """Whoever has waited for `patience` while no engine is up is told once that the message is kept."""
        if self.engines.model is not None:
            return 0
        async with self.open_uow() as uow:
            waiting = await uow.inbox.untold_waits(now, self.patience)
            for conversation in waiting:
                await uow.outbox.put(conversation, "notice", dict(self.apology()), now)
                await uow.inbox.told(conversation)
            await uow.commit()
        for conversation in waiting:
            self.wakeups.event(conversation)
        if waiting:
            self.wakeups.outbox.ring()
        return len(waiting)
