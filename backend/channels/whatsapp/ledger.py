"""What the line knows and counts, kept in the database: windows, wishes, the month's messages, alarms, templates."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from backend.persistence.line_rows import Recipient
from backend.persistence.unit_of_work import OpenUnitOfWork

log = logging.getLogger(__name__)

CHANNEL = "whatsapp"
LINE_ALARMS = "whatsapp_line "
NEARLY = 0.8


@dataclass
class Ledger:
    """Each call is a transaction of its own: nothing here decides whether a message was sent."""

    open_uow: OpenUnitOfWork
    zone: tzinfo
    free_a_month: int
    _is_well: bool = field(default=False, init=False)

    async def recipient(self, conversation: str) -> Recipient:
        """Whether one may write to them, and in which form."""
        async with self.open_uow() as uow:
            return await uow.line.recipient(conversation)

    async def window_shut(self, conversation: str) -> None:
        """Meta says that the person has been silent for a day."""
        async with self.open_uow() as uow:
            await uow.line.window_shut(conversation)
            await uow.commit()

    async def template_states(self) -> Mapping[tuple[str, str], str]:
        async with self.open_uow() as uow:
            return await uow.line.template_states()

    async def sent(self, kind: str, now: datetime) -> None:
        """One more of this month; the line works again. Alarms when the free messages are nearly or all used."""
        month = now.astimezone(self.zone).strftime("%Y-%m")
        async with self.open_uow() as uow:
            n = await uow.line.count(CHANNEL, month, kind)
            if not self._is_well:
                await uow.line.clear_alarms(LINE_ALARMS, now)
            if kind == "reply" and n in (int(self.free_a_month * NEARLY), self.free_a_month):
                code = f"whatsapp_free_messages {month} {n}"
                await uow.line.alarm(code, now)
                log.warning("whatsapp free messages of %s: %s of %s", month, n, self.free_a_month)
            await uow.commit()
        self._is_well = True

    async def alarm(self, code: str, now: datetime) -> None:
        """Somebody must look."""
        self._is_well = False
        async with self.open_uow() as uow:
            if await uow.line.alarm(code, now):
                log.error("alarm code=%s", code)
            await uow.commit()
