"""The web chat's protocol (`docs/web-protocol.md`): messages in, events out, files, quick exit."""

from __future__ import annotations

import asyncio
import json as jsonlib
import logging
import math
import re
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json

from backend.conversations.answers_to_officers import AnswersToOfficers
from backend.conversations.inbox import Incoming
from backend.persistence.errors import DatabaseUnavailable
from backend.web import urls
from backend.web.hygiene import Pace, RequestRefused, json_of
from backend.web.ports import HistoryEvent, Site
from backend.web.sessions import begin_session, end_session, session_of
from backend.web.uploads import UploadRefused, cleaned

CHANNEL = "web"
LONGEST_TEXT = 4_000
LONGEST_POLL_S = 25.0
KEEP_ALIVE_S = 15.0

log = logging.getLogger(__name__)
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CHOICE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_UPLOAD = re.compile(r"[0-9a-f]{32}")


class TooFast(RequestRefused):
    """More messages a minute than a person types; nothing is lost, the client waits and sends again."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("web_too_fast", 429, "too many messages")
        self.wait_s = wait_s


@dataclass(frozen=True)
class ChatApi:
    """The handlers. `embedders` are the origins that may hold the widget."""

    site: Site
    embedders: frozenset[str]
    pace: Pace = field(default_factory=Pace)

    def blueprint(self) -> Blueprint:
        """Routes below `/api/web`."""
        api = Blueprint("chat", url_prefix=urls.API)
        api.add_route(self.session, "/session", methods=["POST"])
        api.add_route(self.messages, "/messages", methods=["POST"])
        api.add_route(self.uploads, "/uploads", methods=["POST"])
        api.add_route(self.events, "/events", methods=["GET"])
        api.add_route(self.leave, "/leave", methods=["POST"])
        for path in ("session", "messages", "uploads", "events", "leave"):
            api.add_route(self.preflight, f"/{path}", methods=["OPTIONS"], name=f"preflight_{path}")
        return api

    async def preflight(self, request: Request) -> HTTPResponse:
        """A browser on an embedding site asks whether it may; the headers answer."""
        return empty()

    async def session(self, request: Request) -> HTTPResponse:
        """Give the browser a session when it has none."""
        response = json({"conversation": {"open": True}})
        if self._secret(request) is None:
            begin_session(response, embedded=self._embedded(request), secure=self._secure)
        return response

    async def messages(self, request: Request) -> HTTPResponse:
        """Take one message; answered only when it is stored."""
        sender = self._sender(request)
        data = json_of(request)
        client_id = data.get("client_id")
        if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
            raise RequestRefused("web_malformed", 400, "client_id missing or of the wrong shape")
        content = content_of(data)
        self._count(sender)
        answers = AnswersToOfficers(self.site.services)
        message = Incoming(CHANNEL, sender, f"{sender}:{client_id}", content, client_id=client_id)
        accepted = await self.site.pipeline.accept(message, answers.settling(content, self.site.clock))
        return json({"seq": accepted.seq}, status=202)

    async def uploads(self, request: Request) -> HTTPResponse:
        """Take one file, checked and written anew."""
        sender = self._sender(request)
        files = request.files.getlist("file") if request.files else []
        if not files or len(files) > 1:
            raise UploadRefused("web_upload_empty", "not exactly one file")
        self._count(sender)
        clean = await asyncio.to_thread(cleaned, files[0].body)
        conversation = await self.site.senders.open(CHANNEL, sender)
        upload = await self.site.senders.store_upload(
            conversation, clean.content, clean.kind, clean.media_type
        )
        return json({"upload": upload, "kind": clean.kind}, status=201)

    async def events(self, request: Request) -> HTTPResponse | None:
        """What happened after a place: as a stream, or as one (long-polled) list."""
        sender = self._sender(request)
        after = _whole(request.headers.get("last-event-id") or request.args.get("after") or "0")
        if "text/event-stream" in request.headers.get("accept", ""):
            await _stream(self.site, request, sender, after)
            return None
        wait_s = min(float(_whole(request.args.get("wait") or "0")), LONGEST_POLL_S)
        found = await _next(self.site, sender, after, wait_s)
        return json({"events": [event_data(one) for one in found]})

    async def leave(self, request: Request) -> HTTPResponse:
        """Quick exit: the browser forgets, the conversation is purged once what waits is done."""
        await self.site.senders.leave(CHANNEL, self._sender(request))
        response = empty()
        end_session(response, embedded=self._embedded(request), secure=self._secure)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    @property
    def _secure(self) -> bool:
        return self.site.settings.secure_cookies

    def _embedded(self, request: Request) -> bool:
        return request.headers.get("origin", "") in self.embedders

    def _secret(self, request: Request) -> str | None:
        return session_of(request, embedded=self._embedded(request), secure=self._secure)

    def _sender(self, request: Request) -> str:
        secret = self._secret(request)
        if secret is None:
            raise RequestRefused("web_no_session", 401, "no session cookie")
        return secret

    def _count(self, sender: str) -> None:
        wait_s = self.pace.wait_s(sender, asyncio.get_running_loop().time())
        if wait_s:
            raise TooFast(wait_s)


def content_of(data: dict[str, Any]) -> dict[str, Any]:
    """The one thing a message says, in the engine's shape.

    Raises:
        RequestRefused: none or several of text, choice, location, upload; or one of the wrong shape.
    """
    said = [name for name in ("text", "choice", "location", "upload") if data.get(name) is not None]
    if len(said) != 1:
        raise RequestRefused("web_malformed", 400, "a message says exactly one thing")
    value = data[said[0]]
    if said[0] == "text" and isinstance(value, str):
        if not value.strip():
            raise RequestRefused("web_empty", 400, "empty text")
        if len(value) > LONGEST_TEXT:
            raise RequestRefused("web_too_long", 413, f"text of {len(value)} characters")
        return {"text": value}
    if said[0] == "choice" and isinstance(value, str) and _CHOICE.fullmatch(value):
        return {"choice": value}
    if said[0] == "location" and isinstance(value, dict):
        return {"location": _location(value)}
    if said[0] == "upload" and isinstance(value, str) and _UPLOAD.fullmatch(value):
        kind = data.get("kind") if data.get("kind") in {"photo", "document", "voice", "video"} else "photo"
        return {"attachments": [{"id": value, "kind": kind}]}
    raise RequestRefused("web_malformed", 400, f"{said[0]} of the wrong shape")


def _location(value: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: value.get(name) for name in ("latitude", "longitude")}
    for name, number in numbers.items():
        limit = 90 if name == "latitude" else 180
        if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) <= limit:
            raise RequestRefused("web_malformed", 400, f"{name} is no degree")
    accuracy = value.get("accuracy_m")
    known = isinstance(accuracy, int | float) and not isinstance(accuracy, bool) and math.isfinite(accuracy)
    return {
        **numbers,
        "accuracy_m": float(accuracy) if known and accuracy is not None else None,
        "label": None,
    }


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def event_data(event: HistoryEvent) -> dict[str, Any]:
    """One event as the browser gets it: `{seq, kind, at, client_id, message, code}`."""
    body = event.body if isinstance(event.body, dict) else {}
    if event.kind == "mine":
        return {
            "seq": event.seq,
            "kind": "mine",
            "at": event.at.isoformat(),
            "client_id": body.get("client_id"),
            "message": body.get("message", {}),
        }
    message = {name: body.get(name) for name in ("text", "choices", "card", "progress", "ask")}
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "message": message,
        "code": body.get("code"),
    }


async def _next(site: Site, sender: str, after: int, wait_s: float) -> list[HistoryEvent]:
    conversation = await site.senders.find(CHANNEL, sender)
    if conversation is None:
        await asyncio.sleep(min(wait_s, 1.0))
        return []
    if wait_s <= 0:
        return list(await site.pipeline.events_after(conversation, after))
    return list(await site.pipeline.wait_for_event(conversation, after, wait_s))


async def _stream(site: Site, request: Request, sender: str, after: int) -> None:
    """Server-sent events from `after` on, until the browser goes away or we do; it comes back by itself where it stopped."""
    response = await request.respond(
        content_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    if response is None:
        return
    await response.send("retry: 1000\n\n")
    leaving = asyncio.ensure_future(site.leaving.wait())
    try:
        while not leaving.done():
            found = await _unless(leaving, _next(site, sender, after, KEEP_ALIVE_S))
            for event in found or ():
                after = event.seq
                await response.send(
                    f"id: {event.seq}\ndata: {jsonlib.dumps(event_data(event), ensure_ascii=False)}\n\n"
                )
            if not found:
                await response.send(": \n\n")
    except DatabaseUnavailable as failure:
        log.info("stream ended error=%s", failure)
    finally:
        leaving.cancel()


async def _unless[T](ended: asyncio.Future[Any], work: Coroutine[Any, Any, T]) -> T | None:
    """What the work brings; None, and the work let go, when `ended` comes first."""
    at_work = asyncio.ensure_future(work)
    try:
        await asyncio.wait({at_work, ended}, return_when=asyncio.FIRST_COMPLETED)
        return at_work.result() if at_work.done() else None
    finally:
        at_work.cancel()
        await asyncio.gather(at_work, return_exceptions=True)
