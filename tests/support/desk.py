"""Officers for tests: a position of any role in the database, and a client that is signed in as it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import httpx

from backend.cases.absence import Absence, in_the_place_of
from backend.cases.access import Officer, Role
from backend.persistence.officer_rows import Holder
from backend.web.desk.guard import cookie_name
from backend.web.ports import Site
from tests.support.live_site import LiveSite

HOME = "64.08"
AGENCIES = {
    Role.AGENCY: "dishub-64.08",
    Role.LIAISON: "dishub-64.08",
    Role.INSPECTOR: "inspektorat-64.08",
}
SK_UNTIL = date(2030, 12, 31)


@dataclass
class AtDesk:
    """An officer with a live session: `get` and `post` speak as a browser would, with the CSRF token."""

    officer: Officer
    http: httpx.AsyncClient
    csrf: str
    cookie: dict[str, str]

    def browser_cookie(self, url: str) -> Any:
        """The session as Playwright's `add_cookies` takes it."""
        ((name, value),) = self.cookie.items()
        return {"name": name, "value": value, "url": url, "httpOnly": True, "sameSite": "Strict"}

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.http.get(path, **more)

    async def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        return await self.http.post(path, data={"csrf": self.csrf, **(data or {})}, **more)


async def put_officer(site: Site, role: Role, *, holder: Holder | None = None, **changes: Any) -> Officer:
    """A position in the database. `changes` are fields of `Officer`; the agency defaults to one that fits the role."""
    token = secrets.token_hex(16)
    values = {"id": token, "title": f"Jabatan {role}", "desk": HOME, "agency": AGENCIES.get(role), **changes}
    officer = Officer(role=role, **values)
    async with site.accounts.begin() as rows:
        holder = holder or Holder("Pemegang Uji", "SK-1/2026", SK_UNTIL)
        await rows.positions.add(officer, f"uji-{token[:12]}", holder, site.clock())
    return officer


async def session_for(site: Site, officer: Officer, stage: str = "in") -> str:
    """The secret of a new session."""
    secret = secrets.token_urlsafe(32)
    async with site.accounts.begin() as rows:
        await rows.sessions.begin(secret, officer.id, stage, site.clock())
    return secret


async def officer_in(live: LiveSite, role: Role, **changes: Any) -> AtDesk:
    """Somebody of this role at the desk; closed with the site."""
    officer = await put_officer(live.site, role, **changes)
    return await at_desk(live, officer)


async def at_desk(live: LiveSite, officer: Officer) -> AtDesk:
    """A position that is in the database already, signed in."""
    desk = await desk_on(live.site, live.url, officer)
    live.clients.append(desk.http)
    return desk


async def desk_on(site: Site, url: str, officer: Officer) -> AtDesk:
    """A position signed in on the site at `url`; whoever asks closes its client."""
    secret = await session_for(site, officer)
    cookie = {cookie_name(site): secret}
    http = httpx.AsyncClient(base_url=url, cookies=cookie, timeout=30)
    return AtDesk(officer, http, csrf_of(site, secret), cookie)


async def in_place_of(live: LiveSite, role: Role, absent: Officer) -> AtDesk:
    """Somebody of this role at the desk, who has taken the place of a position that is away for a week."""
    agency = AGENCIES.get(role) if role in AGENCIES else None
    own = await put_officer(live.site, role, agency=agency)
    today = live.site.services.reference.today(live.site.clock(), own.desk)
    absence = Absence(secrets.token_hex(16), absent.id, own.id, today, today + timedelta(days=6))
    one = await at_desk(live, own)
    async with live.site.accounts.begin() as rows:
        assert await rows.absences.add(absence, live.site.clock())
        (secret,) = one.cookie.values()
        await rows.absences.take_place(secret, absence.id)
    return replace(one, officer=in_the_place_of(absent, own, absence.last_day))


def csrf_of(site: Site, secret: str) -> str:
    """The token that forms of this session carry."""
    import hmac

    return hmac.digest(site.cookie_key, f"csrf\0{secret}".encode(), "sha256").hex()
