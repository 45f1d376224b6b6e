"""Chance that draws the same tracking code again for the same form page.

Somebody on a bad line sends the form, the answer is lost, and they send it again: the report is filed once, and the second
answer must hold the code of the first, since nothing else opens an anonymous report. Codes are stored as digests only, so
the code is drawn from the page's sealed number under a key that lies outside the database; everything else stays chance.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from backend.cases.tracking_code import mint
from backend.usecases.ports import Randomness

CODES = 10**18


@dataclass(frozen=True)
class RepeatableCode:
    """`Randomness` for filing one form page."""

    key: bytes
    page: str
    chance: Randomness

    def randbelow(self, limit: int) -> int:
        """The page's own number when a code is drawn, else 0 … limit − 1 by chance."""
        if limit != CODES:
            return self.chance.randbelow(limit)
        drawn = hmac.new(self.key, f"form-code:{self.page}".encode(), hashlib.sha256).digest()
        return int.from_bytes(drawn) % limit

    def token_hex(self, n_bytes: int) -> str:
        """2 × n_bytes hex digits by chance."""
        return self.chance.token_hex(n_bytes)

    def code(self) -> str:
        """The code that this page's report has, if it was filed through this page."""
        return mint(self.randbelow)
