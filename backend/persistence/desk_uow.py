"""One transaction of an officer: the same repositories, on the login that sees no row beyond the officer's scope.

The desk's login reaches neither conversations nor contacts. What has to be told to a reporter, or to wait for a reviewer, is left as
an errand in the same transaction, sealed under the case's key; after the commit the app's login does it (`errands.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.persistence.bulk_rows import SqlBulk
from backend.persistence.desk_rows import SqlAssignees, SqlTitles
from backend.persistence.desk_scope import DeskScope
from backend.persistence.errands import Hold, SqlErrands
from backend.persistence.export_rows import SqlExportedCases
from backend.persistence.field_copy_rows import SqlFieldCopies
from backend.persistence.handover_rows import SqlHandOvers, SqlRepliesThere
from backend.persistence.outbox_rows import SqlOutbox
from backend.persistence.records import SqlAudit
from backend.persistence.register import SqlCases
from backend.persistence.review_rows import SqlReview
from backend.persistence.saved_views import SqlSavedViews
from backend.persistence.sealing import Vault
from backend.persistence.sight import SqlSight
from backend.persistence.tables import cases
from backend.persistence.thread import SqlAttachments, SqlContacts, SqlThread
from backend.persistence.transaction import Transaction
from backend.persistence.unit_of_work import SqlUnitOfWork
from backend.persistence.work_list import SqlWorkList
from backend.usecases.ports import Notice, ReviewItem, ThreadMessage

Relay = Callable[[], Awaitable[None]]


@dataclass
class DeskTransaction(Transaction):
    """Cases that it changes stay in its view until it ends, wherever they go. With `releases`, news of them that still waits leaves
    first: no later step overtakes it."""

    held: list[str] = field(default_factory=list)
    releases: bool = True

    async def hold(self, case_id: str) -> None:
        if self.releases:
            await SqlErrands(self).release(case_id)
        self.held.append(case_id)
        value = ",".join(dict.fromkeys(self.held))
        await self.connection.execute(sa.select(sa.func.set_config("teman_lapor.held", value, True)))


class DeskContacts(SqlContacts):
    """Knows only that there may be somebody: whom an errand is for is found out when it is done."""

    async def recipient(self, case_id: str) -> str | None:
        """A stand-in for the conversation; None for anonymous cases, which have none."""
        level = await self._tx.connection.scalar(
            sa.select(cases.c.identity_level).where(cases.c.id == case_id)
        )
        return None if level in (None, "anonymous") else case_id


class DeskOutbox(SqlOutbox):
    """Notices become errands."""

    def __init__(self, tx: DeskTransaction, hold: Hold | None) -> None:
        super().__init__(tx)
        self._hold = hold

    async def add(self, notice: Notice) -> None:
        await SqlErrands(self._tx, self._hold).leave_notice(notice)


class Unheard(SqlOutbox):
    """Of an undoing: the step that is taken back was never told, so nobody is told that it was taken back."""

    async def add(self, notice: Notice) -> None:
        """Nothing leaves."""


class HeldThread(SqlThread):
    """Words of an order that can still be undone wait with its notices."""

    def __init__(self, tx: DeskTransaction, hold: Hold) -> None:
        super().__init__(tx)
        self._hold = hold

    async def add(self, message: ThreadMessage) -> None:
        await SqlErrands(self._tx, self._hold).leave_message(message)


class DeskReview(SqlReview):
    """What the change of a case teaches becomes an errand of that case."""

    def __init__(self, tx: DeskTransaction, hold: Hold | None) -> None:
        super().__init__(tx)
        self._hold = hold

    async def add_of_case(self, case_id: str, item: ReviewItem) -> None:
        await SqlErrands(self._tx, self._hold).leave_review(case_id, item)


class DeskUnitOfWork(SqlUnitOfWork):
    """`backend.usecases.ports.UnitOfWork` for one officer, with `assignees` and `titles` besides. With `hold`, what it tells people waits;
    `unheard`, it tells nobody.

    After `commit` or `rollback` the scope is gone and nothing is seen any more: one block, one transaction.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        scope: DeskScope,
        relay: Relay,
        *,
        hold: Hold | None = None,
        unheard: bool = False,
    ) -> None:
        super().__init__(engine, vault)
        self._scope, self._relay = scope, relay
        self._hold, self._unheard = hold, unheard

    @property
    def scope(self) -> DeskScope:
        """What this transaction may see."""
        return self._scope

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        try:
            await self._scope.apply(self.transaction.connection)
        except BaseException as failure:
            await self.__aexit__(type(failure), failure, failure.__traceback__)
            raise
        releases = self._hold is None and not self._unheard
        self.transaction = tx = DeskTransaction(
            self.transaction.connection, self._vault, on_behalf=self._scope.stands_for, releases=releases
        )
        self.cases = SqlCases(tx)
        self.thread = HeldThread(tx, self._hold) if self._hold else SqlThread(tx)
        self.attachments = SqlAttachments(tx)
        self.field_copies = SqlFieldCopies(tx)
        self.audit = SqlAudit(tx)
        self.contacts = DeskContacts(tx)
        self.outbox = Unheard(tx) if self._unheard else DeskOutbox(tx, self._hold)
        self.review = DeskReview(tx, self._hold)
        self.handovers = SqlHandOvers(tx)
        self.replies_there = SqlRepliesThere(tx)
        self.assignees = SqlAssignees(tx)
        self.titles = SqlTitles(tx)
        self.work_list = SqlWorkList(tx, self._scope)
        self.sight = SqlSight(tx)
        self.bulk = SqlBulk(tx)
        self.views = SqlSavedViews(tx)
        self.errands = SqlErrands(tx)
        self.exported = SqlExportedCases(tx)
        return self

    async def commit(self) -> None:
        """Errands that this transaction left are done at once; what fails there is done by the timer."""
        await super().commit()
        await self._relay()
