"""The fake over HTTP: messages, files in two hops, the number, its templates and its subscription."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import empty, json, raw

from tests.fake_meta.faults import error_body
from tests.fake_meta.graph import ACCOUNT_ID, ADDRESS_LIVES, MEDIA_LIVES, NUMBER_ID, FakeMeta
from tests.support.serving import serving

EXPIRED, NO_OBJECT = 190, 100


def graph_app(meta: FakeMeta) -> Sanic[Any, Any]:
    """Everything we ask of graph.facebook.com and of the host of its files."""
    app: Sanic[Any, Any] = Sanic(f"fake_meta_{secrets.token_hex(4)}", configure_logging=False)
    app.config.TOUCHUP = False  # it rewrites the class, so a second app of the process would not start
    _talking(app, meta)
    _managing(app, meta)
    _files(app, meta)
    return app


def _talking(app: Sanic[Any, Any], meta: FakeMeta) -> None:
    """Who asks, and messages."""

    @app.on_request
    async def known(request: Request) -> HTTPResponse | None:
        if request.headers.get("authorization") == f"Bearer {meta.token}":
            return None
        return json(error_body(EXPIRED, "session has expired"), status=401)

    @app.post(f"/<version>/{NUMBER_ID}/messages")
    async def messages(request: Request, version: str) -> HTTPResponse:
        reply = meta.send(request.json or {})
        if reply.data is None:
            assert request.transport is not None
            request.transport.abort()
            return empty()
        return json(reply.data, status=reply.status)


def _managing(app: Sanic[Any, Any], meta: FakeMeta) -> None:
    """The number, the templates of its account, and who listens to it."""

    @app.get(f"/<version>/{NUMBER_ID}")
    async def number(request: Request, version: str) -> HTTPResponse:
        facts = {"verified_name": "Teman Lapor Uji", "quality_rating": "GREEN", "platform_type": "CLOUD_API"}
        return json({"id": NUMBER_ID, "display_phone_number": f"+{meta.number}", **facts})

    @app.get(f"/<version>/{ACCOUNT_ID}/message_templates")
    async def templates(request: Request, version: str) -> HTTPResponse:
        rows = [
            {"name": name, "language": code, "status": state}
            for (name, code), state in meta.templates.items()
        ]
        return json({"data": rows})

    @app.post(f"/<version>/{ACCOUNT_ID}/message_templates")
    async def submit(request: Request, version: str) -> HTTPResponse:
        meta.templates[request.json["name"], request.json["language"]] = "PENDING"
        return json({"id": "1", "status": "PENDING", "category": request.json["category"]})

    @app.get(f"/<version>/{ACCOUNT_ID}/subscribed_apps")
    async def subscribed(request: Request, version: str) -> HTTPResponse:
        return json({"data": [{"whatsapp_business_api_data": {"name": "uji"}}] if meta.webhook else []})


def _files(app: Sanic[Any, Any], meta: FakeMeta) -> None:
    """An id becomes an address, an address becomes bytes."""

    @app.get("/<version>/<media:int>")
    async def address(request: Request, version: str, media: int) -> HTTPResponse:
        kept = meta.files.get(str(media))
        if kept is None or meta.clock() >= kept.at + MEDIA_LIVES:
            return json(error_body(NO_OBJECT, "object does not exist"), status=400)
        ticket = secrets.token_urlsafe(16)
        meta.addresses[ticket] = (str(media), meta.clock())
        url = f"{meta.url}/berkas/{ticket}?ext=1"
        size = len(kept.content)
        return json({"id": str(media), "url": url, "mime_type": kept.mime, "file_size": size})

    @app.get("/berkas/<ticket>")
    async def content(request: Request, ticket: str) -> HTTPResponse:
        media, at = meta.addresses.get(ticket, ("", meta.clock()))
        if not media or meta.clock() >= at + ADDRESS_LIVES:
            return empty(404)
        meta.n_fetches += 1
        return raw(meta.files[media].content, content_type=meta.files[media].mime)


@asynccontextmanager
async def graph(meta: FakeMeta) -> AsyncIterator[FakeMeta]:
    """The fake on a free port while the block runs; `meta.url` is its address."""
    async with serving(graph_app(meta)) as url:
        meta.url = url
        try:
            yield meta
        finally:
            await meta.post.close()
