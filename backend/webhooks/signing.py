"""Signatures as the Standard Webhooks specification has them (version 1.0, symmetric keys)."""

from __future__ import annotations

import base64
import hashlib
import hmac

PREFIX = "whsec_"


def secret_text(secret: bytes) -> str:
    """How the receiver's administrator copies the secret.

    >>> secret_text(b"0" * 24)
    'whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw'
    """
    return PREFIX + base64.b64encode(secret).decode()


def headers(secret: bytes, message_id: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """`webhook-id`, `webhook-timestamp` (seconds since 1970), `webhook-signature` over `id.timestamp.body`."""
    signed = b".".join([message_id.encode(), str(timestamp_s).encode(), body])
    signature = base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": f"v1,{signature}",
    }
