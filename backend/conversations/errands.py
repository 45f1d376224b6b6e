"""What officers' changes leave to be done for reporters and reviewers, done at once or by the timer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backend.persistence.errands import SqlErrands
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.persistence.wakeups import Wakeups

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Errands:
    """May run in any number of processes: each errand is done once, in a transaction of its own."""

    open_uow: OpenUnitOfWork
    wakeups: Wakeups
    clock: Callable[[], datetime]

    async def do_all(self, now: datetime) -> int:
        """The number done of those that may leave at `now`; whoever reads a conversation with news is told."""
        done = 0
        while True:
            async with self.open_uow() as uow:
                found, conversation = await SqlErrands(uow.transaction).do_one(now)
                await uow.commit()
            if not found:
                return done
            done += 1
            if conversation is not None:
                self.wakeups.event(conversation)
                self.wakeups.sending()

    async def do_what_can_be_done(self) -> None:
        """After an officer's commit: what fails now is done by the timer, and the officer's change stands."""
        try:
            await self.do_all(self.clock())
        except DatabaseUnavailable as failure:
            log.warning("errands wait error=%s", failure)
