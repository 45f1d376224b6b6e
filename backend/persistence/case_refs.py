"""Opaque tokens for cases: sealed with a key, bound to one conversation, stored nowhere."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from backend.persistence.errors import SealBroken
from backend.persistence.sealing import Sealer, Vault
from backend.usecases.ports import Proof


class SealedCaseRefs:
    """`backend.usecases.ports.CaseRefs`."""

    def __init__(self, vault: Vault) -> None:
        self._sealer = Sealer(hmac.digest(vault.identifier_key, b"case refs", hashlib.sha256))

    def seal(self, conversation: str, case_id: str, proof: Proof) -> str:
        sealed = self._sealer.seal_json([case_id, str(proof)], f"case_ref:{conversation}")
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, conversation: str, case_ref: str) -> tuple[str, Proof] | None:
        try:
            sealed = base64.b64decode(case_ref + "=" * (-len(case_ref) % 4), altchars=b"-_", validate=True)
            case_id, proof = self._sealer.open_json(sealed, f"case_ref:{conversation}")
        except (SealBroken, binascii.Error, ValueError):
            return None
        return case_id, Proof(proof)
