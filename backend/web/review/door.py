"""Who may review: an officer whose role it is, or somebody with the review password. The one place to change when that changes."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, has
from backend.web import urls
from backend.web.desk.guard import SignInNeeded, csrf_token, signed_in
from backend.web.hygiene import UNSAFE, RequestRefused, form_text
from backend.web.ports import Site
from backend.web.templates import page

COOKIE = "tinjau"
IDLE_S = 30 * 60.0
LONGEST_S = 12 * 3600.0
FIRST_DELAY_S, LONGEST_DELAY_S = 0.5, 30.0
MOST_WAITING = 5


@dataclass(frozen=True)
class Reviewer:
    """Somebody who may review: a name for the records, and the token that every form of theirs carries."""

    name: str
    csrf: str


@dataclass
class Session:
    """A reviewer who came with the password; lives in this process only."""

    csrf: str
    began: float
    seen: float


Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


def reviewers_only(handler: Handler) -> Handler:
    """For a handler `async def show(self, request, reviewer, …)` of an object with a `door`: somebody may review, and an unsafe
    request carries the token."""

    @functools.wraps(handler)
    async def checked(self: Any, request: Request, **parts: Any) -> HTTPResponse:
        reviewer = await self.door.reviewer(request)
        if request.method in UNSAFE:
            given = form_text(request, "csrf")
            if reviewer is None or not hmac.compare_digest(given.encode(), reviewer.csrf.encode()):
                raise RequestRefused("web_wrong_origin", 403, "no session or wrong CSRF token")
        if reviewer is None:
            return page("review_login.html", request, message=None)
        return await handler(self, request, reviewer, **parts)

    return checked


@dataclass
class Door:
    """Log-in by password, and who is in; `failures` slow down whoever guesses."""

    site: Site
    sessions: dict[str, Session] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)

    @property
    def door(self) -> Door:
        return self

    def add_routes(self, review: Blueprint) -> None:
        review.add_route(self.log_in, urls.REVIEW_LOGIN, methods=["POST"])
        review.add_route(self.log_out, urls.REVIEW_LOGOUT, methods=["POST"])

    async def reviewer(self, request: Request) -> Reviewer | None:
        """Who is in; an officer before a password."""
        try:
            officer = await signed_in(request)
        except SignInNeeded:
            return self._by_password(request)
        if has(officer, Act.REVIEW_LANGUAGE):
            return Reviewer(officer.id, csrf_token(request))
        return None

    def _by_password(self, request: Request) -> Reviewer | None:
        token = request.cookies.get(self._cookie_name) or ""
        session = self._session(token)
        if session is None:
            return None
        return Reviewer(f"peninjau-{hashlib.sha256(token.encode()).hexdigest()[:8]}", session.csrf)

    async def log_in(self, request: Request) -> HTTPResponse:
        """Let a reviewer in; each failure from an address makes the next answer slower, none locks it out."""
        given = form_text(request, "password")
        address = request.remote_addr or request.ip
        # Counted before it waits, so that guesses sent at the same time wait for one another.
        failed = self.failures.get(address, 0)
        self.failures[address] = failed + 1
        await self._delay(address, failed)
        if not hmac.compare_digest(given.encode(), self.site.review_password.encode()):
            sentence = self.site.services.reference.sentence("web_review_wrong")
            return page("review_login.html", request, status=401, message=sentence)
        self.failures.pop(address, None)
        token, now = secrets.token_urlsafe(32), time.monotonic()
        self.sessions[token] = Session(secrets.token_urlsafe(24), now, now)
        response = redirect(urls.REVIEW, status=303)
        self._cookie(response, token, int(LONGEST_S))
        return response

    async def _delay(self, address: str, failed: int) -> None:
        if not failed:
            return
        if self.waiting.get(address, 0) >= MOST_WAITING:
            raise RequestRefused("web_too_fast", 429, "too many log-ins at the same time")
        self.waiting[address] = self.waiting.get(address, 0) + 1
        try:
            await asyncio.sleep(min(FIRST_DELAY_S * 2 ** min(failed - 1, 10), LONGEST_DELAY_S))
        finally:
            self.waiting[address] -= 1

    @reviewers_only
    async def log_out(self, request: Request, reviewer: Reviewer) -> HTTPResponse:
        """End the session here and in the browser."""
        self.sessions.pop(request.cookies.get(self._cookie_name) or "", None)
        response = redirect(urls.REVIEW, status=303)
        self._cookie(response, "", 0)
        return response

    def _session(self, token: str) -> Session | None:
        session, now = self.sessions.get(token), time.monotonic()
        if session is None:
            return None
        if now - session.seen > IDLE_S or now - session.began > LONGEST_S:
            del self.sessions[token]
            return None
        session.seen = now
        return session

    @property
    def _cookie_name(self) -> str:
        return f"__Host-{COOKIE}" if self.site.settings.secure_cookies else COOKIE

    def _cookie(self, response: HTTPResponse, value: str, max_age: int) -> None:
        secure = self.site.settings.secure_cookies
        response.add_cookie(
            COOKIE,
            value,
            path="/",
            max_age=max_age,
            httponly=True,
            secure=secure,
            samesite="Strict",
            host_prefix=secure,
        )
