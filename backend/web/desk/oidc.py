"""The other side of single sign-on: what an OpenID provider says of itself, and what it says of a person. Code flow with PKCE; an answer
that is wrong in any part is refused (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "RS512", "ES384", "EdDSA")
KEPT_FOR = timedelta(hours=1)
LEEWAY_S = 60
LONGEST_AGE_S = 600
CALL_TIMEOUT_S = 10.0

Why = Literal["unreachable", "refused", "invalid"]


class SignOnFailed(Exception):
    """The provider is away, said no, or said something that must not be believed; the text is for the log."""

    def __init__(self, why: Why, log: str) -> None:
        super().__init__(f"single sign-on {why}: {log}")
        self.why = why


@dataclass(frozen=True)
class Attempt:
    """One try to sign on, kept in the browser that began it."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Attempt:
        """Chance that nobody can guess."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """What PKCE shows of the verifier (RFC 7636, S256).

        >>> Attempt("", "", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").challenge
        'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
        """
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for. `subject` is its own name for the person, `email` empty unless it was verified, `acr` how the person
    was checked."""

    subject: str
    email: str
    acr: str


@dataclass
class Provider:
    """One issuer. What it says of itself is kept for an hour, its keys are asked again when one is unknown."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    _known: dict[str, tuple[datetime, Any]] = field(default_factory=dict)

    async def way_in(self, attempt: Attempt, acr: str, now: datetime) -> str:
        """Where the browser is sent; raises SignOnFailed."""
        about = await self._about(now)
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid email",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        more = {"acr_values": acr} if acr else {}
        address = str(about["authorization_endpoint"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode({**asked, **more})}"

    async def person(self, code: str, attempt: Attempt, now: datetime) -> Person:
        """Who came back with this code; raises SignOnFailed."""
        about = await self._about(now)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        told = await self._asked(
            "POST", str(about["token_endpoint"]), data=form, auth=(self.client_id, self.client_secret)
        )
        token = told.get("id_token")
        if not isinstance(token, str):
            raise SignOnFailed("invalid", "no id_token")
        return self._believed(await self._claims(token, str(about["jwks_uri"]), now), attempt, now)

    async def _about(self, now: datetime) -> dict[str, Any]:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        about = await self._kept(address, now)
        if about.get("issuer") != self.issuer:
            raise SignOnFailed("invalid", "the provider calls itself by another name")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(about.get(name), str):
                raise SignOnFailed("invalid", f"no {name}")
        return about

    async def _claims(self, token: str, keys_at: str, now: datetime) -> dict[str, Any]:
        for fresh in (False, True):
            try:
                keys = KeySet.import_key_set(await self._kept(keys_at, now, fresh=fresh))  # type: ignore[arg-type]
                return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
            except (JoseError, ValueError, KeyError, TypeError) as failure:
                if fresh:
                    raise SignOnFailed("invalid", f"id_token: {type(failure).__name__}") from failure
        raise AssertionError("the loop returns or raises")

    def _believed(self, claims: dict[str, Any], attempt: Attempt, now: datetime) -> Person:
        at = now.timestamp()
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        subject, nonce = claims.get("sub"), claims.get("nonce")
        checks = {
            "iss": claims.get("iss") == self.issuer,
            "aud": self.client_id in audiences,
            "azp": claims.get("azp", self.client_id) == self.client_id
            and (len(audiences) == 1 or "azp" in claims),
            "exp": _number(claims.get("exp")) > at - LEEWAY_S,
            "iat": at - LONGEST_AGE_S < _number(claims.get("iat")) < at + LEEWAY_S,
            "nonce": isinstance(nonce, str) and hmac.compare_digest(nonce.encode(), attempt.nonce.encode()),
            "sub": isinstance(subject, str) and 0 < len(subject) <= 255,
        }
        wrong = [name for name, is_right in checks.items() if not is_right]
        if wrong:
            raise SignOnFailed("invalid", f"id_token: {', '.join(wrong)}")
        email = claims.get("email") if claims.get("email_verified") is True else ""
        return Person(str(subject), str(email or "").lower(), str(claims.get("acr") or ""))

    async def _kept(self, address: str, now: datetime, *, fresh: bool = False) -> dict[str, Any]:
        known = self._known.get(address)
        if known is None or fresh or now - known[0] > KEPT_FOR:
            known = self._known[address] = (now, await self._asked("GET", address))
        found: dict[str, Any] = known[1]
        return found

    async def _asked(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=CALL_TIMEOUT_S) as http:
                answer = await http.request(method, address, **more)
                told = answer.json() if answer.status_code < 500 else None
        except (httpx.HTTPError, ValueError) as failure:
            raise SignOnFailed("unreachable", type(failure).__name__) from failure
        if answer.status_code >= 500:
            raise SignOnFailed("unreachable", f"status {answer.status_code}")
        if answer.status_code >= 400 or not isinstance(told, dict):
            raise SignOnFailed("refused", f"status {answer.status_code}")
        return told


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
