"""Errands: what the desk's transaction wants done that its login may not do. Left sealed, done by the app's login."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.persistence.errors import KeyDestroyed
from backend.persistence.outbox_rows import SqlOutbox
from backend.persistence.review_rows import SqlReview
from backend.persistence.tables import errands
from backend.persistence.thread import SqlContacts, SqlThread
from backend.persistence.transaction import Transaction
from backend.usecases.ports import Author, News, Notice, ReviewItem, ThreadMessage


@dataclass(frozen=True)
class Hold:
    """What an order for many cases tells people waits until `ready_at`; `batch` names the order and the case."""

    batch: str
    ready_at: datetime


@dataclass(frozen=True)
class SqlErrands:
    """Left by the desk's login, done by the app's."""

    tx: Transaction
    hold: Hold | None = None

    async def leave_notice(self, notice: Notice) -> None:
        """A message for the reporter of a case, whoever that is."""
        body = {"id": notice.id, "sentence": notice.sentence, "text": notice.text}
        await self._leave("notice", notice.case_id, body, notice.at)

    async def leave_message(self, message: ThreadMessage) -> None:
        """Words for the thread of a case, which nobody reads before the notices leave."""
        body = {"id": message.id, "text": message.text, "files": list(message.attachments)}
        await self._leave("message", message.case_id, body, message.at)

    async def leave_review(self, case_id: str, item: ReviewItem) -> None:
        """A masked sentence of a case that an officer's work has labelled."""
        body = {name: value for name, value in asdict(item).items() if name not in ("at", "decided_at")}
        await self._leave("review", case_id, body, item.at)

    async def _leave(self, kind: str, case_id: str, body: Any, at: datetime) -> None:
        errand = secrets.token_hex(16)
        sealer = await self.tx.case_key(case_id)
        sealed = sealer.seal_json(body, f"errand:{errand}")
        row = {"id": errand, "case_id": case_id, "kind": kind, "body": sealed, "at": at}
        held = {"batch": self.hold.batch, "ready_at": self.hold.ready_at} if self.hold else {}
        await self.tx.connection.execute(sa.insert(errands).values({**row, **held}))

    async def release(self, case_id: str) -> None:
        """Whatever of this case still waits leaves now: a later step of somebody else must not overtake it."""
        waiting = errands.c.case_id == case_id, errands.c.batch.is_not(None)
        await self.tx.connection.execute(sa.update(errands).where(*waiting).values(batch=None, ready_at=None))

    async def withdraw(self, batch: str) -> None:
        """Nothing of this order leaves any more."""
        await self.tx.connection.execute(sa.delete(errands).where(errands.c.batch == batch))

    async def held_until(self, case_id: str) -> datetime | None:
        """Until when news of this case waits; None when none does."""
        found: datetime | None = await self.tx.connection.scalar(
            sa.select(sa.func.max(errands.c.ready_at)).where(
                errands.c.case_id == case_id, errands.c.batch.is_not(None)
            )
        )
        return found

    async def do_one(self, now: datetime) -> tuple[bool, str | None]:
        """The oldest that may leave and that nobody else is doing, done and gone with this transaction: whether there was one, and the
        conversation that has news. While another process is doing an older one of the same case, the case waits: news keeps its order.
        An errand of an erased case, or for a reporter who has left, is over without a word."""
        older = errands.alias("older")
        overtakes = sa.exists().where(
            older.c.case_id == errands.c.case_id,
            sa.tuple_(older.c.at, older.c.id) < sa.tuple_(errands.c.at, errands.c.id),
            _may_leave(older, now),
        )
        row = (
            await self.tx.connection.execute(
                sa.select(errands)
                .where(_may_leave(errands, now), ~overtakes)
                .order_by(errands.c.at, errands.c.id)
                .limit(1)
                .with_for_update(skip_locked=True, of=errands)
            )
        ).one_or_none()
        if row is None:
            return False, None
        await self.tx.connection.execute(sa.delete(errands).where(errands.c.id == row.id))
        try:
            sealer = await self.tx.case_key(row.case_id)
        except KeyDestroyed:
            return True, None
        body = sealer.open_json(row.body, f"errand:{row.id}")
        if row.kind == "review":
            await SqlReview(self.tx).add_of_case(row.case_id, _review_item(body, row.at))
            return True, None
        if row.kind == "message":
            files = tuple(body["files"])
            said = ThreadMessage(body["id"], row.case_id, Author.OFFICER, body["text"], row.at, files)
            await SqlThread(self.tx).add(said)
            return True, None
        conversation = await SqlContacts(self.tx).recipient(row.case_id)
        if conversation is not None:
            notice = Notice(
                body["id"], row.case_id, conversation, News(body["sentence"]), body["text"], row.at
            )
            await SqlOutbox(self.tx).add(notice)
        return True, conversation


def _may_leave(table: sa.FromClause, now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(table.c.ready_at.is_(None), table.c.ready_at <= now)


def _review_item(body: dict[str, Any], at: datetime) -> ReviewItem:
    pairs = {name: tuple(tuple(pair) for pair in body[name]) for name in ("ranking", "context")}
    return ReviewItem(**{**body, **pairs}, at=at)
