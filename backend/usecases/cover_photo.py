"""A photo is looked at before it leaves the desk: what has to be covered is covered, and who did it stays on record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from backend.cases.case import Case
from backend.cases.errors import CaseNotFound
from backend.cases.field_copy import Box, Checked
from backend.usecases.ports import AuditEntry, FieldCopy, UnitOfWork

Burn = Callable[[Sequence[Box]], Awaitable[bytes]]


async def cover_photo(
    case: Case,
    photo: str,
    original: bytes,
    boxes: Sequence[Box],
    burn: Burn,
    by: str,
    uow: UnitOfWork,
    now: datetime,
) -> FieldCopy:
    """The photo has a field copy with these boxes burnt in. What somebody else covered meanwhile stays covered."""
    earlier = (await uow.field_copies.of_case(case.id)).get(photo)
    kept = earlier.boxes if earlier and earlier.checked is Checked.COVERED else ()
    together = tuple(dict.fromkeys((*kept, *boxes)))
    content = await burn(together)
    fingerprint = uow.field_copies.fingerprint(original)
    copy = FieldCopy(photo, case.id, together, fingerprint, len(content), by, now)
    await uow.field_copies.keep(copy, content)
    details = {"photo": photo, "boxes": str(len(together)), "original": fingerprint.hex()}
    await uow.audit.add(AuditEntry(now, by, "photo_covered", case.id, "", details))
    return copy


async def reopen_photo(
    case: Case, photo: str, reason: str, by: str, uow: UnitOfWork, now: datetime
) -> FieldCopy:
    """The copy is withdrawn until the boxes are drawn anew; raises `CaseNotFound` when there is none."""
    earlier = (await uow.field_copies.of_case(case.id)).get(photo)
    if earlier is None or earlier.checked is not Checked.COVERED:
        raise CaseNotFound
    copy = replace(earlier, n_bytes=0, by=by, at=now)
    await uow.field_copies.keep(copy, b"")
    await uow.audit.add(AuditEntry(now, by, "photo_reopened", case.id, reason, {"photo": photo}))
    return copy
