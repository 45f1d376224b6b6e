"""Carries out an order for many cases and takes it back: each case in a transaction of its own, so that one refusal stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backend.cases.access import Officer, may_see
from backend.cases.errors import CaseNotFound, DomainError, StaleCase
from backend.persistence.errands import Hold
from backend.usecases.bulk_port import BulkStep
from backend.usecases.fill_words import fill_words
from backend.usecases.merge_cases import Seen
from backend.usecases.order_many import GRACE, ManyOrder, order_one_of_many, undo_one_of_many
from backend.web.desk.outgoing import sent_all_the_same
from backend.web.ports import Site


@dataclass(frozen=True)
class Picked:
    """A case as it stood on the list that the officer looked at."""

    number: str
    version: int


@dataclass(frozen=True)
class BulkWork:
    """One officer's orders. `despite` holds what was found in the words, and sent all the same."""

    site: Site
    officer: Officer
    despite: tuple[str, ...] = ()

    async def carry_out(
        self,
        order_id: str,
        move: str,
        picks: Sequence[Picked],
        until: datetime,
        words: str,
        agency: str,
        leader: str,
    ) -> None:
        """Every case that may be ordered so, is; of each of the others it is written down why not. Cases out of view are passed over."""
        order = ManyOrder(order_id, move, until, words, agency, leader)
        for pick in picks:
            if move == "merge" and pick.number == leader:
                continue
            try:
                await self._one(order, pick)
            except CaseNotFound:
                continue
            except DomainError as refusal:
                why = "bulk_changed" if isinstance(refusal, StaleCase) else refusal.sentence
                await self._left_out(order, pick, why)

    async def _one(self, order: ManyOrder, pick: Picked) -> None:
        async with self.site.open_desk_uow(self.officer) as uow:
            case = await uow.cases.by_number(pick.number)
            if case is None:
                raise CaseNotFound
            assigned = await uow.assignees.of_case(case.id)
        if not may_see(self.officer, case, assigned):
            raise CaseNotFound
        hold = Hold(batch_of(order.id, case.id), order.until + GRACE)
        async with self.site.open_desk_uow(self.officer, hold=hold) as uow:
            seen, now = Seen(case.id, pick.version), self.site.clock()
            services = self.site.services
            words = fill_words(order.words, case, services.reference, now, order.agency)
            order = replace(order, words=words)
            if self.despite:
                await uow.audit.add(sent_all_the_same(case.id, self.officer, self.despite, now))
            await order_one_of_many(order, seen, self.officer, assigned, uow, uow.bulk, services, now)
            await uow.commit()

    async def _left_out(self, order: ManyOrder, pick: Picked, why: str) -> None:
        async with self.site.open_desk_uow(self.officer) as uow:
            case = await uow.cases.by_number(pick.number)
            if case is not None:
                now, me = self.site.clock(), self.officer.id
                step = BulkStep(
                    order.id, case.id, me, order.move, now, order.until, case.version, case.assignment, why
                )
                await uow.bulk.add(step)
                await uow.commit()

    async def take_back(self, steps: Sequence[BulkStep]) -> int:
        """How many were undone; what somebody has gone on with stays, and so does everything once people were told."""
        undone = 0
        for step in steps:
            now = self.site.clock()
            if step.left_out is not None or step.undone_at is not None or now >= step.until:
                continue
            try:
                async with self.site.open_desk_uow(self.officer, unheard=True) as uow:
                    await uow.errands.withdraw(batch_of(step.order_id, step.case_id))
                    await undo_one_of_many(step, self.officer, uow, uow.bulk, self.site.services, now)
                    await uow.commit()
            except DomainError:
                continue  # the page says of each case that was not undone that somebody has gone on with it
            undone += 1
        return undone


def batch_of(order_id: str, case_id: str) -> str:
    """What waits together and is taken back together."""
    return f"{order_id}:{case_id}"
