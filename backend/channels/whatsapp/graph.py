"""The way to Meta: the Cloud API itself, or 360dialog, which speaks the same JSON under another key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import httpx

from backend.channels.whatsapp.reading import at, items, text, whole

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
LARGEST_ANSWER = 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back. `error` is Meta's code, None without one; `status` is that of HTTP."""

    status: int
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def error(self) -> int | None:
        return None if self.is_good else whole(at(self.data, "error"), "code")

    @property
    def message_id(self) -> str:
        """Of the message that was taken."""
        return next((text(one, "id") for one in items(self.data, "messages")), "")


class NotReached(Exception):
    """No connection: nothing was sent for certain."""


class NoAnswer(Exception):
    """The request went out and no answer came back: perhaps it was taken."""


class Transport(Protocol):
    """One provider's addresses and keys."""

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def messages_url(self) -> str: ...

    def media_url(self, media: str) -> str: ...

    def file_url(self, told: str) -> str:
        """Where the bytes are fetched, given the address that the provider told."""


@dataclass(frozen=True)
class CloudApi:
    """Meta's own."""

    base: str
    version: str
    number: str
    token: str = field(repr=False)

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def url(self, path: str) -> str:
        return f"{self.base.rstrip('/')}/{self.version}/{path}"

    @property
    def messages_url(self) -> str:
        return self.url(f"{self.number}/messages")

    def media_url(self, media: str) -> str:
        return self.url(media)

    def file_url(self, told: str) -> str:
        return told


@dataclass(frozen=True)
class Dialog360:
    """360dialog: its own key, no version, and its own host in front of Meta's files."""

    base: str
    key: str = field(repr=False)

    @property
    def headers(self) -> Mapping[str, str]:
        return {"D360-API-KEY": self.key}

    @property
    def messages_url(self) -> str:
        return f"{self.base.rstrip('/')}/messages"

    def media_url(self, media: str) -> str:
        return f"{self.base.rstrip('/')}/{media}"

    def file_url(self, told: str) -> str:
        """The same path on 360dialog's host, which adds Meta's key."""
        ours, theirs = urlsplit(self.base), urlsplit(told)
        return urlunsplit((ours.scheme, ours.netloc, theirs.path, theirs.query, ""))


@dataclass(frozen=True)
class Graph:
    """Requests to the provider. One client for all: connections are kept."""

    transport: Transport
    client: httpx.AsyncClient = field(repr=False)

    async def send(self, message: Mapping[str, Any]) -> Answer:
        """Hand a message over. Raises NotReached, NoAnswer."""
        return await self.ask("POST", self.transport.messages_url, message)

    async def ask(self, method: str, url: str, body: Mapping[str, Any] | None = None) -> Answer:
        """One request with our key. Raises NotReached, NoAnswer."""
        try:
            answer = await self.client.request(
                method, url, json=body, headers=dict(self.transport.headers), timeout=TIMEOUT
            )
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.UnsupportedProtocol,
        ) as failure:
            raise NotReached(type(failure).__name__) from failure
        except httpx.HTTPError as failure:
            raise NoAnswer(type(failure).__name__) from failure
        return Answer(answer.status_code, _object(answer.content))


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(content) if len(content) <= LARGEST_ANSWER else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
