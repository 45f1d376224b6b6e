"""The durable pipeline in one piece, for the composition root: accept, work, send, remind, purge, tell."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from backend.conversations import failpoints
from backend.conversations.bundling import Bundling, words_that
from backend.conversations.engine_client import Engines
from backend.conversations.errands import Errands
from backend.conversations.events import Events
from backend.conversations.identity import Senders
from backend.conversations.inbox import Accepted, Inbox, Incoming, Settle
from backend.conversations.outbox import ChannelSender, OutboxSender
from backend.conversations.plain_path import PlainPath
from backend.conversations.timers import Timers
from backend.conversations.trials import NoTrials, Trials
from backend.conversations.turns import CarryOut, PickForReview, TurnWorker
from backend.conversations.watch import NobodyWatches, Watch
from backend.persistence.database import Database
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.figures import Count, Published
from backend.persistence.host_rows import Host
from backend.persistence.outbox_rows import HistoryEvent
from backend.persistence.public_requests import PublicRequest, Wanted
from backend.persistence.pulse import Pulse
from backend.persistence.unit_of_work import opener
from backend.persistence.wakeups import Bell, Wakeups

log = logging.getLogger(__name__)

POLL_S = 1.0
IDLE_POLL_S = 5.0
BROKEN_S = 0.5
TIMER_S = 2.0
PURGE_S = 30.0


@dataclass(frozen=True)
class Rules:
    """What the settings say about time. `engine_patience` is how long a message waits for an engine until its sender is told;
    `send_at_once` how many messages may be on their way out at the same time."""

    zone: tzinfo
    home: str
    workers: int = 4
    remind_after: timedelta = timedelta(hours=1)
    draft_kept: timedelta = timedelta(hours=72)
    engine_patience: timedelta = timedelta(seconds=8)
    send_at_once: int = 4


def utc_now() -> datetime:
    return datetime.now(UTC)


class Pipeline:
    """Everything between a channel and the engines. Make one per process; run it with `run`."""

    def __init__(
        self,
        database: Database,
        engines: Engines,
        rules: Rules,
        carry_out: CarryOut,
        sentence: Callable[[str], str],
        pick_for_review: PickForReview,
        senders: Mapping[str, ChannelSender] | None = None,
        bundling: Bundling | None = None,
        clock: Callable[[], datetime] = utc_now,
        reach: failpoints.Reach | None = None,
        watch: Watch | None = None,
        plain: PlainPath | None = None,
        has_room: Callable[[], bool] = lambda: True,
        trials: Trials | None = None,
    ) -> None:
        self._leaving, self._at_work, self._idle = False, 0, asyncio.Event()
        self._rules = rules
        self._clock = clock
        self.reach = reach or failpoints.from_environment()
        vault = database.keys.vault
        requests, workers = opener(database.requests, vault), opener(database.workers, vault)
        self.wakeups = Wakeups(database.app_address)
        self.senders = Senders(requests, clock, has_room)
        self.events = Events(requests, self.wakeups)
        self.inbox = Inbox(
            requests,
            bundling or Bundling(words=words_that("closes"), urgent_words=words_that("urgent")),
            rules.draft_kept,
        )
        self._plain = plain
        apology = plain.offer if plain else lambda: {"text": sentence("engine_down"), "choices": []}
        self.timers = Timers(workers, engines, apology, self.wakeups, rules.engine_patience)
        self.worker = TurnWorker(
            open_uow=workers,
            engines=engines,
            carry_out=carry_out,
            pick_for_review=pick_for_review,
            sentence=sentence,
            wakeups=self.wakeups,
            clock=clock,
            zone=rules.zone,
            home=rules.home,
            remind_after=rules.remind_after,
            reach=self.reach,
            watch=watch or NobodyWatches(),
            trials=trials or NoTrials(),
        )
        self._open_uow = workers
        self.errands = Errands(workers, self.wakeups, clock)
        self.sender = OutboxSender(workers, senders or {}, self.wakeups, clock, self.reach)

    async def accept(self, message: Incoming, settle: Settle | None = None) -> Accepted:
        """Committed when this returns; a copy gets the place of the first. Raises DatabaseUnavailable."""
        now = self._clock()
        if self._plain is not None:
            settle = self._plain.around(message.content, message.channel, now, settle)
        accepted = await self.inbox.accept(message, now, settle)
        self.reach("message_accepted")
        if accepted.is_new and accepted.conversation is not None:
            self.wakeups.event(accepted.conversation)
            if accepted.settled:
                self.wakeups.sending()
                return accepted
            wait_s = (accepted.ready_at - now).total_seconds()
            if wait_s > 0:
                self.wakeups.work_at(wait_s)
            else:
                self.wakeups.work()
        return accepted

    async def events_after(self, conversation: str, seq: int) -> Sequence[HistoryEvent]:
        return await self.events.after(conversation, seq)

    async def wait_for_event(
        self, conversation: str, seq: int, timeout_s: float = 25.0
    ) -> Sequence[HistoryEvent]:
        """Events after `seq`; waits up to `timeout_s` while there are none. Calling it in a loop is a stream."""
        return await self.events.wait(conversation, seq, timeout_s)

    async def pulse(self) -> Pulse:
        """What waits now, and since when."""
        async with self._open_uow() as uow:
            return await uow.pulse.read(self._clock())

    async def hosts(self) -> Sequence[Host]:
        """The hosts of the installation, as each told last."""
        async with self._open_uow() as uow:
            return await uow.hosts.all()

    async def address_of(self, conversation: str) -> str | None:
        """Where the sender is reached; the caller has the right to know and has written down why."""
        async with self._open_uow() as uow:
            return await uow.conversations.address(conversation)

    async def figures(self, desk: str, start: datetime, end: datetime) -> Sequence[Count]:
        """Counts of one desk's cases that were filed in this span."""
        async with self._open_uow() as uow:
            return await uow.figures.counts(desk, start, end)

    async def published(self, desk: str, period: str) -> Published | None:
        """What was told to everybody of a period; None when it was not counted yet."""
        async with self._open_uow() as uow:
            return await uow.figures.published(desk, period)

    async def publish(self, desk: str, period: str, body: dict[str, Any], at: datetime) -> Published:
        """Kept for good. Whoever was first is right: that is what comes back."""
        async with self._open_uow() as uow:
            kept = await uow.figures.publish(desk, period, body, at)
            await uow.commit()
            return kept

    async def public_requests(self, wanted: Wanted) -> Sequence[PublicRequest]:
        """What anybody may know of ordinary cases."""
        async with self._open_uow() as uow:
            return await uow.public_requests.find(wanted)

    async def run(self) -> None:
        """Workers, sender and timers until cancelled, through restarts of the database and the engines."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.wakeups.run())
            for n in range(self._rules.workers):
                # One poll a second finds what no word told of; the others need not ask that often.
                poll_s = POLL_S if n == 0 else IDLE_POLL_S
                group.create_task(self._whenever_rung(self.wakeups.turns, self.worker.work_once, poll_s))
            for n in range(self._rules.send_at_once if self.sender.senders else 1):
                poll_s = POLL_S if n == 0 else IDLE_POLL_S
                group.create_task(self._whenever_rung(self.wakeups.outbox, self.sender.send_once, poll_s))
            group.create_task(self.every(TIMER_S, self.timers.remind))
            group.create_task(self.every(TIMER_S, self.timers.tell_engines_are_down))
            group.create_task(self.every(PURGE_S, self.timers.purge))
            group.create_task(self.every(TIMER_S, self.errands.do_all))

    async def _whenever_rung(self, bell: Bell, work: Callable[[], Awaitable[bool]], poll_s: float) -> None:
        """Work until nothing is due, then wait for the bell; until we are leaving."""
        while not self._leaving:
            self._at_work += 1
            self._idle.clear()
            try:
                found = await _survived(work)
            finally:
                self._at_work -= 1
                if not self._at_work:
                    self._idle.set()
            if not found:
                await bell.heard(poll_s)

    async def finish(self, within_s: float) -> bool:
        """Begin nothing more; whether everything begun was done in time. What was not is done again, by others or later."""
        self._leaving = True
        if self._at_work:
            with suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self._idle.wait()
        return not self._at_work

    async def settle(self) -> None:
        """Work and send until nothing is due: for tests and for draining before a stop."""
        while await self.worker.work_once() or await self.sender.send_once():
            pass

    async def every(self, seconds: float, work: Callable[[datetime], Awaitable[int]]) -> None:
        """Work now and after each pause, until cancelled, through restarts of the database."""
        while True:
            await _survived(lambda: work(self._clock()))
            await asyncio.sleep(seconds)


async def _survived[T](work: Callable[[], Awaitable[T]]) -> T | None:
    """The result, or None after a pause when the database was away."""
    try:
        return await work()
    except DatabaseUnavailable as failure:
        log.warning("database away error=%s", failure)
        await asyncio.sleep(BROKEN_S)
        return None
