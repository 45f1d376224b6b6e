"""All data keys under a new wrapping key, in batches: may be stopped at any moment and begun again, while the product runs.

A backend reads the key file when it starts. So: `rotate-keys` adds the new version, every backend is restarted, `rotate-keys` again
rewraps; only `rotate-keys --drop-old` forgets old versions, after no row needs them. Sealed values themselves are not touched.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.persistence.sealing import Vault, WrappedKey
from backend.persistence.tables import arrivals, cases, conversations, officers, review_items

# Table and the word in the name that its keys are bound to.
KEYED = (
    (cases, "case"),
    (conversations, "conversation"),
    (officers, "officer"),
    (review_items, "review"),
    (arrivals, "arrival"),
)
BATCH = 200


async def rewrap(engine: AsyncEngine, vault: Vault, batch: int = BATCH) -> int:
    """Every data key is wrapped by the newest version afterwards; how many were changed. Each batch is a transaction."""
    changed = 0
    while n_done := await _rewrap_batch(engine, vault, batch):
        changed += n_done
    return changed


async def _rewrap_batch(engine: AsyncEngine, vault: Vault, batch: int) -> int:
    newest = max(vault.wrapping_keys)
    for table, owner in KEYED:
        async with engine.begin() as connection:
            rows = (
                await connection.execute(
                    sa.select(table.c.id, table.c.key_version, table.c.key_wrapped)
                    .where(table.c.key_version < newest, table.c.key_wrapped.is_not(None))
                    .order_by(table.c.id)
                    .limit(batch)
                    .with_for_update()
                )
            ).all()
            for row in rows:
                wrapped = vault.rewrap(WrappedKey(row.key_version, row.key_wrapped), f"{owner}:{row.id}")
                await connection.execute(
                    sa.update(table)
                    .where(table.c.id == row.id)
                    .values(key_version=wrapped.version, key_wrapped=wrapped.wrapped)
                )
        if rows:
            return len(rows)
    return 0


async def still_needed(engine: AsyncEngine) -> set[int]:
    """Versions of the wrapping key without which some row could not be read."""
    needed: set[int] = set()
    async with engine.connect() as connection:
        for table, _ in KEYED:
            versions = await connection.scalars(
                sa.select(table.c.key_version).where(table.c.key_wrapped.is_not(None)).distinct()
            )
            needed |= set(versions)
    return needed
