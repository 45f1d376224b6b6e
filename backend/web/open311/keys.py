"""Who may file: keys of the settings, each with a pace of its own, since all people of one app come from one address."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

FILED_A_MINUTE = 300


@dataclass(frozen=True)
class ApiKey:
    """A key, and how many requests a minute its holder may send."""

    secret: str = field(repr=False)
    a_minute: int = FILED_A_MINUTE


def keys_of(setting: str) -> tuple[ApiKey, ...]:
    """Keys as the settings list them: `key` or `key:requests a minute`, separated by commas.

    >>> [(one.secret, one.a_minute) for one in keys_of("satu, dua:1200,a:b")]
    [('satu', 300), ('dua', 1200), ('a:b', 300)]
    """
    found = []
    for entry in filter(None, (one.strip() for one in setting.split(","))):
        secret, colon, limit = entry.rpartition(":")
        is_limited = bool(colon and secret and limit.isascii() and limit.isdigit() and int(limit))
        found.append(ApiKey(secret, int(limit)) if is_limited else ApiKey(entry))
    return tuple(found)


def known(keys: tuple[ApiKey, ...], given: str) -> ApiKey | None:
    """The key that was given; every one is compared, so that the time tells nothing."""
    fitting = [one for one in keys if hmac.compare_digest(given.encode(), one.secret.encode())]
    return fitting[0] if fitting else None
