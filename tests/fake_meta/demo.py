"""A page that looks like a phone, for trying the channel by hand."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import empty, html, json, raw

from tests.fake_meta.graph import FakeMeta
from tests.fake_meta.phone import Phone, Screen

PAGE = Path(__file__).with_name("demo.html")
SANGATTA = (0.4889, 117.5473)


@dataclass
class Talk:
    """What stands on the phone, in the order in which it happened."""

    phone: Phone
    lines: list[dict[str, Any]] = field(default_factory=list)
    photos: list[tuple[bytes, str]] = field(default_factory=list)

    def mine(self, kind: str, text: str = "", photo: int | None = None) -> dict[str, Any]:
        """A message of the phone's owner; `id` is written when the app has acknowledged it."""
        self.collect()
        line = {"mine": True, "kind": kind, "text": text, "photo": photo, "at": self._clock(), "id": ""}
        self.lines.append(line)
        return line

    def collect(self) -> None:
        """What has arrived since."""
        n = sum(not line["mine"] for line in self.lines)
        self.lines += [{**drawn(screen), "at": self._clock()} for screen in self.phone.screens[n:]]

    def _clock(self) -> str:
        return f"{self.phone.meta.clock().astimezone():%H.%M}"

    def told(self) -> list[dict[str, Any]]:
        """For the page: one tick is acknowledged, two blue ones are read."""
        self.collect()
        ticks = {True: "read", False: "sent"}
        return [
            {**line, "ticks": ticks[line["id"] in self.phone.reads] if line.get("id") else ""}
            for line in self.lines
        ]


def drawn(screen: Screen) -> dict[str, Any]:
    """A message of the app as the page draws it: buttons below it, a list behind a button, or a wish for the location."""
    line: dict[str, Any] = {"mine": False, "kind": screen.kind, "text": screen.text}
    rows: Mapping[str, str] = screen.choices
    action = dict(screen.message.get("interactive", {}).get("action", {}))
    return {**line, "choices": list(rows), "opens": action.get("button", "")}


def demo_app(meta: FakeMeta) -> Sanic[Any, Any]:
    """One phone and its page."""
    app: Sanic[Any, Any] = Sanic(f"phone_{secrets.token_hex(4)}", configure_logging=False)
    app.config.TOUCHUP = False
    talk = Talk(meta.phone())
    phone = talk.phone

    @app.get("/")
    async def page(request: Request) -> HTTPResponse:
        return html(PAGE.read_text(encoding="utf-8"))

    @app.get("/talk")
    async def lines(request: Request) -> HTTPResponse:
        return json(talk.told())

    @app.get("/photo/<number:int>")
    async def photo(request: Request, number: int) -> HTTPResponse:
        content, mime = talk.photos[number]
        return raw(content, content_type=mime)

    @app.post("/<what:say|tap|pin|photo>")
    async def act(request: Request, what: str) -> HTTPResponse:
        words = request.body.decode("utf-8", "replace") if what in {"say", "tap"} else ""
        mime = request.headers.get("content-type", "image/jpeg")
        if what == "photo":
            talk.photos.append((request.body, mime))
        line = talk.mine(what, words, len(talk.photos) - 1 if what == "photo" else None)
        match what:
            case "say":
                line["id"] = await phone.say(words)
            case "tap":
                line["id"] = await phone.tap(words)
            case "pin":
                line["id"] = await phone.pin(*SANGATTA)
            case _:
                line["id"] = await phone.file("image", request.body, mime)
        return empty()

    return app
