"""A page that looks like a phone, for trying the channel by hand."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import empty, html, json

from tests.fake_meta.graph import FakeMeta

PAGE = Path(__file__).with_name("demo.html")
SANGATTA = (0.4889, 117.5473)


def demo_app(meta: FakeMeta) -> Sanic[Any, Any]:
    """One phone; what it writes and what it is shown, in the order in which it happened."""
    app: Sanic[Any, Any] = Sanic(f"phone_{secrets.token_hex(4)}", configure_logging=False)
    app.config.TOUCHUP = False
    phone, lines = meta.phone(), list[dict[str, Any]]()

    def said(text: str) -> None:
        collect()
        lines.append({"mine": True, "text": text})

    def collect() -> None:
        n = sum(not line["mine"] for line in lines)
        for screen in phone.screens[n:]:
            lines.append({"mine": False, "text": screen.text, "choices": list(screen.choices)})

    @app.get("/")
    async def page(request: Request) -> HTTPResponse:
        return html(PAGE.read_text(encoding="utf-8"))

    @app.get("/talk")
    async def talk(request: Request) -> HTTPResponse:
        collect()
        return json(lines)

    @app.post("/<what:say|tap|pin|photo>")
    async def act(request: Request, what: str) -> HTTPResponse:
        words = request.body.decode("utf-8", "replace") if what in {"say", "tap"} else ""
        said({"pin": "[lokasi: Sangatta]", "photo": "[foto]"}.get(what, words))
        if what == "say":
            await phone.say(words)
        elif what == "tap":
            await phone.tap(words)
        elif what == "pin":
            await phone.pin(*SANGATTA)
        else:
            await phone.file("image", request.body, request.headers.get("content-type", "image/jpeg"))
        return empty()

    return app
