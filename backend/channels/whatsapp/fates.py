"""What becomes of messages that Meta has taken: statuses, troubles of the line, decisions about templates."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.channels.whatsapp.failures import Meaning, meaning
from backend.channels.whatsapp.heard import Status
from backend.channels.whatsapp.ledger import Ledger
from backend.conversations.outbox import MOST_SENDS
from backend.persistence.delivery_rows import ARRIVED, Consignment
from backend.persistence.unit_of_work import OpenUnitOfWork, SqlUnitOfWork
from backend.persistence.wakeups import Wakeups

log = logging.getLogger(__name__)

AGAIN = frozenset({Meaning.RETRY, Meaning.PERSON_PACE, Meaning.TEMPLATE, Meaning.STOP})


@dataclass(frozen=True)
class Fates:
    """Keeps the outbox true to what Meta tells, in whatever order it tells it."""

    open_uow: OpenUnitOfWork
    ledger: Ledger
    wakeups: Wakeups
    clock: Callable[[], datetime]

    async def status(self, status: Status) -> None:
        """Sent, delivered and read only ever rise; a failure counts only before it was delivered, and only once."""
        now = self.clock()
        async with self.open_uow() as uow:
            one = await uow.deliveries.find(status.outbox, status.provider_id)
            if one is None:
                return
            if status.status != "failed":
                news = await uow.deliveries.arrived(one, status.status, status.provider_id, now)
            elif one.rank >= ARRIVED or one.was_told_failed:
                news = False
            else:
                await self._failed(one, status, uow, now)
                news = True
            await uow.commit()
        if news:
            self.wakeups.outbox.ring()
        if status.status == "failed" and meaning(status.error) is Meaning.STOP:
            await self.ledger.alarm(f"whatsapp_line {status.error}", now)

    async def _failed(self, one: Consignment, status: Status, uow: SqlUnitOfWork, now: datetime) -> None:
        what, code = meaning(status.error), str(status.error)
        if what is Meaning.TEMPLATE:
            await uow.line.window_shut(one.conversation)
        if what in AGAIN and one.attempts < MOST_SENDS and one.status != "dead":
            pause = timedelta(seconds=2.0 * 2**one.attempts)
            await uow.deliveries.failed_for_now(one, status.provider_id, code, now + pause)
            self.wakeups.send_at(pause.total_seconds())
            return
        log.error("undeliverable outbox=%s code=%s", one.id, code)
        await uow.deliveries.failed(one, status.provider_id, code, now)

    async def trouble(self, error: int) -> None:
        """An error that belongs to no message."""
        await self.ledger.alarm(f"whatsapp_trouble {error}", self.clock())

    async def template(self, name: str, language: str, state: str) -> None:
        """Meta has approved, rejected, paused or disabled a template."""
        now = self.clock()
        async with self.open_uow() as uow:
            await uow.line.template_state(name, language, state, now)
            await uow.commit()
        if state != "approved":
            await self.ledger.alarm(f"whatsapp_template {name} {state}", now)
