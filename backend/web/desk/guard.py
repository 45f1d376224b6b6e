"""Who is at the desk, and what the position may do: each handler of the desk names its acts with `needs`; default is no.

* Nobody signed in: a page sends to the log-in, anything else answers 401.
* The role has none of the acts: 403. A case out of view does not exist: 404. A case in view that may not be changed so: 403.
"""

from __future__ import annotations

import functools
import hmac
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Concatenate

from sanic import HTTPResponse, Request, Sanic

from backend.cases.access import Act, Officer, has, may, may_see
from backend.cases.case import Case
from backend.cases.errors import CaseNotFound
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.persistence.rows import BEHALF
from backend.persistence.session_rows import Session
from backend.usecases.ports import AuditEntry
from backend.web import urls
from backend.web.hygiene import UNSAFE, RequestRefused, form_text
from backend.web.ports import Site

COOKIE = "meja"


class SignInNeeded(RequestRefused):
    """Nobody is signed in; pages answer with the way to the log-in (`backend/web/errors.py`)."""

    def __init__(self) -> None:
        super().__init__("desk_sign_in", 401, "nobody is signed in")


def site_of(request: Request) -> Site:
    site: Site = request.app.ctx.site
    return site


def cookie_name(site: Site) -> str:
    return f"__Host-{COOKIE}" if site.settings.secure_cookies else COOKIE


def secret_of(request: Request) -> str:
    """The session's secret as the browser sent it; empty when it sent none."""
    return request.cookies.get(cookie_name(site_of(request))) or ""


async def session_of(request: Request) -> Session | None:
    """The live session at any stage, looked up once a request."""
    if not hasattr(request.ctx, "desk_session"):
        site, secret = site_of(request), secret_of(request)
        request.ctx.desk_session = None
        if secret:
            async with site.accounts.begin() as rows:
                request.ctx.desk_session = await rows.sessions.find(secret, site.clock())
    session: Session | None = request.ctx.desk_session
    return session


async def signed_in(request: Request) -> Officer:
    """Who is in, with both factors and a decree that has not run out; in the place of somebody absent for as long as that lasts. Raises
    `SignInNeeded`."""
    session, site = await session_of(request), site_of(request)
    if session is None or session.stage != "in":
        raise SignInNeeded
    today = site.services.reference.today(site.clock(), session.officer.desk)
    if session.sk_until < today:
        raise SignInNeeded
    if session.absence_id is None:
        return session.officer
    async with site.accounts.begin() as rows:
        duties = await rows.absences.duties(session.officer, today, session.absence_id)
    return duties[0].taken_by(session.officer) if duties else session.officer


def csrf_token(request: Request) -> str:
    """What every form of this session carries in the field `csrf` (scripts: the header `X-CSRF`)."""
    secret = secret_of(request)
    return hmac.digest(site_of(request).cookie_key, f"csrf\0{secret}".encode(), "sha256").hex()


def check_csrf(request: Request) -> None:
    """Raises RequestRefused 403 unless the request carries its session's token."""
    given = request.headers.get("x-csrf") or form_text(request, "csrf")
    if not secret_of(request) or not hmac.compare_digest(given.encode(), csrf_token(request).encode()):
        raise RequestRefused("web_wrong_origin", 403, "wrong or no CSRF token")


Handler = Callable[Concatenate[Any, Request, Officer, ...], Awaitable[HTTPResponse]]
Guarded = Callable[..., Coroutine[Any, Any, HTTPResponse]]


def needs(*acts: Act) -> Callable[[Handler], Guarded]:
    """For a handler `async def show(self, request, officer, …)`: somebody is in whose role has one of the acts (with none named:
    anybody who is in), and an unsafe request carries its CSRF token."""

    def guarded(handler: Handler) -> Guarded:
        @functools.wraps(handler)
        async def checked(self: Any, request: Request, **parts: Any) -> HTTPResponse:
            officer = await signed_in(request)
            if acts and not any(has(officer, act) for act in acts):
                raise RequestRefused("desk_forbidden", 403, f"role {officer.role} has none of the acts")
            if request.method in UNSAFE:
                check_csrf(request)
            return await handler(self, request, officer, **parts)

        checked.needs = frozenset(acts)  # type: ignore[attr-defined]
        return checked

    return guarded


async def case_in_view(
    uow: DeskUnitOfWork, officer: Officer, case: Case | None, act: Act = Act.SEE_CASES
) -> Case:
    """The case as it was read in this transaction, if it exists for this officer and the officer may do this to it.

    Raises:
        CaseNotFound: 404, also when the case exists for others only.
        RequestRefused: 403, the case is in view but the act is not this officer's.
    """
    if case is None:
        raise CaseNotFound
    assigned = await uow.assignees.of_case(case.id)
    if not may_see(officer, case, assigned):
        raise CaseNotFound
    if not may(officer, act, case, assigned):
        raise RequestRefused("desk_forbidden", 403, f"{act} refused to {officer.role}")
    return case


async def record(
    request: Request,
    officer: Officer,
    action: str,
    case_id: str | None = None,
    reason: str = "",
    **details: str,
) -> None:
    """An audit line that stays whatever becomes of the action, in a transaction of its own: before an identity is shown, after a
    refusal."""
    site = site_of(request)
    if officer.stands_for:
        details[BEHALF] = officer.stands_for.id
    await site.accounts.record(AuditEntry(site.clock(), officer.id, action, case_id, reason, details))


def check_guarded(app: Sanic[Any, Any]) -> None:
    """Every address of the desk has a guard; raises RuntimeError at the start rather than serving one that has none."""
    for route in app.router.routes:
        path = "/" + route.path.lstrip("/")
        inside = any(path == top or path.startswith(f"{top}/") for top in (urls.DESK, urls.REVIEW))
        if inside and not hasattr(route.handler, "needs"):
            raise RuntimeError(f"{path} of the desk has no guard: put @needs(…) on its handler")
