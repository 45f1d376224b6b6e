"""Everything about accounts in one transaction of the app's login: positions, sessions, delays, and the audit of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from backend.persistence.absence_rows import SqlAbsences
from backend.persistence.audit_view import SqlAuditView
from backend.persistence.export_rows import SqlExports
from backend.persistence.officer_rows import SqlPositions
from backend.persistence.records import SqlAudit
from backend.persistence.session_rows import SqlDelays, SqlSessions
from backend.persistence.sign_on_rows import SqlSignOns
from backend.persistence.transaction import Opening
from backend.persistence.webhook_rows import SqlWebhooks
from backend.usecases.ports import AuditEntry


@dataclass(frozen=True)
class AccountRows:
    """The repositories of one transaction."""

    positions: SqlPositions
    sessions: SqlSessions
    delays: SqlDelays
    audit: SqlAudit
    audit_view: SqlAuditView
    webhooks: SqlWebhooks
    exports: SqlExports
    sign_ons: SqlSignOns
    absences: SqlAbsences


@dataclass(frozen=True)
class Accounts(Opening):
    """`async with accounts.begin() as rows:` commits when the block is left in peace."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AccountRows]:
        async with self.transaction() as tx:
            accounts = SqlPositions(tx), SqlSessions(tx), SqlDelays(tx)
            more = SqlWebhooks(tx), SqlExports(tx), SqlSignOns(tx)
            yield AccountRows(*accounts, SqlAudit(tx), SqlAuditView(tx), *more, SqlAbsences(tx))

    async def record(self, entry: AuditEntry) -> None:
        """An audit line of its own transaction: it stays whatever becomes of the action it tells of."""
        async with self.begin() as rows:
            await rows.audit.add(entry)
