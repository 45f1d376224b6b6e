"""The cookie of the desk: the secret of a session, for this site only, never for scripts."""

from __future__ import annotations

import secrets

from sanic import HTTPResponse

from backend.persistence.accounts import AccountRows
from backend.persistence.session_rows import LONGEST
from backend.web.desk.guard import COOKIE
from backend.web.ports import Site


async def begin_session(rows: AccountRows, officer_id: str, stage: str, site: Site, old: str) -> str:
    """A session with a secret of its own; the one before it ends."""
    if old:
        await rows.sessions.end(old)
    secret = secrets.token_urlsafe(32)
    await rows.sessions.begin(secret, officer_id, stage, site.clock())
    return secret


def set_cookie(response: HTTPResponse, site: Site, secret: str) -> None:
    """Give the browser the secret; an empty one takes it away."""
    secure = site.settings.secure_cookies
    response.add_cookie(
        COOKIE,
        secret,
        path="/",
        max_age=int(LONGEST.total_seconds()) if secret else 0,
        httponly=True,
        secure=secure,
        samesite="Strict",
        host_prefix=secure,
    )
