"""`/masuk/sso`: the way in through the regency's own OpenID provider. It leads to a position that exists and is bound to the person, never
makes one; a decree that has run out keeps out here too, and our second factor is asked unless the provider has checked one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Officer
from backend.persistence.officer_rows import Credentials
from backend.usecases.ports import AuditEntry
from backend.web import urls
from backend.web.desk.cookies import begin_session, set_cookie
from backend.web.desk.frame import home_of
from backend.web.desk.guard import needs, secret_of
from backend.web.desk.oidc import Attempt, Person, Provider, SignOnFailed
from backend.web.hygiene import RequestRefused
from backend.web.ports import Site
from backend.web.templates import page

log = logging.getLogger(__name__)

COOKIE = "masuk_sso"
TRIED_WITHIN = timedelta(minutes=10)
FREE_BY_ADDRESS = 20


@dataclass(frozen=True)
class SsoPages:
    """Begin, come back, bind, let go. Without the settings of a provider these addresses do not exist."""

    site: Site
    providers: list[Provider] = field(default_factory=list)

    def blueprint(self) -> Blueprint:
        """Routes of single sign-on."""
        settings = self.site.settings
        if settings.oidc_issuer and settings.oidc_client_secret and not self.providers:
            own = f"{settings.public_url.rstrip('/')}{urls.SSO_BACK}"
            secret = settings.oidc_client_secret.get_secret_value()
            self.providers.append(Provider(settings.oidc_issuer, settings.oidc_client_id, secret, own))
        pages = Blueprint("sso")
        pages.add_route(self.begin, urls.SSO, methods=["GET"], name="begin_sso")
        pages.add_route(self.back, urls.SSO_BACK, methods=["GET"], name="back_from_sso")
        pages.add_route(self.bind, urls.SSO_BIND, methods=["GET"], name="bind_sso")
        pages.add_route(self.let_go, f"{urls.SSO_BIND}/lepas", methods=["POST"], name="let_go_sso")
        return pages

    async def begin(self, request: Request) -> HTTPResponse:
        """To the provider."""
        return await self._sent(request, "")

    @needs()
    async def bind(self, request: Request, officer: Officer) -> HTTPResponse:
        """To the provider, to bind who comes back to this position. Our cookie is never sent by another site's page, so only the officer
        gets here."""
        return await self._sent(request, officer.id)

    @needs()
    async def let_go(self, request: Request, officer: Officer) -> HTTPResponse:
        """The position is entered by password only."""
        async with self.site.accounts.begin() as rows:
            if await rows.sign_ons.let_go(officer.id):
                await rows.audit.add(AuditEntry(self.site.clock(), officer.id, "sso_unbound"))
        return redirect(f"{urls.ACCOUNTS}?beres=sso", status=303)

    async def back(self, request: Request) -> HTTPResponse:
        """From the provider, with a code or with an error."""
        provider, now = self._provider(), self.site.clock()
        kept = self._opened(request, now)
        state = str(request.args.get("state") or "")
        if kept is None or not hmac.compare_digest(state.encode(), kept[0].state.encode()):
            return self._refused(request, 400, "sso_late")
        attempt, officer_id = kept
        address = f"sso {request.remote_addr or request.ip}"
        async with self.site.accounts.begin() as rows:
            if await rows.delays.reserve(address, now, FREE_BY_ADDRESS):
                return self._refused(request, 429, "sso_late")
        code = str(request.args.get("code") or "")
        if not code:
            return self._refused(request, 401, "sso_refused")
        try:
            person = await provider.person(code, attempt, now)
        except SignOnFailed as failure:
            log.warning("%s", failure)
            return self._refused(request, 502 if failure.why == "unreachable" else 401, f"sso_{failure.why}")
        async with self.site.accounts.begin() as rows:
            await rows.delays.forgive_one(address, now)
        return await (self._bound(request, person, officer_id) if officer_id else self._in(request, person))

    async def _in(self, request: Request, person: Person) -> HTTPResponse:
        now, settings = self.site.clock(), self.site.settings
        found = await self._position(person)
        if found is None or found.position.waits or not found.position.active:
            return self._refused(request, 403, "sso_unknown")
        officer, until = found.position.officer, found.position.holder.sk_until
        reference = self.site.services.reference
        if until < reference.today(now, officer.desk):
            await self.site.accounts.record(AuditEntry(now, officer.id, "sign_in_expired"))
            return self._refused(request, 403, "expired", until=reference.date_label(until))
        trusted = {one.strip() for one in settings.oidc_acr.split(",") if one.strip()}
        is_whole = person.acr in trusted
        async with self.site.accounts.begin() as rows:
            stage = "in" if is_whole else "second"
            secret = await begin_session(rows, officer.id, stage, self.site, secret_of(request))
            if is_whole:
                await rows.audit.add(AuditEntry(now, officer.id, "signed_in", details={"by": "sso"}))
        return self._onward(request, home_of(officer) if is_whole else urls.SECOND_FACTOR, secret)

    async def _bound(self, request: Request, person: Person, officer_id: str) -> HTTPResponse:
        async with self.site.accounts.begin() as rows:
            found = await rows.positions.by_id(officer_id)
            if found is None or not found.position.active or found.position.waits:
                return self._refused(request, 403, "sso_unknown")
            if not await rows.sign_ons.bind(officer_id, self._subject(person), self.site.clock()):
                return self._refused(request, 409, "sso_taken")
            await rows.audit.add(AuditEntry(self.site.clock(), officer_id, "sso_bound"))
        return self._onward(request, f"{urls.ACCOUNTS}?beres=sso", None)

    async def _position(self, person: Person) -> Credentials | None:
        """By the binding; else, where the settings name a domain, by the part of a verified address before it."""
        async with self.site.accounts.begin() as rows:
            bound = await rows.sign_ons.officer_of(self._subject(person))
            if bound:
                return await rows.positions.by_id(bound)
            name, _, domain = person.email.rpartition("@")
            if name and domain == self.site.settings.oidc_email_domain.lower():
                return await rows.positions.by_login(name)
        return None

    def _subject(self, person: Person) -> str:
        return f"{self.site.settings.oidc_issuer}\0{person.subject}"

    def _provider(self) -> Provider:
        if not self.providers:
            raise RequestRefused("web_not_found", 404, "single sign-on is not set up")
        return self.providers[0]

    async def _sent(self, request: Request, officer_id: str) -> HTTPResponse:
        provider, now, attempt = self._provider(), self.site.clock(), Attempt.new()
        try:
            way = await provider.way_in(attempt, self.site.settings.oidc_acr.replace(",", " "), now)
        except SignOnFailed as failure:
            log.warning("%s", failure)
            return self._refused(request, 502, f"sso_{failure.why}")
        response = redirect(way, status=303)
        self._keep(response, self._sealed({**asdict(attempt), "officer": officer_id, "at": now.timestamp()}))
        return response

    def _sealed(self, kept: dict[str, Any]) -> str:
        body = base64.urlsafe_b64encode(json.dumps(kept).encode()).decode()
        return f"{body}.{self._signature(body)}"

    def _signature(self, body: str) -> str:
        return hmac.new(self.site.cookie_key, f"sso\0{body}".encode(), hashlib.sha256).hexdigest()

    def _opened(self, request: Request, now: datetime) -> tuple[Attempt, str] | None:
        """The try that this browser began; None when it began none, or too long ago."""
        body, _, signature = str(request.cookies.get(self._cookie) or "").rpartition(".")
        if not body or not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        kept = json.loads(base64.urlsafe_b64decode(body))
        if now.timestamp() - kept.pop("at") > TRIED_WITHIN.total_seconds():
            return None
        officer = str(kept.pop("officer"))
        return Attempt(**kept), officer

    @property
    def _cookie(self) -> str:
        return f"__Host-{COOKIE}" if self.site.settings.secure_cookies else COOKIE

    def _keep(self, response: HTTPResponse, value: str) -> None:
        """Lax, since the provider's page sends the browser back to us; an empty value takes it away."""
        secure = self.site.settings.secure_cookies
        response.add_cookie(
            COOKIE,
            value,
            path="/",
            max_age=int(TRIED_WITHIN.total_seconds()) if value else 0,
            httponly=True,
            secure=secure,
            samesite="Lax",
            host_prefix=secure,
        )

    def _onward(self, request: Request, address: str, secret: str | None) -> HTTPResponse:
        """A page of ours between the provider and the desk: only a step that begins here carries our strict cookie."""
        response = page("sso_onward.html", request, onward=address)
        response.headers["Refresh"] = f"0; url={address}"
        self._keep(response, "")
        if secret is not None:
            set_cookie(response, self.site, secret)
        return response

    def _refused(self, request: Request, status: int, wrong: str, until: str = "") -> HTTPResponse:
        shown = {"wrong": wrong, "wait_s": 0, "until": until, "csrf": "", "sso": bool(self.providers)}
        response = page("sign_in.html", request, status=status, action=urls.SIGN_IN, **shown)
        self._keep(response, "")
        return response
