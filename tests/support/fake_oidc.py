"""A small OpenID provider of our own: it signs what a test tells it to, right or wrong."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json

from backend.app import app_name
from tests.support.serving import serving

CLIENT, SECRET = "meja-uji", "rahasia-uji"


@dataclass
class FakeOidc:
    """`claims` are put over the right ones of the next token (None takes one away); `key` signs, `shown` is published; `down` answers 503."""

    now: Any = None
    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "a", "use": "sig"}))
    shown: list[RSAKey] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    algorithm: str = "RS256"
    down: bool = False
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def grant(self, address: str) -> tuple[str, str]:
        """What the person's browser brings back after saying yes at this address: code and state."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT and "openid" in asked["scope"].split()
        code = f"kode-{len(self.codes)}"
        self.codes[code] = asked
        return code, asked["state"]

    def app(self) -> Sanic[Any, Any]:
        """Discovery, keys, tokens."""
        app: Sanic[Any, Any] = Sanic(app_name("oidc"), configure_logging=False)
        app.config.TOUCHUP = False

        @app.get("/.well-known/openid-configuration")
        async def about(request: Request) -> HTTPResponse:
            self.asked.append("about")
            if self.down:
                return json({}, status=503)
            ends = {f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token")}
            return json({"issuer": self.issuer or self.url, "jwks_uri": f"{self.url}/keys", **ends})

        @app.get("/keys")
        async def keys(request: Request) -> HTTPResponse:
            self.asked.append("keys")
            return json({"keys": [one.as_dict(private=False) for one in self.shown or [self.key]]})

        @app.post("/token")
        async def token(request: Request) -> HTTPResponse:
            self.asked.append("token")
            form: Any = request.form
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            asked = self.codes.pop(form.get("code"), None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            is_right = (
                asked is not None
                and request.headers.get("authorization") == f"Basic {basic}"
                and asked["code_challenge"] == challenge
                and asked["redirect_uri"] == form.get("redirect_uri")
            )
            if not is_right or asked is None:
                return json({"error": "invalid_grant"}, status=400)
            return json(
                {"token_type": "Bearer", "access_token": "x", "id_token": self.signed(asked["nonce"])}
            )

        return app

    def signed(self, nonce: str) -> str:
        """An id_token as the test wants it."""
        at = int(self.now().timestamp())
        right = {"iss": self.url, "aud": CLIENT, "sub": "orang-1", "iat": at, "exp": at + 300, "nonce": nonce}
        told = {name: value for name, value in {**right, **self.claims}.items() if value is not None}
        if self.algorithm == "none":
            parts = [b'{"alg":"none"}', str(told).replace("'", '"').encode()]
            return ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts) + "."
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, told, self.key, [self.algorithm])


@asynccontextmanager
async def fake_oidc(now: Any = datetime.now) -> AsyncIterator[FakeOidc]:
    """One on a free port while the block runs."""
    provider = FakeOidc(now)
    async with serving(provider.app()) as url:
        provider.url = url
        yield provider
