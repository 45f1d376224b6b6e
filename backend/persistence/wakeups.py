"""Who waits for something is told at once: LISTEN/NOTIFY between processes. A lost word costs a poll, never a message."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from backend.persistence.connecting import BROKEN, Address

log = logging.getLogger(__name__)

WORK, EVENT = "teman_lapor_work", "teman_lapor_event"
# What others are told has come: turns to be worked on, messages to be sent, webhooks to be sorted.
TURNS, OUTBOX, ARRIVALS = "", "outbox", "arrivals"
RECONNECT_S = 0.5


class Bell:
    """Rings for one idle worker; when all are busy, the next that becomes idle hears it at once."""

    def __init__(self) -> None:
        self._idle: deque[asyncio.Future[None]] = deque()
        self._rung = False

    def ring(self) -> None:
        while self._idle:
            waiting = self._idle.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return
        self._rung = True

    async def heard(self, timeout_s: float) -> None:
        """Returns when it rings for us, or after `timeout_s`."""
        if self._rung:
            self._rung = False
            return
        waiting = asyncio.get_running_loop().create_future()
        self._idle.append(waiting)
        try:
            await asyncio.wait_for(waiting, timeout_s)
        except TimeoutError:
            return
        finally:
            if waiting in self._idle:
                self._idle.remove(waiting)


class Wakeups:
    """One connection that listens and tells. Telling happens after a commit: inside, it would put all commits in a row."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: Any = None
        self.turns = Bell()
        self.outbox = Bell()
        self.arrivals = Bell()
        self._readers: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._telling: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Listen until cancelled, through restarts of the server."""
        while True:
            try:
                await self._listen()
            except BROKEN as failure:
                log.warning("not listening to the database error=%s", type(failure).__name__)
            await asyncio.sleep(RECONNECT_S)

    async def _listen(self) -> None:
        connection = await self._address.connect()
        gone = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: gone.set())
            own = connection.get_server_pid()
            await connection.add_listener(WORK, lambda _, pid, __, said: self._elsewhere(pid, own, said))
            await connection.add_listener(EVENT, lambda _, __, ___, said: self._wake_readers(str(said)))
            self._connection = connection
            for bell in (self.turns, self.outbox, self.arrivals):
                bell.ring()
            await gone.wait()
        finally:
            self._connection = None
            connection.terminate()

    def work(self) -> None:
        """Something waits for a worker."""
        self.turns.ring()
        self._tell(WORK, TURNS)

    def sending(self) -> None:
        """Something waits to be sent."""
        self.outbox.ring()
        self._tell(WORK, OUTBOX)

    def arrived(self) -> None:
        """Something waits to be sorted."""
        self.arrivals.ring()
        self._tell(WORK, ARRIVALS)

    def work_at(self, delay_s: float) -> None:
        """A turn will be due in a while."""
        asyncio.get_running_loop().call_later(max(delay_s, 0.0), self.turns.ring)

    def send_at(self, delay_s: float) -> None:
        """A message will have to be sent in a while."""
        asyncio.get_running_loop().call_later(max(delay_s, 0.0), self.outbox.ring)

    def event(self, conversation: str) -> None:
        """A conversation has a new event."""
        self._wake_readers(conversation)
        self._tell(EVENT, conversation)

    def _tell(self, channel: str, payload: str) -> None:
        if self._connection is None:
            return
        task = asyncio.ensure_future(self._notify(self._connection, channel, payload))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _notify(self, connection: Any, channel: str, payload: str) -> None:
        try:
            async with self._one_at_a_time:
                await connection.execute("SELECT pg_notify($1, $2)", channel, payload)
        except BROKEN as failure:
            log.info("others were not told error=%s", type(failure).__name__)

    def _elsewhere(self, said_by: int, own: int, said: str) -> None:
        """Our own word has rung the bell already when it was said."""
        if said_by != own:
            {OUTBOX: self.outbox, ARRIVALS: self.arrivals}.get(said, self.turns).ring()

    def _wake_readers(self, conversation: str) -> None:
        for one in self._readers.get(conversation, ()):
            one.set()

    @contextmanager
    def reader(self, conversation: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the conversation may have news."""
        event = asyncio.Event()
        self._readers[conversation].add(event)
        try:
            yield event
        finally:
            self._readers[conversation].discard(event)
            if not self._readers[conversation]:
                del self._readers[conversation]
