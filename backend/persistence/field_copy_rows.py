"""Field copies of photos: what may leave the desk, sealed like the originals."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.cases.field_copy import Box, written
from backend.persistence.tables import field_copies
from backend.persistence.transaction import Transaction
from backend.usecases.ports import FieldCopy


class SqlFieldCopies:
    """`backend.usecases.ports.FieldCopies`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of_case(self, case_id: str) -> Mapping[str, FieldCopy]:
        columns = [column for column in field_copies.c if column.name != "body"]
        rows = await self._tx.connection.execute(sa.select(*columns).where(field_copies.c.case_id == case_id))
        return {
            row.attachment_id: FieldCopy(
                attachment_id=row.attachment_id,
                case_id=case_id,
                boxes=tuple(Box(*one) for one in row.boxes),
                original=row.original,
                n_bytes=row.n_bytes,
                by=row.made_by,
                at=row.made_at,
            )
            for row in rows
        }

    async def keep(self, copy: FieldCopy, content: bytes) -> None:
        sealer = await self._tx.case_key(copy.case_id)
        body = sealer.seal(content, f"field_copy:{copy.attachment_id}") if content else None
        values = {
            "boxes": written(copy.boxes),
            "original": copy.original,
            "n_bytes": len(content),
            "body": body,
            "made_by": copy.by,
            "made_at": copy.at,
        }
        await self._tx.connection.execute(
            insert(field_copies)
            .values(attachment_id=copy.attachment_id, case_id=copy.case_id, **values)
            .on_conflict_do_update(index_elements=["attachment_id"], set_=values)
        )

    async def read(self, attachment_id: str) -> bytes | None:
        row = (
            await self._tx.connection.execute(
                sa.select(field_copies.c.case_id, field_copies.c.body).where(
                    field_copies.c.attachment_id == attachment_id
                )
            )
        ).one_or_none()
        if row is None or row.body is None:
            return None
        return (await self._tx.case_key(row.case_id)).open(row.body, f"field_copy:{attachment_id}")

    def fingerprint(self, content: bytes) -> bytes:
        return self._tx.vault.identifier("photo", hashlib.sha256(content).hexdigest())
