"""The thin review page: masked sentences the assistant was unsure of, and a person who knows what was meant."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from dataclasses import dataclass, field

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.reference.intents import intent_labels
from backend.usecases.ports import ReviewItem
from backend.web import urls
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site
from backend.web.templates import page

COOKIE = "tinjau"
IDLE_S = 30 * 60.0
LONGEST_S = 12 * 3600.0
FIRST_DELAY_S, LONGEST_DELAY_S = 0.5, 30.0
MOST_WAITING = 5


@dataclass
class Session:
    """A reviewer who is in; lives in this process only."""

    csrf: str
    began: float
    seen: float


@dataclass
class ReviewPages:
    """The handlers of `/tinjau`; `failures` slow down whoever guesses passwords."""

    site: Site
    sessions: dict[str, Session] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)

    def blueprint(self) -> Blueprint:
        """Routes of the review."""
        review = Blueprint("review")
        review.add_route(self.show, urls.REVIEW, methods=["GET"], name="show_review")
        review.add_route(self.log_in, urls.REVIEW_LOGIN, methods=["POST"])
        review.add_route(self.log_out, urls.REVIEW_LOGOUT, methods=["POST"])
        review.add_route(self.decide, urls.REVIEW + "/<item_id:[0-9a-f]{32}>", methods=["POST"])
        return review

    async def show(self, request: Request) -> HTTPResponse:
        """What waits, or the question for the password."""
        session = self._session(request)
        if session is None:
            return page("review_login.html", request, message=None)
        done = {"approve": "web_review_saved", "dismiss": "web_review_dismissed"}.get(
            request.args.get("done", "")
        )
        message = self.site.services.reference.sentence(done) if done else None
        async with self.site.open_uow() as uow:
            items = await uow.review.pending()
        shown = [self._shown(item) for item in items]
        return page(
            "review.html", request, items=shown, labels=self._labels(), csrf=session.csrf, message=message
        )

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

    async def log_out(self, request: Request) -> HTTPResponse:
        """End the session here and in the browser."""
        self._checked(request)
        self.sessions.pop(request.cookies.get(self._cookie_name) or "", None)
        response = redirect(urls.REVIEW, status=303)
        self._cookie(response, "", 0)
        return response

    async def decide(self, request: Request, item_id: str) -> HTTPResponse:
        """Approve a label or dismiss the sentence."""
        self._checked(request)
        approve = form_text(request, "decision") == "approve"
        label = form_text(request, "label") if approve else None
        if label is not None and label not in {value for _, labels in self._labels() for value, _ in labels}:
            raise RequestRefused("web_malformed", 400, "label of no list")
        async with self.site.open_uow() as uow:
            item = await uow.review.settle(
                item_id, "approved" if label else "dismissed", label, "reviewer", self.site.clock()
            )
            await uow.commit()
        if item is None:
            raise RequestRefused("web_not_found", 404, "no such review item")
        return redirect(f"{urls.REVIEW}?done={'approve' if approve else 'dismiss'}", status=303)

    def _checked(self, request: Request) -> Session:
        """The session of a request that changes something; its form must carry the session's token."""
        session = self._session(request)
        given = form_text(request, "csrf")
        if session is None or not hmac.compare_digest(given.encode(), session.csrf.encode()):
            raise RequestRefused("web_wrong_origin", 403, "no session or wrong CSRF token")
        return session

    def _session(self, request: Request) -> Session | None:
        token = request.cookies.get(self._cookie_name) or ""
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

    def _shown(self, item: ReviewItem) -> dict[str, object]:
        label = item.issue and f"keluhan/{item.issue}" or item.intent
        names = {value: text for _, labels in self._labels() for value, text in labels}
        return {
            "id": item.id,
            "text": item.text,
            "guess": names.get(label, label),
            "label": label,
            "known": label in names,
            "percent": round(item.confidence * 100),
        }

    def _labels(self) -> list[tuple[str, list[tuple[str, str]]]]:
        issues = self.site.services.reference.issues.values()
        groups = intent_labels()
        for issue in issues:
            groups.setdefault(issue.group, []).append((f"keluhan/{issue.code}", issue.label))
        return list(groups.items())
