"""The clock of the cases: once an hour, in any number of processes; each thing is raised once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.cases.errors import StaleCase
from backend.cases.urgency import Stage
from backend.cases.workflow import CLOCK, KIND, Kind, State
from backend.persistence.alert_rows import Promised, SqlAlerts, Standing
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.persistence.wakeups import Wakeups
from backend.usecases.services import Services
from backend.usecases.watch_deadlines import (
    ENDS,
    mind_silence,
    shortest_silence,
    warn_of_step,
    warn_offices,
)

log = logging.getLogger(__name__)

WORKED_ON = tuple(state for state in State if KIND[state] is Kind.OPEN)
# A quarter of the longest limit (60 working days) is less than six weeks, holidays included.
HORIZON = timedelta(weeks=6)
A_DAY = timedelta(days=1)
Place = tuple[date, str]


@dataclass(frozen=True)
class Deadlines:
    """Warnings to offices and reminders to reporters."""

    open_uow: OpenUnitOfWork
    services: Services
    stages: tuple[Stage, ...]
    wakeups: Wakeups

    async def watch(self, now: datetime) -> int:
        """How many warnings were raised and waiting cases touched."""
        return await self._warn(now) + await self._warn_of_steps(now) + await self._mind(now)

    async def _warn(self, now: datetime) -> int:
        raised, after = 0, None
        kinds = [stage.code for stage in self.stages if stage.step is None]
        until = (now + HORIZON).date()
        while page := await self._promised(until, kinds, after):
            async with self.open_uow() as uow:
                alerts = SqlAlerts(uow.transaction)
                for one in page:
                    new = await warn_offices(one, self.stages, alerts, self.services.reference, now)
                    raised += len(new)
                await uow.commit()
            after = (page[-1].due_on, page[-1].id)
        if raised:
            log.info("warnings raised n=%s", raised)
        return raised

    async def _warn_of_steps(self, now: datetime) -> int:
        """Whoever lets a case lie at one step of its way is told long before the whole promise is in danger."""
        raised, after = 0, None
        stages = tuple(stage for stage in self.stages if stage.step is not None)
        while page := await self._standing(stages, now, after):
            async with self.open_uow() as uow:
                alerts = SqlAlerts(uow.transaction)
                for one in page:
                    new = await warn_of_step(one, stages, alerts, self.services.reference, now)
                    raised += len(new)
                await uow.commit()
            after = (page[-1].due_on, page[-1].id)
        if raised:
            log.info("warnings of steps raised n=%s", raised)
        return raised

    async def _mind(self, now: datetime) -> int:
        touched, after = 0, None
        reference = self.services.reference
        since = now - timedelta(days=shortest_silence(reference))
        today = reference.today(now, self.services.home)
        while page := await self._silent(since, today, after):
            for one in page:
                touched += await self._mind_one(one.id, now)
            after = (page[-1].due_on, page[-1].id)
        if touched:
            log.info("silent reporters minded n=%s", touched)
            self.wakeups.outbox.ring()
        return touched

    async def _mind_one(self, case_id: str, now: datetime) -> bool:
        """One transaction a case: an officer who moves it at the same moment wins."""
        async with self.open_uow() as uow:
            case = await uow.cases.by_id(case_id)
            if case is None:
                return False
            try:
                minded = await mind_silence(case, SqlAlerts(uow.transaction), uow, self.services, now)
            except StaleCase:
                return False
            conversation = await uow.contacts.recipient(case.id) if minded else None
            await uow.commit()
        if conversation is not None:
            self.wakeups.event(conversation)
        return minded

    async def _promised(self, until: date, kinds: list[str], after: Place | None) -> tuple[Promised, ...]:
        async with self.open_uow() as uow:
            return await SqlAlerts(uow.transaction).promised(WORKED_ON, until, after, unless=kinds)

    async def _standing(
        self, stages: tuple[Stage, ...], now: datetime, after: Place | None
    ) -> tuple[Standing, ...]:
        steps = {stage.step for stage in stages}
        states = tuple(state for state in WORKED_ON if CLOCK.get(state) in steps)
        codes = [stage.code for stage in stages]
        async with self.open_uow() as uow:
            return await SqlAlerts(uow.transaction).standing(states, now - A_DAY, codes, after)

    async def _silent(self, since: datetime, today: date, after: Place | None) -> tuple[Promised, ...]:
        async with self.open_uow() as uow:
            return await SqlAlerts(uow.transaction).silent(tuple(ENDS), since, today, after)
