"""What use cases need of the field copies of photos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from backend.usecases.values import FieldCopy


class FieldCopies(Protocol):
    """One copy a photo at most; its bytes are sealed under the key of its case."""

    async def of_case(self, case_id: str) -> Mapping[str, FieldCopy]:
        """By the id of the photo; withdrawn ones too."""

    async def keep(self, copy: FieldCopy, content: bytes) -> None:
        """Put it in the place of an earlier one; without `content` the copy is withdrawn."""

    async def read(self, attachment_id: str) -> bytes | None:
        """The bytes; None when there is no copy."""

    def fingerprint(self, content: bytes) -> bytes:
        """Keyed hash of a photo: shows later that the original is the same, and tells nobody without the key which photo it is."""
