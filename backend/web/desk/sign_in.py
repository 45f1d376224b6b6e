"""`/masuk`: a password, then a second factor. Each failure makes the next try wait longer; nobody is locked out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.persistence.officer_rows import Credentials
from backend.persistence.session_rows import Session
from backend.usecases.ports import AuditEntry
from backend.web import urls
from backend.web.desk import secrets_of_officers as proof
from backend.web.desk.cookies import begin_session, set_cookie
from backend.web.desk.frame import home_of
from backend.web.desk.guard import check_csrf, csrf_token, secret_of, session_of
from backend.web.hygiene import form_text
from backend.web.ports import Site
from backend.web.templates import page

# An office is many officers behind one address: its failures count from here on.
FREE_BY_ADDRESS, FREE_BY_LOGIN, FREE_CODES = 20, 2, 3
_INSIDE = re.compile(r"/(meja|tinjau)(/[\w./-]*)?")


@dataclass(frozen=True)
class SignInPages:
    """The way in and out."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes of the log-in."""
        pages = Blueprint("sign_in")
        pages.add_route(self.show, urls.SIGN_IN, methods=["GET"], name="show_sign_in")
        pages.add_route(self.password, urls.SIGN_IN, methods=["POST"])
        pages.add_route(self.show_code, urls.SECOND_FACTOR, methods=["GET"])
        pages.add_route(self.code, urls.SECOND_FACTOR, methods=["POST"])
        pages.add_route(self.leave, urls.SIGN_OUT, methods=["POST"])
        return pages

    async def show(self, request: Request) -> HTTPResponse:
        """The question for name and password; whoever is in goes on."""
        session = await session_of(request)
        if session is not None and session.stage == "in" and not self._has_run_out(session):
            return redirect(home_of(session.officer), status=303)
        return self._page(request)

    async def password(self, request: Request) -> HTTPResponse:
        """First half; what is wrong is said alike for unknown names and wrong passwords."""
        login, given = form_text(request, "login").strip().lower()[:60], form_text(request, "password")
        if not login or not given:
            return self._page(request, 422, wrong="empty")
        address = f"address {request.remote_addr or request.ip}"
        here = f"{address} login {login}"
        now = self.site.clock()
        async with self.site.accounts.begin() as rows:
            wait = await rows.delays.reserve(address, now, FREE_BY_ADDRESS)
            wait = wait or await rows.delays.reserve(here, now, FREE_BY_LOGIN)
            found = None if wait else await rows.positions.by_login(login)
        if wait:
            return self._slow("sign_in.html", request, wait)
        right = await proof.is_password(
            found.password_hash if found else None, given[: proof.LONGEST_PASSWORD]
        )
        if found is None or not right or found.position.waits or not found.position.active:
            if found is not None:
                await self._note(found, "sign_in_failed", "password", now)
            return self._page(request, 401, wrong="password")
        async with self.site.accounts.begin() as rows:
            await rows.delays.forgive(here)
            await rows.delays.forgive_one(address, now)
            until = found.position.holder.sk_until
            if until < self._today(found.position.officer.desk, now):
                await rows.audit.add(AuditEntry(now, found.position.officer.id, "sign_in_expired"))
                return self._page(
                    request, 403, wrong="expired", until=self.site.services.reference.date_label(until)
                )
            secret = await begin_session(
                rows, found.position.officer.id, "second", self.site, secret_of(request)
            )
        response = redirect(_with_way(urls.SECOND_FACTOR, request), status=303)
        set_cookie(response, self.site, secret)
        return response

    async def show_code(self, request: Request) -> HTTPResponse:
        """The question for the second factor."""
        if await self._half_way(request) is None:
            return redirect(_with_way(urls.SIGN_IN, request), status=303)
        return self._page(request, template="sign_in_code.html")

    async def code(self, request: Request) -> HTTPResponse:
        """Second half: six digits, or a recovery code that is used up by it."""
        session = await self._half_way(request)
        if session is None:
            return redirect(_with_way(urls.SIGN_IN, request), status=303)
        check_csrf(request)
        officer, now = session.officer, self.site.clock()
        async with self.site.accounts.begin() as rows:
            wait = await rows.delays.reserve(f"code {officer.id}", now, FREE_CODES)
        if wait:
            return self._slow("sign_in_code.html", request, wait)
        async with self.site.accounts.begin() as rows:
            found = await rows.positions.by_id(officer.id)
            given = form_text(request, "code")[:40]
            step = found and found.totp and proof.step_of(found.totp, given, now, found.totp_step)
            how = "totp" if step and await rows.positions.use_step(officer.id, step) else ""
            if not how and await rows.positions.use_recovery(officer.id, proof.plain_recovery_code(given)):
                how = "recovery_code"
            action = "signed_in" if how else "sign_in_failed"
            await rows.audit.add(AuditEntry(now, officer.id, action, details={"by": how or "code"}))
            if how:
                await rows.delays.forgive(f"code {officer.id}")
                secret = await begin_session(rows, officer.id, "in", self.site, secret_of(request))
        if not how:
            return self._page(request, 401, template="sign_in_code.html", wrong="code")
        way = request.args.get("lanjut", "")
        response = redirect(way if _INSIDE.fullmatch(way) else home_of(officer), status=303)
        set_cookie(response, self.site, secret)
        return response

    async def leave(self, request: Request) -> HTTPResponse:
        """The session ends here and in the browser."""
        session = await session_of(request)
        if session is not None:
            check_csrf(request)
            async with self.site.accounts.begin() as rows:
                await rows.sessions.end(secret_of(request))
                await rows.audit.add(AuditEntry(self.site.clock(), session.officer.id, "signed_out"))
        response = redirect(urls.SIGN_IN, status=303)
        set_cookie(response, self.site, "")
        return response

    async def _half_way(self, request: Request) -> Session | None:
        session = await session_of(request)
        return session if session is not None and session.stage == "second" else None

    async def _note(self, found: Credentials, action: str, what: str, now: datetime) -> None:
        entry = AuditEntry(now, found.position.officer.id, action, details={"by": what})
        await self.site.accounts.record(entry)

    def _has_run_out(self, session: Session) -> bool:
        return session.sk_until < self._today(session.officer.desk, self.site.clock())

    def _today(self, desk: str, now: datetime) -> date:
        return self.site.services.reference.today(now, desk)

    def _slow(self, template: str, request: Request, wait_s: float) -> HTTPResponse:
        response = self._page(request, 429, template=template, wrong="slow", wait_s=math.ceil(wait_s))
        response.headers["Retry-After"] = str(math.ceil(wait_s))
        return response

    def _page(
        self,
        request: Request,
        status: int = 200,
        *,
        template: str = "sign_in.html",
        wrong: str | None = None,
        wait_s: int = 0,
        until: str = "",
    ) -> HTTPResponse:
        values = {"wrong": wrong, "wait_s": wait_s, "until": until, "csrf": csrf_token(request)}
        values["sso"] = bool(self.site.settings.oidc_issuer)
        action = _with_way(urls.SIGN_IN if template == "sign_in.html" else urls.SECOND_FACTOR, request)
        return page(template, request, status=status, action=action, **values)


def _with_way(address: str, request: Request) -> str:
    """The address, remembering where somebody wanted to go; only into the desk."""
    way = request.args.get("lanjut", "")
    return f"{address}?lanjut={way}" if _INSIDE.fullmatch(way) else address
