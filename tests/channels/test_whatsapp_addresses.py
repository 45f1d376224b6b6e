"""Addresses that a forged or taken-over answer could name for a file: nothing is connected to, whatever they look like."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest

from backend.channels.whatsapp.graph import CloudApi, Graph
from backend.channels.whatsapp.media import MediaLine, MediaRefused
from backend.outward.addresses import AddressRefused, Guard

HOST = "lookaside.fbsbx.com"
PUBLIC = "157.240.1.1"
MEDIA = "1234567890"

WRITTEN = [
    "http://lookaside.fbsbx.com/a",
    "https://lookaside.fbsbx.com:8443/a",
    "https://lookaside.fbsbx.com:22/a",
    "https://localhost/a",
    "https://127.0.0.1/a",
    "https://127.1/a",
    "https://2130706433/a",
    "https://0x7f000001/a",
    "https://0177.0.0.1/a",
    "https://0.0.0.0/a",
    "https://[::1]/a",
    "https://[::ffff:127.0.0.1]/a",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/latest/meta-data/",
    "https://10.0.0.1/a",
    "https://192.168.1.1/a",
    "https://172.16.0.1/a",
    "https://100.64.0.1/a",
    "https://lookaside.fbsbx.com@evil.example/a",
    "https://evil.example@lookaside.fbsbx.com/a",
    "https://user:pass@lookaside.fbsbx.com/a",
    "https://lookaside.fbsbx.com.evil.example/a",
    "https://evil-lookaside.fbsbx.com/a",
    "https://evil.lookaside.fbsbx.com/a",
    "https://evil.example/lookaside.fbsbx.com",
    "https://evil.example#@lookaside.fbsbx.com/",
    "https://evil.example?lookaside.fbsbx.com",
    "https://evil.example\\@lookaside.fbsbx.com/",
    "https://lookaside.fbsbx.com\\.evil.example/",
    "https://lookaside.fbsbx.com%00.evil.example/",
    "https://lookaside.fbsbx.com\r\nHost: evil.example/",
    "https://lookaside.fbsbx.com /a",
    "https://lookas\u0131de.fbsbx.com/a",
    "https://ｌｏｏｋａｓｉｄｅ.fbsbx.com/a",
    "file:///etc/passwd",
    "ftp://lookaside.fbsbx.com/a",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "data:text/plain,hai",
    "javascript:alert(1)",
    "//lookaside.fbsbx.com/a",
    "/etc/passwd",
    "",
    "https://",
    "https://[::1",
    "https://lookaside.fbsbx.com:99999/a",
    "https://lookaside.fbsbx.com/" + "a" * 5000,
]
INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.100.100.200",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "ff02::1",
]


async def content() -> AsyncIterator[bytes]:
    yield b"isi"


class Wire(httpx.AsyncBaseTransport):
    """Meta answers every id with `url`; any other connection is noted."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connected: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "graph.facebook.com":
            return httpx.Response(200, json={"id": MEDIA, "url": self.url, "file_size": 10})
        self.connected.append(str(request.url))
        return httpx.Response(200, content=content())


def line(wire: Wire, found: Sequence[str] = (PUBLIC,)) -> MediaLine:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return found

    client = httpx.AsyncClient(transport=wire)
    graph = Graph(CloudApi("https://graph.facebook.com", "v25.0", "1", "token"), client)
    return MediaLine(graph, Guard(frozenset({HOST}), resolve=resolve), client)


@pytest.mark.parametrize("url", WRITTEN)
async def test_nothing_is_connected_to_by_name(url: str) -> None:
    wire = Wire(url)
    with pytest.raises(MediaRefused):
        await line(wire).fetch(MEDIA, None)
    assert wire.connected == []


@pytest.mark.parametrize("found", [[], *([one] for one in INSIDE), [PUBLIC, "10.0.0.1"]], ids=str)
async def test_nothing_is_connected_to_inside(found: list[str]) -> None:
    """The right name, led inside by whoever answers for it."""
    wire = Wire(f"https://{HOST}/a")
    with pytest.raises(MediaRefused):
        await line(wire, found).fetch(MEDIA, None)
    assert wire.connected == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    class Redirecting(Wire):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await super().handle_async_request(request)
            if self.connected:
                return httpx.Response(status, headers={"Location": "http://169.254.169.254/"})
            return answer

    wire = Redirecting(f"https://{HOST}/a")
    with pytest.raises(MediaRefused):
        await line(wire).fetch(MEDIA, None)
    assert wire.connected == [f"https://{PUBLIC}/a"]


async def test_the_name_is_asked_once_and_its_answer_is_connected_to() -> None:
    asked = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    wire = Wire(f"https://{HOST}/a?mid=1")
    client = httpx.AsyncClient(transport=wire)
    graph = Graph(CloudApi("https://graph.facebook.com", "v25.0", "1", "token"), client)
    fetched = await MediaLine(graph, Guard(frozenset({HOST}), resolve=resolve), client).fetch(MEDIA, None)
    assert fetched == b"isi"
    assert (asked, wire.connected) == ([HOST], [f"https://{PUBLIC}/a?mid=1"])


@pytest.mark.parametrize("media", ["../me", "1/messages", "1?fields=x", "1#x", "1%2f2", "", "é", "1 2", ".."])
async def test_an_id_that_is_none_is_not_asked_for(media: str) -> None:
    asked: list[Any] = []

    class Nothing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return httpx.Response(200, json={})

    client = httpx.AsyncClient(transport=Nothing())
    graph = Graph(CloudApi("https://graph.facebook.com", "v25.0", "1", "token"), client)
    with pytest.raises(MediaRefused):
        await MediaLine(graph, Guard(frozenset({HOST})), client).fetch(media, None)
    assert asked == []


async def test_no_more_is_read_than_is_taken() -> None:
    """A stream without an end, announced as ten bytes."""
    n_read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal n_read
        while True:
            n_read += 1
            yield b"x" * 65_536

    class Endless(Wire):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await super().handle_async_request(request)
            return httpx.Response(200, content=endless()) if self.connected else answer

    with pytest.raises(MediaRefused) as refused:
        await line(Endless(f"https://{HOST}/a")).fetch(MEDIA, None)
    assert refused.value.key == "web_upload_too_large"
    assert n_read <= 16 * 1024 * 1024 // 65_536 + 2


async def test_a_trial_trusts_its_own_server_and_no_other() -> None:
    guard = Guard(frozenset({HOST}), "http://127.0.0.1:8070")
    assert (await guard.check("http://127.0.0.1:8070/berkas/x")).ip == "127.0.0.1"
    for url in ("http://127.0.0.1:8071/x", "http://127.0.0.1:8070@evil.example/x", "http://localhost:8070/x"):
        with pytest.raises(AddressRefused):
            await guard.check(url)
