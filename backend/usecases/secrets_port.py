"""Ports of what is kept secret, signed or destroyed; `ports.py` names them with the others."""

from __future__ import annotations

from typing import Protocol

from backend.usecases.values import Proof


class CodeSealer(Protocol):
    """The pepper stays behind this port."""

    def digest(self, code: str) -> bytes:
        """HMAC of a tracking code of 20 digits: what is stored instead of the code."""


class CaseRefs(Protocol):
    """Opaque tokens for cases, bound to one conversation. Stateless (sealed with a key), so that no row links an anonymous
    case with a conversation; safe in engine state."""

    def seal(self, conversation: str, case_id: str, proof: Proof) -> str: ...

    def open(self, conversation: str, case_ref: str) -> tuple[str, Proof] | None:
        """Case id and proof; None for a token of another conversation or none of ours."""


class Stamper(Protocol):
    """The key of receipts stays behind this port."""

    def stamp(self, text: str) -> str:
        """Hex HMAC of a receipt's text: only this installation can have written it."""


class Erasure(Protocol):
    """What only an erasure may do."""

    async def erase(self, case_id: str) -> int:
        """Destroy the key of a case and all that it sealed: words, messages, files, contact, errands. Facts for figures stay (issue,
        office, district, dates, state). Returns the number of messages and files that went; the next call finds none."""
