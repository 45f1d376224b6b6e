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
from backend.persistence.thread import SqlContacts
from backend.persistence.transaction import Transaction
from backend.usecases.ports import Notice, ReviewItem


@dataclass(frozen=True)
class SqlErrands:
    """Left by the desk's login, done by the app's."""

    tx: Transaction

    async def leave_notice(self, notice: Notice) -> None:
        """A message for the reporter of a case, whoever that is."""
        body = {"id": notice.id, "sentence": notice.sentence, "text": notice.text}
        await self._leave("notice", notice.case_id, body, notice.at)

    async def leave_review(self, case_id: str, item: ReviewItem) -> None:
        """A masked sentence of a case that an officer's work has labelled."""
        body = {name: value for name, value in asdict(item).items() if name not in ("at", "decided_at")}
        await self._leave("review", case_id, body, item.at)

    async def _leave(self, kind: str, case_id: str, body: Any, at: datetime) -> None:
        errand = secrets.token_hex(16)
        sealer = await self.tx.case_key(case_id)
        sealed = sealer.seal_json(body, f"errand:{errand}")
        row = {"id": errand, "case_id": case_id, "kind": kind, "body": sealed, "at": at}
        await self.tx.connection.execute(sa.insert(errands).values(row))

    async def do_one(self) -> tuple[bool, str | None]:
        """The oldest that nobody else is doing, done and gone with this transaction: whether there was one, and the conversation
        that has news. An errand of an erased case, or for a reporter who has left, is over without a word."""
        row = (
            await self.tx.connection.execute(
                sa.select(errands)
                .order_by(errands.c.at, errands.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
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
            await SqlReview(self.tx).add(_review_item(body, row.at))
            return True, None
        conversation = await SqlContacts(self.tx).recipient(row.case_id)
        if conversation is not None:
            notice = Notice(body["id"], row.case_id, conversation, body["sentence"], body["text"], row.at)
            await SqlOutbox(self.tx).add(notice)
        return True, conversation


def _review_item(body: dict[str, Any], at: datetime) -> ReviewItem:
    pairs = {name: tuple(tuple(pair) for pair in body[name]) for name in ("ranking", "context")}
    return ReviewItem(**{**body, **pairs}, at=at)
