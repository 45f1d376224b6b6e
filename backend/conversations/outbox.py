"""What goes out on channels that must be sent to: in order, retried with patience, given up in plain sight."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from backend.conversations.failpoints import Reach
from backend.persistence.outbox_rows import Outgoing
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.persistence.wakeups import Wakeups

log = logging.getLogger(__name__)

FIRST_RETRY_S = 2.0
LONGEST_RETRY_S = 600.0
MOST_SENDS = 12


@dataclass(frozen=True)
class Sent:
    """The channel has taken it; its statuses will name `provider_id`. Not `confirmed`: they will tell whether it was delivered."""

    provider_id: str | None = None
    confirmed: bool = True


@dataclass(frozen=True)
class TryLater:
    """Not sent for certain. `after_s` when the channel asked for a pause; not `counts`: the message was not to blame."""

    code: str
    after_s: float | None = None
    counts: bool = True


@dataclass(frozen=True)
class Unknown:
    """Perhaps sent: left alone until a status tells, or 120 s have passed."""

    code: str


@dataclass(frozen=True)
class Refused:
    """Will never be delivered; `code` says why."""

    code: str


Delivery = Sent | TryLater | Unknown | Refused


@dataclass(frozen=True)
class Parcel:
    """What a channel sends. `id` is stable over retries (the channel's idempotency or callback value)."""

    id: str
    conversation: str
    address: str = field(repr=False)
    kind: str
    body: Mapping[str, Any] = field(repr=False)
    attempts: int
    created_at: datetime


class ChannelSender(Protocol):
    """One channel's way out. Raises nothing: every outcome is a Delivery."""

    async def send(self, parcel: Parcel) -> Delivery: ...


@dataclass(frozen=True)
class OutboxSender:
    """Sends what is due; `senders` maps a channel's name to its way out."""

    open_uow: OpenUnitOfWork
    senders: Mapping[str, ChannelSender]
    wakeups: Wakeups
    clock: Callable[[], datetime]
    reach: Reach

    async def send_once(self) -> bool:
        """Send the message that is due longest; False when none is."""
        if not self.senders:
            return False
        async with self.open_uow() as uow:
            message = await uow.outbox.take(self.senders.keys(), self.clock())
            address = await uow.conversations.address(message.conversation) if message else None
            await uow.commit()
        if message is None:
            return False
        self.reach("send_taken")
        delivery = await self._deliver(message, address)
        self.reach("sent")
        await self._record(message, delivery)
        return True

    async def _deliver(self, message: Outgoing, address: str | None) -> Delivery:
        if address is None:
            return Refused("no_address")
        parcel = Parcel(
            id=message.id,
            conversation=message.conversation,
            address=address,
            kind=message.kind,
            body=message.body,
            attempts=message.attempts,
            created_at=message.created_at,
        )
        return await self.senders[message.channel].send(parcel)

    async def _record(self, message: Outgoing, delivery: Delivery) -> None:
        now = self.clock()
        async with self.open_uow() as uow:
            match delivery:
                case Sent(provider_id, confirmed):
                    await uow.outbox.delivered(message, now, provider_id, confirmed=confirmed)
                case TryLater(code, after_s, counts) if message.attempts < MOST_SENDS or not counts:
                    pause = retry_pause_s(message.attempts, random.random()) if after_s is None else after_s  # noqa: S311
                    await uow.outbox.put_off(message, now + timedelta(seconds=pause), code, counts=counts)
                    self.wakeups.send_at(pause)
                case Unknown(code) if message.attempts < MOST_SENDS:
                    log.info("send unknown outbox=%s code=%s", message.id, code)
                case Refused(code) | TryLater(code) | Unknown(code):
                    log.error("undeliverable outbox=%s code=%s", message.id, code)
                    await uow.outbox.undeliverable(message, now, code)
            await uow.commit()
        self.wakeups.event(message.conversation)


def retry_pause_s(attempts: int, chance: float) -> float:
    """Doubling from 2 s to 10 minutes, spread by half; `chance` is 0 … 1.

    >>> [retry_pause_s(n, 0.5) for n in (1, 2, 3, 20)]
    [2.0, 4.0, 8.0, 600.0]
    """
    doubled = FIRST_RETRY_S * 2.0 ** (attempts - 1)
    return min(doubled, LONGEST_RETRY_S) * (0.5 + chance)
