"""`/masuk/undangan/…`: a holder's first visit. A password, then an authenticator app, then recovery codes to keep on paper."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.persistence.officer_rows import Credentials
from backend.usecases.ports import AuditEntry
from backend.web import urls
from backend.web.desk import secrets_of_officers as proof
from backend.web.desk.cookies import begin_session, set_cookie
from backend.web.desk.frame import home_of
from backend.web.desk.guard import check_csrf, csrf_token, secret_of, session_of
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site
from backend.web.templates import page

TOKEN_BYTES = 32
_TOKEN = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class SetUpPages:
    """From an invitation to a position that is in."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes of the first visit."""
        pages = Blueprint("set_up")
        one = f"{urls.INVITATION}/<token:str>"
        pages.add_route(self.show, one, methods=["GET"], name="show_invitation")
        pages.add_route(self.choose_password, one, methods=["POST"])
        pages.add_route(self.show_factor, urls.SET_UP, methods=["GET"])
        pages.add_route(self.confirm_factor, urls.SET_UP, methods=["POST"])
        return pages

    async def show(self, request: Request, token: str) -> HTTPResponse:
        """Whom it invites, and the question for a password."""
        found = await self._invited(token)
        if found is None:
            return page("set_up_over.html", request, status=404)
        return page("set_up_password.html", request, position=found.position, wrong=None)

    async def choose_password(self, request: Request, token: str) -> HTTPResponse:
        """A good password, given twice."""
        found = await self._invited(token)
        if found is None:
            return page("set_up_over.html", request, status=404)
        given, again = form_text(request, "password"), form_text(request, "again")
        position = found.position
        wrong = proof.weakness(given, position.login, position.holder.name, position.officer.title)
        wrong = wrong or ("differs" if given != again else None)
        if wrong:
            return page("set_up_password.html", request, status=422, position=position, wrong=wrong)
        hashed = await proof.hash_password(given)
        async with self.site.accounts.begin() as rows:
            await rows.positions.choose_password(position.officer.id, hashed, proof.new_totp())
            secret = await begin_session(rows, position.officer.id, "set_up", self.site, secret_of(request))
        response = redirect(urls.SET_UP, status=303)
        set_cookie(response, self.site, secret)
        return response

    async def show_factor(self, request: Request) -> HTTPResponse:
        """The secret as a picture and as letters, and the question for a code of it."""
        found = await self._half_way(request)
        if found is None:
            return redirect(urls.SIGN_IN, status=303)
        return self._factor(request, found)

    async def confirm_factor(self, request: Request) -> HTTPResponse:
        """A right code ends the invitation; the recovery codes are shown this once."""
        found = await self._half_way(request)
        if found is None:
            return redirect(urls.SIGN_IN, status=303)
        check_csrf(request)
        officer, now = found.position.officer, self.site.clock()
        step = proof.step_of(found.totp or "", form_text(request, "code")[:40], now, found.totp_step)
        if step is None:
            return self._factor(request, found, status=401, wrong="code")
        codes = proof.new_recovery_codes()
        async with self.site.accounts.begin() as rows:
            if not await rows.positions.use_step(officer.id, step):
                raise RequestRefused("web_malformed", 400, "this code has been used")
            await rows.positions.set_up(officer.id, codes)
            await rows.audit.add(
                AuditEntry(now, officer.id, "position_taken", details={"login": found.position.login})
            )
            secret = await begin_session(rows, officer.id, "in", self.site, secret_of(request))
        response = page("recovery_codes.html", request, codes=codes, onward=home_of(officer))
        set_cookie(response, self.site, secret)
        return response

    async def _invited(self, token: str) -> Credentials | None:
        if not _TOKEN.fullmatch(token):
            return None
        async with self.site.accounts.begin() as rows:
            return await rows.positions.invited(bytes.fromhex(token), self.site.clock())

    async def _half_way(self, request: Request) -> Credentials | None:
        session = await session_of(request)
        if session is None or session.stage != "set_up":
            return None
        async with self.site.accounts.begin() as rows:
            return await rows.positions.by_id(session.officer.id)

    def _factor(
        self, request: Request, found: Credentials, *, status: int = 200, wrong: str | None = None
    ) -> HTTPResponse:
        totp = found.totp or ""
        return page(
            "set_up_factor.html",
            request,
            status=status,
            picture=proof.picture(totp, found.position.login),
            letters=" ".join(re.findall(r".{1,4}", totp)),
            csrf=csrf_token(request),
            wrong=wrong,
        )
