"""Keeps this process on the version of the reference rows that is in force: told at once by NOTIFY, else by a look every few seconds.

The value is replaced as a whole, so whoever took it goes on with what was taken. A turn reads it when it asks and again when it files:
the rows in force at the commit decide, and the receipt names what they decided (decision 54).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from backend.cases.errors import RowInvalid, StaleCase
from backend.cases.workflow import KIND, Kind, State
from backend.persistence.alert_rows import Promised, SqlAlerts
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.reference_rows import SqlRecounts, SqlVersions
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.persistence.wakeups import Wakeups
from backend.usecases.clock import RECOMPUTED, recounted
from backend.usecases.edit_reference import SHIPPED, active_on, reference_of
from backend.usecases.ports import AuditEntry
from backend.usecases.services import Services

log = logging.getLogger(__name__)

# No conversation is called so: the word that goes round when a version was published.
PUBLISHED = "reference"
LOOK_S = 3.0
EVER = date.max
PROMISE_FILES = frozenset({"sla.csv", "holidays.csv"})
UNDER_WAY = tuple(state for state in State if KIND[state] is not Kind.CLOSED)


@dataclass
class ReferenceWatch:
    """`look` puts the version in force in its place, `recount` moves open promises; `run` does both until cancelled."""

    open_uow: OpenUnitOfWork
    services: Services
    clock: Callable[[], datetime]
    # A version that this release cannot read: the rows before it stay in force, and readiness says so.
    refused: int | None = None

    async def run(self, wakeups: Wakeups) -> None:
        """Through restarts of the database: follow, and count promises anew where that is due."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.follow(wakeups))
            group.create_task(self._recount_when_due())

    async def follow(self, wakeups: Wakeups) -> None:
        """Take each version when it comes into force, until cancelled: for processes that do no other work."""
        with wakeups.reader(PUBLISHED) as news:
            while True:
                news.clear()
                try:
                    await self.look()
                except DatabaseUnavailable as failure:
                    log.warning("reference version unknown error=%s", failure)
                try:
                    await asyncio.wait_for(news.wait(), LOOK_S)
                except TimeoutError:
                    continue

    async def _recount_when_due(self) -> None:
        while True:
            try:
                await self.recount()
            except DatabaseUnavailable as failure:
                log.warning("promises wait for their recount error=%s", failure)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> bool:
        """Whether another version has come into force here."""
        async with self.open_uow() as uow:
            store = SqlVersions(uow.transaction)
            today = self.services.reference.today(self.clock(), self.services.home)
            wanted = active_on(await store.all(), today)
            if wanted in (self.services.reference_version, self.refused):
                return False
            try:
                reference = await reference_of(store, wanted)
            except RowInvalid as refusal:
                self.refused = wanted
                log.exception("reference version refused version=%s why=%s", wanted, refusal)
                return False
        self.services.reference, self.services.reference_version, self.refused = reference, wanted, None
        log.info("reference version in force version=%s", wanted)
        return True

    async def recount(self) -> int:
        """How many open promises moved: each version once, in one process, going on where a dead one stopped."""
        version, now = self.services.reference_version, self.clock()
        if version == SHIPPED or not await self._is_mine(version, now):
            return 0
        moved = 0
        after: tuple[date, str] | None = None
        while page := await self._page(after):
            n = sum([await self._recount_one(one.id, version, now) for one in page])
            async with self.open_uow() as uow:
                await SqlRecounts(uow.transaction).going_on(version, n, self.clock())
                await uow.commit()
            moved, after = moved + n, (page[-1].due_on, page[-1].id)
        async with self.open_uow() as uow:
            await SqlRecounts(uow.transaction).done(version, self.clock())
            await uow.commit()
        log.info("promises counted anew version=%s moved=%s", version, moved)
        return moved

    async def _is_mine(self, version: int, now: datetime) -> bool:
        """Taken for this process; versions that touch no promise are done at once."""
        async with self.open_uow() as uow:
            recounts = SqlRecounts(uow.transaction)
            if await recounts.is_done(version) or not await recounts.take(version, now):
                return False
            last = max((one for one, (_, done) in (await recounts.results()).items() if done), default=0)
            known = len(await SqlVersions(uow.transaction).revisions(last))
            new = (await SqlVersions(uow.transaction).revisions(version))[known:]
            concerned = any(one.change.file in PROMISE_FILES for one in new)
            if not concerned:
                await recounts.done(version, now)
            await uow.commit()
        return concerned

    async def _recount_one(self, case_id: str, version: int, now: datetime) -> bool:
        async with self.open_uow() as uow:
            case = await uow.cases.by_id(case_id)
            changed = recounted(case, self.services.reference, version, now) if case else None
            if case is None or changed is None:
                return False
            details = {"old": str(case.due.on), "new": str(changed.due.on), "version": str(version)}
            try:
                await uow.cases.save(changed)
            except StaleCase:
                return False
            await uow.audit.add(AuditEntry(now, "system", RECOMPUTED, case.id, details=details))
            await uow.commit()
        return True

    async def _page(self, after: tuple[date, str] | None) -> tuple[Promised, ...]:
        async with self.open_uow() as uow:
            return await SqlAlerts(uow.transaction).promised(UNDER_WAY, EVER, after)
