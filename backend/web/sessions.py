"""Who talks in a browser: a random secret in an HttpOnly cookie, known to the server only as HMAC."""

from __future__ import annotations

import re
import secrets

from sanic import HTTPResponse, Request

SECRET_BYTES = 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
OWN, EMBEDDED = "teman_lapor", "teman_lapor_embedded"
KEPT_S = 3600 * 24 * 90


def session_of(request: Request, *, embedded: bool, secure: bool) -> str | None:
    """The browser's secret, or None when it has none of the right shape."""
    value = request.cookies.get(_name(embedded=embedded, secure=secure))
    return value if value and _SHAPE.fullmatch(value) else None


def begin_session(response: HTTPResponse, *, embedded: bool, secure: bool, secret: str | None = None) -> str:
    """Give the browser a new secret (or the one just made for it) and return it."""
    secret = secret or secrets.token_urlsafe(SECRET_BYTES)
    _set(response, secret, KEPT_S, embedded=embedded, secure=secure)
    return secret


def end_session(response: HTTPResponse, *, embedded: bool, secure: bool) -> None:
    """Take the secret away from the browser."""
    _set(response, "", 0, embedded=embedded, secure=secure)


def _set(response: HTTPResponse, value: str, max_age: int, *, embedded: bool, secure: bool) -> None:
    response.add_cookie(
        EMBEDDED if embedded else OWN,
        value,
        path="/",
        max_age=max_age,
        httponly=True,
        secure=secure or embedded,
        samesite="None" if embedded else "Strict",
        partitioned=embedded,
        host_prefix=secure or embedded,
    )


def _name(*, embedded: bool, secure: bool) -> str:
    name = EMBEDDED if embedded else OWN
    return f"__Host-{name}" if secure or embedded else name
