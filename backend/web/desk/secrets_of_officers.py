"""What an officer proves to be one with: password (argon2id), six digits of an authenticator app (TOTP), recovery codes."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from backend.web.qr import qr_svg

STEP_S = 30
ISSUER = "Teman Lapor"
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
N_RECOVERY = 10
# No 0/O, 1/I/L: people write these down. 10 letters of 30 are 49 bits.
RECOVERY_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"[:30]
RECOVERY_LENGTH = 10
# 64 MiB each: more at once would push everything else out of a small machine's memory.
HASHERS_AT_ONCE = 2

_hasher = PasswordHasher()
_room = asyncio.Semaphore(HASHERS_AT_ONCE)
# A hash of nobody's password: an unknown login takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_hex(16))


async def hash_password(password: str) -> str:
    """argon2id, with its salt and costs in the text."""
    async with _room:
        return await asyncio.to_thread(_hasher.hash, password)


async def is_password(stored: str | None, given: str) -> bool:
    """Whether it is; takes the same time when there is nothing to compare with."""
    async with _room:
        right = await asyncio.to_thread(_verified, stored or _NOBODY, given)
    return right and stored is not None


def _verified(stored: str, given: str) -> bool:
    try:
        return _hasher.verify(stored, given)
    except VerificationError:
        return False


def weakness(password: str, *known: str) -> str | None:
    """Why a new password is refused: too_short, too_long or guessable; None when it is good. `known` are words everybody knows of
    the position.

    >>> weakness("pendek"), weakness("aaaaaaaaaaaaaa"), weakness("dishub-kutim-2026", "dishub-kutim")
    ('too_short', 'guessable', 'guessable')
    """
    if len(password) < SHORTEST_PASSWORD:
        return "too_short"
    if len(password) > LONGEST_PASSWORD:
        return "too_long"
    plain = password.casefold()
    rest = plain
    for word in known:
        rest = rest.replace(word.casefold(), "") if word else rest
    obvious = len(set(plain)) < 5 or len(rest) < SHORTEST_PASSWORD // 2 or plain.isdigit()
    return "guessable" if obvious else None


def new_totp() -> str:
    """A fresh secret in base32."""
    return pyotp.random_base32()


def step_of(totp: str, given: str, now: datetime, used: int) -> int | None:
    """The time step that six digits belong to: this one or a neighbour (clocks differ), later than the last `used`; else None."""
    current = int(now.timestamp()) // STEP_S
    code = re.sub(r"\s", "", given)
    for step in (current, current - 1, current + 1):
        expected = pyotp.TOTP(totp).at(step * STEP_S)
        if step > used and hmac.compare_digest(expected.encode(), code.encode()):
            return step
    return None


def picture(totp: str, login: str) -> str:
    """The QR code of a secret as SVG, for an authenticator app to be pointed at."""
    address = pyotp.TOTP(totp).provisioning_uri(name=login, issuer_name=ISSUER)
    return qr_svg(address)


def new_recovery_codes() -> list[str]:
    """Ten codes, each good once."""
    return [
        "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(N_RECOVERY)
    ]


def plain_recovery_code(given: str) -> str:
    """As it is compared.

    >>> plain_recovery_code(" abcde-23456 ")
    'ABCDE23456'
    """
    return re.sub(r"[^A-Z0-9]", "", given.upper())
