"""One transaction with every repository on it: the port `UnitOfWork`, and the pipeline's own tables."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncEngine

from backend.persistence.archive_rows import SqlArchives
from backend.persistence.arrival_rows import SqlArrivals
from backend.persistence.connecting import translated
from backend.persistence.delivery_rows import SqlDeliveries
from backend.persistence.erasing import SqlErasure
from backend.persistence.field_copy_rows import SqlFieldCopies
from backend.persistence.figures import SqlFigures
from backend.persistence.handover_rows import SqlHandOvers, SqlRepliesThere
from backend.persistence.host_rows import SqlHosts
from backend.persistence.inbox_files import SqlFiles, SqlSecondThoughts
from backend.persistence.inbox_rows import SqlInbox
from backend.persistence.line_rows import SqlLine
from backend.persistence.outbox_rows import SqlOutbox
from backend.persistence.plain_rows import SqlPlain
from backend.persistence.public_requests import SqlPublicRequests
from backend.persistence.pulse import SqlPulse
from backend.persistence.purging import SqlConversations
from backend.persistence.records import SqlAudit, SqlLookups
from backend.persistence.register import SqlCases
from backend.persistence.review_rows import SqlReview
from backend.persistence.round_rows import RoundRows
from backend.persistence.sealing import Vault
from backend.persistence.thread import SqlAttachments, SqlContacts, SqlThread
from backend.persistence.transaction import Transaction
from backend.persistence.trial_rows import TrialRows
from backend.persistence.turn_rows import SqlTurns
from backend.persistence.webhook_rows import SqlWebhooks


class SqlUnitOfWork:
    """`backend.usecases.ports.UnitOfWork` on PostgreSQL.

    Raises DatabaseUnavailable from the block when the connection breaks; nothing is committed then, unless it broke while
    committing: then it is unknown, which is why everything here may be done twice.
    """

    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.__aenter__()
        try:
            await self._stack.enter_async_context(translated())
            connection = await self._stack.enter_async_context(self._engine.connect())
        except BaseException as failure:
            await self._stack.__aexit__(type(failure), failure, failure.__traceback__)
            raise
        self.transaction = tx = Transaction(connection, self._vault)
        self.cases = SqlCases(tx)
        self.thread = SqlThread(tx)
        self.attachments = SqlAttachments(tx)
        self.field_copies = SqlFieldCopies(tx)
        self.contacts = SqlContacts(tx)
        self.outbox = SqlOutbox(tx)
        self.review = SqlReview(tx)
        self.rounds = RoundRows(tx)
        self.trials = TrialRows(tx)
        self.audit = SqlAudit(tx)
        self.lookups = SqlLookups(tx)
        self.conversations = SqlConversations(tx)
        self.handovers = SqlHandOvers(tx)
        self.replies_there = SqlRepliesThere(tx)
        self.erasure = SqlErasure(tx)
        self.webhooks = SqlWebhooks(tx)
        self.arrivals = SqlArrivals(tx)
        self.inbox = SqlInbox(tx)
        self.turns = SqlTurns(tx)
        self.deliveries = SqlDeliveries(tx)
        self.line = SqlLine(tx)
        self.files = SqlFiles(tx)
        self.second_thoughts = SqlSecondThoughts(tx)
        self.plain = SqlPlain(tx)
        self.hosts = SqlHosts(tx)
        self.archives = SqlArchives(tx)
        self.pulse = SqlPulse(tx)
        self.public_requests = SqlPublicRequests(tx)
        self.figures = SqlFigures(tx)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closing the connection rolls back whatever was not committed."""
        await self._stack.__aexit__(kind, error, trace)

    async def commit(self) -> None:
        await self.transaction.connection.commit()

    async def rollback(self) -> None:
        await self.transaction.connection.rollback()
        self.transaction.forget_all()


OpenUnitOfWork = Callable[[], SqlUnitOfWork]


def opener(engine: AsyncEngine, vault: Vault) -> OpenUnitOfWork:
    """How units of work on one pool are opened: `async with open_uow() as uow:`."""
    return lambda: SqlUnitOfWork(engine, vault)
