"""Erasing one case: its key is destroyed, and with it, in dumps and log files too, everything that it sealed."""

from __future__ import annotations

import sqlalchemy as sa

from backend.persistence.review_rows import SqlReview
from backend.persistence.tables import attachments, case_contacts, case_messages, cases, errands
from backend.persistence.transaction import Transaction


class SqlErasure:
    """`backend.usecases.secrets_port.Erasure`. History and audit stay: their notes were sealed under the key that is gone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def erase(self, case_id: str) -> int:
        gone = 0
        for table in (case_messages, attachments):
            done = await self._tx.connection.execute(sa.delete(table).where(table.c.case_id == case_id))
            gone += done.rowcount
        for table in (case_contacts, errands):
            await self._tx.connection.execute(sa.delete(table).where(table.c.case_id == case_id))
        await self._tx.connection.execute(
            sa.update(cases)
            .where(cases.c.id == case_id)
            .values(
                key_version=None, key_wrapped=None, sealed=None, words=[], place_label=None, village_code=None
            )
        )
        await SqlReview(self._tx).unlearn_case(case_id)
        self._tx.forget_case_key(case_id)
        return gone
