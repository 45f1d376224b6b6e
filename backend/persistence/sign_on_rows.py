"""Which person of the OpenID provider holds which position: known as HMAC, gone with the holder."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.persistence.tables import officer_sign_ons
from backend.persistence.transaction import Transaction


class SqlSignOns:
    """Rows of `officer_sign_ons`; only the app's login reaches them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def _digest(self, subject: str) -> bytes:
        return self._tx.vault.identifier("sign-on", subject)

    async def bind(self, officer_id: str, subject: str, now: datetime) -> bool:
        """In the place of an earlier person of this position; False when the person holds another one."""
        digest = self._digest(subject)
        if await self.officer_of(subject) not in (None, officer_id):
            return False
        values = {"subject": digest, "bound_at": now}
        await self._tx.connection.execute(
            insert(officer_sign_ons)
            .values(officer_id=officer_id, **values)
            .on_conflict_do_update(index_elements=["officer_id"], set_=values)
        )
        return True

    async def officer_of(self, subject: str) -> str | None:
        found: str | None = await self._tx.connection.scalar(
            sa.select(officer_sign_ons.c.officer_id).where(
                officer_sign_ons.c.subject == self._digest(subject)
            )
        )
        return found

    async def is_bound(self, officer_id: str) -> bool:
        found = await self._tx.connection.scalar(
            sa.select(officer_sign_ons.c.officer_id).where(officer_sign_ons.c.officer_id == officer_id)
        )
        return found is not None

    async def let_go(self, officer_id: str) -> bool:
        """Whether there was a binding."""
        done = await self._tx.connection.execute(
            sa.delete(officer_sign_ons).where(officer_sign_ons.c.officer_id == officer_id)
        )
        return bool(done.rowcount)
