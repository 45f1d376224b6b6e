"""From the letterbox to where it belongs: messages to the inbox, statuses to the outbox, each in the order it came.

A webhook leaves the letterbox only after everything in it was committed; whatever is done twice after a crash changes nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.channels.whatsapp.heard import Heard, Status
from backend.channels.whatsapp.intake import Intake
from backend.channels.whatsapp.ledger import CHANNEL
from backend.channels.whatsapp.translation import translate
from backend.conversations.failpoints import Reach
from backend.persistence.arrival_rows import Arrival
from backend.persistence.dead_letter_rows import bury
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.unit_of_work import OpenUnitOfWork, SqlUnitOfWork
from backend.persistence.wakeups import Bell
from backend.web.traces import trace_of

log = logging.getLogger(__name__)

AT_ONCE = 50
PEOPLE_AT_ONCE = 4
POLL_S = 1.0
BROKEN_S = 0.5
LONGEST_PAUSE_S = 3600.0
# So often it fails before somebody is asked to look; it is still tried, as a mended release may read it.
MANY_TRIES = 5
# As long as the provider itself would have sent it again.
KEPT = timedelta(days=7)

Piece = tuple[Arrival, Heard]


@dataclass(frozen=True)
class Sorter:
    """Any number of them may run: each webhook is held by one, and let go when that one dies."""

    open_uow: OpenUnitOfWork
    intake: Intake
    number: str
    bell: Bell
    clock: Callable[[], datetime]
    reach: Reach

    async def run(self) -> None:
        """Sort until cancelled, through restarts of the database."""
        while True:
            try:
                found = await self.sort_once()
            except DatabaseUnavailable as failure:
                log.warning("database away error=%s", failure)
                await asyncio.sleep(BROKEN_S)
                continue
            if not found:
                await self.bell.heard(POLL_S)

    async def sort_once(self) -> bool:
        """Sort those that came first; False when none waits."""
        async with self.open_uow() as uow:
            arrivals = await uow.arrivals.take(CHANNEL, self.clock(), AT_ONCE)
            if not arrivals:
                return False
            failed = await self._sort(arrivals)
            self.reach("arrivals_sorted")
            now = self.clock()
            await uow.arrivals.sorted([one for one in arrivals if one.id not in failed], now)
            for arrival in arrivals:
                if arrival.id in failed:
                    await self._failed(arrival, failed[arrival.id], uow, now)
            await uow.commit()
        return True

    async def _sort(self, arrivals: Sequence[Arrival]) -> dict[str, str]:
        """Id → kind of error of those that could not be sorted. What one person sent keeps its order; people do not wait for each
        other."""
        failed: dict[str, str] = {}
        lanes: dict[str, list[Piece]] = defaultdict(list)
        for arrival in arrivals:
            try:
                for heard in translate(json.loads(arrival.body), self.number):
                    lanes[_lane(heard)].append((arrival, heard))
            except Exception as failure:  # noqa: BLE001 it costs itself only, and is kept
                failed[arrival.id] = _told(arrival, failure)
        few = asyncio.Semaphore(PEOPLE_AT_ONCE)

        async def walk(lane: list[Piece]) -> None:
            async with few:
                for arrival, heard in lane:
                    await self._take(arrival, heard, failed)

        # Each walk is over before the first failure is told: nothing goes on behind the back of the transaction.
        for outcome in await asyncio.gather(*map(walk, lanes.values()), return_exceptions=True):
            if outcome is not None:
                raise outcome
        return failed

    async def _take(self, arrival: Arrival, heard: Heard, failed: dict[str, str]) -> None:
        try:
            await self.intake.take(heard, arrival.received_at)
        except DatabaseUnavailable:
            raise
        except Exception as failure:  # noqa: BLE001 it costs itself only, and is kept
            failed[arrival.id] = _told(arrival, failure)

    async def _failed(self, arrival: Arrival, code: str, uow: SqlUnitOfWork, now: datetime) -> None:
        if now - arrival.received_at > KEPT:
            await uow.arrivals.drop(arrival)
            return
        pause_s = min(2.0 * 2**arrival.tries, LONGEST_PAUSE_S)
        await uow.arrivals.put_off(arrival, now + timedelta(seconds=pause_s))
        if arrival.tries + 1 == MANY_TRIES:
            await bury(uow.transaction, "arrival", arrival.id, None, code, now)


def _lane(heard: Heard) -> str:
    """Whose order it must keep: the person's, or the message's whose fate it tells."""
    person = getattr(heard, "person", None)
    if person is not None:
        return f"person {person.name}"
    return f"status {heard.outbox or heard.provider_id}" if isinstance(heard, Status) else "line"


def _told(arrival: Arrival, failure: Exception) -> str:
    """For the log the places, never the words: they are somebody's."""
    log.error("arrival not sorted id=%s tries=%s at %s", arrival.id, arrival.tries + 1, trace_of(failure))
    return type(failure).__name__
