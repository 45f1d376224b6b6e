"""What the use cases need from the world, as Protocols. The fakes (`tests/support/fakes.py`) and PostgreSQL
(`backend/persistence`) pass the same contract suite (`tests/persistence/contract.py`).

Two rules. **A use case never commits**: whoever opened the unit of work does (the turn worker once per turn, a web handler
once per request), so that a turn is one transaction. **Time and chance are arguments**: `now` (aware), and `Randomness`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from backend.cases.case import Case
from backend.usecases.field_copy_port import FieldCopies
from backend.usecases.handover_port import HandOvers, RepliesThere
from backend.usecases.review_port import Review
from backend.usecases.secrets_port import CaseRefs, CodeSealer, Erasure
from backend.usecases.values import (
    Asker,
    Attachment,
    AuditEntry,
    Author,
    FieldCopy,
    FoundPlace,
    HumanRequest,
    News,
    Notice,
    Proof,
    ReviewItem,
    ThreadMessage,
)

__all__ = [
    "Asker",
    "Attachment",
    "Attachments",
    "Audit",
    "AuditEntry",
    "Author",
    "CaseRefs",
    "Cases",
    "CodeSealer",
    "Contacts",
    "Conversations",
    "DuplicateCase",
    "FieldCopies",
    "FieldCopy",
    "FoundPlace",
    "HumanRequest",
    "Lookups",
    "News",
    "Notice",
    "Outbox",
    "PlaceFinder",
    "Proof",
    "Randomness",
    "Review",
    "ReviewItem",
    "Thread",
    "ThreadMessage",
    "UnitOfWork",
    "UnitOfWorkFactory",
]

# ── repositories ────────────────────────────────────────────────────────────────────────────────────────────────


class Cases(Protocol):
    """The register. Text comes back decrypted, events in order of `seq`."""

    async def add(self, case: Case, code_digest: bytes) -> None:
        """Store a new case; raises `DuplicateCase` when `draft_id`, `number` or the digest is taken."""

    async def save(self, case: Case) -> Case:
        """Store a change and append the new events; returns the case with `version + 1`. Stored events are never altered. Raises
        `StaleCase` when the stored version is not `case.version`."""

    async def replace_code(self, case_id: str, digest: bytes) -> None:
        """The code with this digest opens the case from now on, the one before does no more."""

    async def by_id(self, case_id: str) -> Case | None: ...

    async def by_draft_id(self, draft_id: str) -> Case | None: ...

    async def by_number(self, number: str) -> Case | None: ...

    async def by_code_digest(self, digest: bytes) -> Case | None: ...

    async def by_lapor_number(self, number: str) -> Case | None: ...

    async def followers(self, case_id: str) -> tuple[Case, ...]:
        """Cases whose `parent_id` is this one, oldest first."""

    async def similar_candidates(
        self, issues: Sequence[str], regency_code: str, since: datetime, limit: int = 50
    ) -> tuple[Case, ...]:
        """Cases of these issues in this regency filed since then that are not closed, merged, sensitive or of oversight,
        newest first."""

    async def page(self, after: str = "", limit: int = 200) -> tuple[Case, ...]:
        """Cases in the order of their ids, those after this id: to walk through the whole register."""


class DuplicateCase(Exception):
    """A unique value of a new case exists already; `field` is `draft_id`, `number` or `code`."""

    def __init__(self, field: str) -> None:
        super().__init__(f"case exists already: same {field}")
        self.field = field


class Thread(Protocol):
    """Messages between reporter and office, oldest first."""

    async def add(self, message: ThreadMessage) -> None: ...

    async def of_case(self, case_id: str) -> tuple[ThreadMessage, ...]: ...


class Attachments(Protocol):
    """Files, and their bytes under the same id."""

    async def add(self, attachment: Attachment) -> None: ...

    async def bind(self, conversation: str, ids: Sequence[str], case_id: str) -> tuple[str, ...]:
        """Give files of this conversation to a case and cut the link to the conversation; returns the ids that were the
        conversation's own and unbound, in the order asked. Others are left alone."""

    async def of_case(self, case_id: str) -> tuple[Attachment, ...]: ...

    async def read(self, attachment_id: str) -> bytes | None:
        """The bytes; None when there are none."""


class Contacts(Protocol):
    """The sealed link between a case and its sender. Anonymous cases have none."""

    async def link(self, case_id: str, conversation: str) -> None: ...

    async def recipient(self, case_id: str) -> str | None:
        """The conversation that updates of this case go to, or None."""

    async def cases_of(self, conversation: str) -> tuple[str, ...]:
        """Ids of all linked cases of the same sender, newest first (also from the sender's other conversations)."""

    async def unlink(self, case_id: str) -> None: ...


class Outbox(Protocol):
    """Messages to be delivered after the commit."""

    async def add(self, notice: Notice) -> None: ...

    async def settled_at(self, conversation: str, written_at: datetime) -> datetime | None:
        """When the notices written to it at that moment had gone out, or were given up; None while one still waits. The moment
        itself when nothing is kept of them."""


class Audit(Protocol):
    """The append-only record."""

    async def add(self, entry: AuditEntry) -> None: ...

    async def of_case(self, case_id: str) -> tuple[AuditEntry, ...]: ...


class Lookups(Protocol):
    """Failed look-ups by code, per asker key; nothing else is stored about them."""

    async def failures(self, asker_key: str, since: datetime) -> tuple[datetime, ...]:
        """Times of failures since then, oldest first."""

    async def add_failure(self, asker_key: str, at: datetime) -> None: ...


class Conversations(Protocol):
    """What use cases may do to a conversation; its pipeline lies elsewhere."""

    async def empty(self, conversation: str, purge_at: datetime) -> None:
        """Empty its inbox bodies and state in this transaction and destroy its key at `purge_at` at the latest."""

    async def forget(self, conversation: str) -> None:
        """Destroy the conversation's key and everything under it; cases that were filed stay. Contact links of the sender
        through this conversation end."""

    async def request_human(self, request: HumanRequest) -> None: ...


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` rolls everything back."""

    @property
    def cases(self) -> Cases: ...
    @property
    def thread(self) -> Thread: ...
    @property
    def attachments(self) -> Attachments: ...
    @property
    def field_copies(self) -> FieldCopies: ...
    @property
    def contacts(self) -> Contacts: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def review(self) -> Review: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def lookups(self) -> Lookups: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def handovers(self) -> HandOvers: ...
    @property
    def replies_there(self) -> RepliesThere: ...
    @property
    def erasure(self) -> Erasure: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def commit(self) -> None: ...

    async def rollback(self) -> None: ...


# ── services ────────────────────────────────────────────────────────────────────────────────────────────────────


class UnitOfWorkFactory(Protocol):
    """Opens a transaction: `async with open_uow() as uow:`."""

    def __call__(self) -> UnitOfWork: ...


class Randomness(Protocol):
    """Chance, injected: `secrets` in production, a seeded generator in tests."""

    def randbelow(self, limit: int) -> int:
        """0 … limit − 1, uniform."""

    def token_hex(self, n_bytes: int) -> str:
        """2 × n_bytes hex digits."""


class PlaceFinder(Protocol):
    """The gazetteer and the polygons."""

    def label(self, code: str) -> str:
        """How people write an area, by its Kemendagri code."""

    def parts(self, code: str) -> tuple[tuple[str, str], ...]:
        """Codes and names of the areas directly below, by name."""

    def by_text(self, text: str, home: str) -> FoundPlace: ...

    def by_point(
        self, latitude: float, longitude: float, accuracy_m: float | None, home: str
    ) -> FoundPlace: ...
