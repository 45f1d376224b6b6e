"""Who may hand messages in: the handshake of a subscription, and the signature over the bytes as they came."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence

HEADER = "x-hub-signature-256"
_PREFIX = "sha256="


def signature(body: bytes, secret: str) -> str:
    """What Meta writes into the header for these bytes."""
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_genuine(body: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """Whether one of the secrets signed exactly these bytes. Every secret is tried and every comparison takes the same time.

    >>> is_genuine(b"{}", signature(b"{}", "new"), ["new", "old"])
    True
    >>> is_genuine(b"{} ", signature(b"{}", "new"), ["new", "old"])
    False
    """
    told = (header or "").encode("utf-8", "replace")
    genuine = False
    for secret in secrets:
        if secret:
            genuine |= hmac.compare_digest(signature(body, secret).encode(), told)
    return genuine


def challenge(arguments: Mapping[str, str], token: str) -> str | None:
    """The challenge to be echoed when the subscriber knows our token; None when it does not."""
    told = arguments.get("hub.verify_token", "")
    known = bool(token) and hmac.compare_digest(told.encode("utf-8", "replace"), token.encode())
    if not known or arguments.get("hub.mode") != "subscribe":
        return None
    return arguments.get("hub.challenge") or None
