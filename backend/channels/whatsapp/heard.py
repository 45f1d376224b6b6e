"""What a webhook tells, as values: messages of people, fates of our own messages, troubles, changed names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Person:
    """Who wrote. `name` tells people apart (business-scoped user id first, number second), `known_as` are other names of the
    same person, `address` is what a message is sent to. A number may be missing: people with user names have none."""

    name: str = field(repr=False)
    known_as: tuple[str, ...] = field(default=(), repr=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True)
class Media:
    """A file that lies with Meta. `kind` is photo, document, voice or video; `sha256` is base64 as Meta writes it."""

    id: str
    kind: str
    sha256: str | None
    caption: str = field(default="", repr=False)


@dataclass(frozen=True)
class Message:
    """One message of a person. Exactly one of: `content` (as the engine reads it), `media` (to be fetched first), `remark` (key of a
    sentence that answers it; no turn), or none of them (kept, not answered). `quoted` is the id of the message of ours it replies to."""

    id: str = field(repr=False)
    person: Person
    kind: str
    sent_at: datetime | None
    content: Mapping[str, Any] | None = field(default=None, repr=False)
    media: Media | None = None
    remark: str | None = None
    quoted: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Edited:
    """A person has rewritten an earlier message; `text` is how it reads now."""

    id: str = field(repr=False)
    person: Person
    original: str = field(repr=False)
    text: str = field(repr=False)
    sent_at: datetime | None


@dataclass(frozen=True)
class Revoked:
    """A person has taken an earlier message back."""

    person: Person
    original: str = field(repr=False)


@dataclass(frozen=True)
class Renamed:
    """A person has a new number or id; reports and talks go with the person."""

    old: str = field(repr=False)
    new: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class Status:
    """How far a message of ours has come: sent, delivered, read, or failed with `error`. `outbox` is the id that we gave."""

    provider_id: str = field(repr=False)
    status: str
    outbox: str | None
    error: int | None
    billable: bool | None


@dataclass(frozen=True)
class Trouble:
    """Something is wrong with the account or the line itself."""

    error: int


@dataclass(frozen=True)
class TemplateChanged:
    """Meta has decided about a template."""

    name: str
    language: str
    state: str


Heard = Message | Edited | Revoked | Renamed | Status | Trouble | TemplateChanged
