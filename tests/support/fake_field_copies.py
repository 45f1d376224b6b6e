"""The fake of the port `FieldCopies`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from backend.usecases.ports import FieldCopy

if TYPE_CHECKING:
    from tests.support.fakes import Store


class FakeFieldCopies:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def of_case(self, case_id: str) -> Mapping[str, FieldCopy]:
        copies = [copy for copy, _ in self._store.field_copies.values()]
        return {one.attachment_id: one for one in copies if one.case_id == case_id}

    async def keep(self, copy: FieldCopy, content: bytes) -> None:
        self._store.field_copies[copy.attachment_id] = (copy, content)

    async def read(self, attachment_id: str) -> bytes | None:
        _, content = self._store.field_copies.get(attachment_id, (None, b""))
        return content or None

    def fingerprint(self, content: bytes) -> bytes:
        return hashlib.sha256(b"only for tests" + content).digest()
