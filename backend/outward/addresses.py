"""Which addresses that others name are connected to: over https, only hosts that are listed or public ones, never our own walls."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

HTTPS_PORT = 443

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class AddressRefused(Exception):
    """The address is none that we connect to; `str` is for the log and holds no part of the address."""


@dataclass(frozen=True)
class Checked:
    """An address that was looked at: connect to `ip`, and to no other, in the name of `host`."""

    url: str
    host: str
    ip: str


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every IP address of a name."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as failure:
        raise AddressRefused("the name has no address") from failure
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True)
class Guard:
    """`hosts` are exact names, None any public one. `trusted_origin` is the fake Graph server of a development machine, and empty elsewhere."""

    hosts: frozenset[str] | None
    trusted_origin: str = ""
    resolve: Resolve = resolve

    async def check(self, url: str) -> Checked:
        """The address, pinned to an IP that is public; the name is asked once, so that it cannot change its mind.

        Raises:
            AddressRefused: anything else.
        """
        parts = split(url)
        host = (parts.hostname or "").rstrip(".")
        if self.trusted_origin and f"{parts.scheme}://{parts.netloc}" == self.trusted_origin:
            return Checked(url, host, host)
        if parts.scheme != "https" or parts.port not in (None, HTTPS_PORT):
            raise AddressRefused("not https on its own port")
        if parts.username is not None or parts.password is not None or "\\" in url:
            raise AddressRefused("a name and a password in the address")
        if self.hosts is not None and host not in self.hosts:
            raise AddressRefused("not one of the hosts")
        found = await self.resolve(host, HTTPS_PORT)
        if not found or not all(is_public(one) for one in found):
            raise AddressRefused("the name leads inside")
        return Checked(url, host, found[0])


def pinned(address: Checked) -> str:
    """The address with the checked IP in place of the name."""
    parts = urlsplit(address.url)
    if address.ip == address.host:
        return address.url
    host = f"[{address.ip}]" if ":" in address.ip else address.ip
    return urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))


def split(url: str) -> SplitResult:
    """The parts of an address. Raises AddressRefused when it has none."""
    if len(url) > 4_096 or any(ord(letter) <= 32 or ord(letter) > 126 for letter in url):
        raise AddressRefused("not an address")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as failure:
        raise AddressRefused("not an address") from failure
    return parts


def is_public(ip: str) -> bool:
    """Whether the whole internet may reach it; addresses that carry another one inside are judged by that too.

    >>> [is_public(one) for one in ("157.240.1.1", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe")]
    [True, False, False, False]
    """
    try:
        address = ipaddress.ip_address(ip.split("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address.sixtofour or address.teredo:
            return False
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
