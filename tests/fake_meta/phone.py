"""Somebody's phone: writes to the number, shows what comes back."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fake_meta.graph import FakeMeta


@dataclass(frozen=True)
class Screen:
    """One message as the person sees it; `choices` are labels that can be tapped → their ids."""

    id: str
    text: str
    choices: Mapping[str, str]
    kind: str
    message: Mapping[str, Any]


@dataclass
class Phone:
    """`number` is empty for people who hide it behind a user name; `user_id` is then all there is."""

    meta: FakeMeta
    number: str
    user_id: str = ""
    name: str = "Warga"
    screens: list[Screen] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    heard_at: datetime | None = None

    @property
    def address(self) -> str:
        return self.number or self.user_id

    @property
    def last(self) -> str:
        """The text of the newest message."""
        return self.screens[-1].text if self.screens else ""

    async def say(self, text: str, quoted: str | None = None) -> str:
        """A text; returns its id when the app has acknowledged it."""
        return await self.send("text", {"body": text}, quoted)

    async def tap(self, label: str) -> str:
        """A tap on a choice of the newest message that has one by that name; where choices are text only, it is typed."""
        for screen in reversed(self.screens):
            if label in screen.choices:
                kind = "button_reply" if screen.kind == "button" else "list_reply"
                chosen = {"type": kind, kind: {"id": screen.choices[label], "title": label[:24]}}
                return await self.send("interactive", chosen, screen.id)
        return await self.say(label)

    async def pin(self, latitude: float, longitude: float, **named: str) -> str:
        return await self.send("location", {"latitude": latitude, "longitude": longitude, **named})

    async def file(
        self, kind: str, content: bytes, mime: str, caption: str = "", quoted: str | None = None
    ) -> str:
        """`kind` is image, document, audio or video."""
        media = self.meta.keep(content, mime)
        told = {
            "id": media,
            "mime_type": mime,
            "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
        }
        return await self.send(kind, {**told, **({"caption": caption} if caption else {})}, quoted)

    async def send(self, kind: str, content: Any, quoted: str | None = None, **more: Any) -> str:
        """Any message; returns its id when the app has acknowledged it."""
        message = self.message(kind, content, quoted, **more)
        await self.meta.post.send(self.meta.told({"messages": [message]}, self))
        return str(message["id"])

    def message(self, kind: str, content: Any, quoted: str | None = None, **more: Any) -> dict[str, Any]:
        """The message as a webhook carries it."""
        now = self.meta.clock()
        self.heard_at = max(now, self.heard_at or now)
        message: dict[str, Any] = {
            "id": f"wamid.{secrets.token_urlsafe(24)}",
            "timestamp": str(int(now.timestamp())),
            "type": kind,
            kind: content,
        }
        self.said.add(message["id"])
        if self.number:
            message["from"] = self.number
        if self.user_id:
            message["from_user_id"] = self.user_id
        if quoted:
            message["context"] = {"from": self.meta.number, "id": quoted}
        return {**message, **more}

    def show(self, message_id: str, message: Mapping[str, Any]) -> None:
        """A message of the app has arrived."""
        self.screens.append(screen(message_id, message))


def screen(message_id: str, message: Mapping[str, Any]) -> Screen:
    """What a message looks like."""
    kind = str(message["type"])
    part = message[kind]
    if kind == "text":
        return Screen(message_id, part["body"], {}, kind, message)
    if kind == "template":
        said = [one["text"] for component in part.get("components", ()) for one in component["parameters"]]
        return Screen(message_id, "\n".join(said), {}, f"template {part['name']}", message)
    action = part["action"]
    choices = {one["reply"]["title"]: one["reply"]["id"] for one in action.get("buttons", ())}
    for section in action.get("sections", ()):
        choices |= {row.get("description") or row["title"]: row["id"] for row in section["rows"]}
    return Screen(message_id, part["body"]["text"], choices, part["type"], message)
