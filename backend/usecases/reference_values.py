"""Versions of the reference rows as values, and the port that keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from backend.cases.errors import DomainError
from backend.reference.tables import Change, Values


@dataclass(frozen=True)
class Revision:
    """One changed row: what it was, who changed it and why."""

    change: Change
    before: Values | None
    author: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Version:
    """Published changes that hold from a day on. `by` is a position's id; `equals` the older version it goes back to, 0 being the
    shipped rows."""

    number: int
    at: datetime
    by: str
    effective_on: date
    reason: str
    equals: int | None = None


class Versions(Protocol):
    """Published versions are only added to; the draft is one for the whole house."""

    async def all(self) -> tuple[Version, ...]:
        """Oldest first."""

    async def revisions(self, until: int) -> tuple[Revision, ...]:
        """Of all versions up to this one, in their order."""

    async def add(self, version: Version, revisions: Sequence[Revision]) -> None:
        """Raises `VersionTaken` when somebody published at the same moment."""

    async def draft(self) -> tuple[Revision, ...]:
        """In the order in which they were written."""

    async def put(self, revision: Revision) -> None:
        """Into the draft, in the place of an older change of the same row."""

    async def drop(self, file: str, key: str) -> None:
        """Out of the draft."""

    async def clear(self) -> None:
        """An empty draft."""


class VersionTaken(DomainError):
    """Somebody else published a moment ago."""

    code = "reference_version_taken"

    def __init__(self, number: int) -> None:
        super().__init__(f"version {number} was published meanwhile")


class PublishRefused(DomainError):
    """The draft cannot come into force so; `sentence` says why."""

    code = "reference_refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(f"reference not published: {sentence}")
        self._sentence = sentence

    @property
    def sentence(self) -> str:
        return self._sentence
