"""The values that cross the border between use cases and the world; `ports.py` names them all again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from backend.cases.field_copy import Box, Checked
from backend.cases.place import Place


class Author(StrEnum):
    """Who wrote a message of the thread."""

    REPORTER = "reporter"
    OFFICER = "officer"
    SYSTEM = "system"


@dataclass(frozen=True)
class ThreadMessage:
    """One message between reporter and office on a case; `id` 32 hex. Internal notes never come here."""

    id: str
    case_id: str
    author: Author
    text: str
    at: datetime
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attachment:
    """A stored, re-encoded file. `conversation` until it is bound to a case, `case_id` from then on."""

    id: str
    kind: str
    media_type: str
    n_bytes: int
    conversation: str | None = None
    case_id: str | None = None


@dataclass(frozen=True)
class FieldCopy:
    """That a photo was looked at: which parts were covered, by which position. `original` is the keyed hash of the photo it was made from;
    `n_bytes` is 0 while the copy is withdrawn."""

    attachment_id: str
    case_id: str
    boxes: tuple[Box, ...]
    original: bytes
    n_bytes: int
    by: str
    at: datetime

    @property
    def checked(self) -> Checked:
        return Checked.COVERED if self.n_bytes else Checked.REOPENED


class News(StrEnum):
    """What a case may tell on its own: keys of `sentences.csv`. A channel that needs leave for such words has it for each of these."""

    MOVED = "notice_move"
    FOLLOWED = "notice_follow"
    REPLIED = "notice_reply"
    REMIND_ANSWERED = "remind_answered"
    REMIND_AWAITING = "remind_awaiting"


@dataclass(frozen=True)
class Notice:
    """A message that a case sends later on its own. `text` is complete; `sentence` says which it is."""

    id: str
    case_id: str
    conversation: str
    sentence: News
    text: str
    at: datetime


@dataclass(frozen=True)
class HumanRequest:
    """Somebody asked for a person; officers see it on the desk."""

    id: str
    conversation: str
    reason: str
    summary: str
    at: datetime


@dataclass(frozen=True)
class ReviewItem:
    """A masked sentence that the assistant was unsure of. `status` is pending, second (waits for a second reader), disputed,
    approved, dismissed, skipped or unlearned; `label` is the intent (`cek_status`) or intent and issue
    (`keluhan/lampu_jalan`) that a person chose. `n` counts how often it was said, near-doubles included; `sender` and `talk`
    are pseudonyms; `context` is what was said around it, masked: (who, words); `source` is turn, work (an officer's) or gold (its answer is
    known)."""

    id: str
    text: str
    reason: str
    intent: str
    issue: str | None
    confidence: float
    at: datetime
    ranking: tuple[tuple[str, float], ...] = ()
    language: str = "id"
    status: str = "pending"
    label: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    n: int = 1
    sender: str | None = None
    talk: str | None = None
    context: tuple[tuple[str, str], ...] = ()
    harm: float = 1.0
    uncertainty: float = 1.0
    source: str = "turn"


@dataclass(frozen=True)
class AuditEntry:
    """Who did or read what, when and why. Never a citizen's words, name or number."""

    at: datetime
    actor: str
    action: str
    case_id: str | None = None
    reason: str = ""
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Proof(StrEnum):
    """How an asker came to a case; decides what the asker may see and do."""

    CODE = "code"
    LAPOR = "lapor"
    SENDER = "sender"
    SIMILAR = "similar"
    SLIP = "slip"


@dataclass(frozen=True)
class Asker:
    """Who looks something up: an opaque key that is equal for the same sender (a chat) or the same address (the status
    page), and the conversation if there is one."""

    key: str
    conversation: str | None = None


@dataclass(frozen=True)
class FoundPlace:
    """Answer of the place finder: `status` is resolved, unsure, unknown or outside; up to three choices when unsure."""

    status: str
    place: Place | None = None
    choices: tuple[Place, ...] = ()
