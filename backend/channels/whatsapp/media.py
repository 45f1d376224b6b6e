"""A file of a message, fetched from Meta: its address first, then its bytes, under guard."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from backend.channels.whatsapp.graph import TIMEOUT, Graph, NoAnswer, NotReached
from backend.channels.whatsapp.reading import text, whole
from backend.outward.addresses import AddressRefused, Checked, Guard, pinned

ID = re.compile(r"[0-9A-Za-z_-]+")
LARGEST = 16 * 1024 * 1024
GONE = frozenset({400, 404, 410})


class MediaAway(Exception):
    """Not fetched this time; try again. `str` is for the log."""


class MediaRefused(Exception):
    """It will never be fetched; `key` names the person's sentence."""

    def __init__(self, key: str, log: str) -> None:
        super().__init__(log)
        self.key = key


@dataclass(frozen=True)
class MediaLine:
    """Fetches files. `client` follows no redirects and keeps no cookies."""

    graph: Graph
    guard: Guard
    client: httpx.AsyncClient = field(repr=False)

    async def fetch(self, media: str, sha256: str | None) -> bytes:
        """The bytes, at most 16 MB, with the digest that was announced.

        Raises:
            MediaAway, MediaRefused
        """
        if not ID.fullmatch(media):
            raise MediaRefused("whatsapp_media_gone", "no media id")
        address = await self._address(media)
        content = await self._content(address)
        if sha256 is not None and not is_digest_of(content, sha256):
            raise MediaAway("digest differs")
        return content

    async def _address(self, media: str) -> Checked:
        try:
            answer = await self.graph.ask("GET", self.graph.transport.media_url(media))
        except (NotReached, NoAnswer) as failure:
            raise MediaAway(str(failure)) from failure
        if answer.status in GONE:
            raise MediaRefused("whatsapp_media_gone", f"http {answer.status}")
        if not answer.is_good:
            raise MediaAway(f"http {answer.status}")
        if (whole(answer.data, "file_size") or 0) > LARGEST:
            raise MediaRefused("web_upload_too_large", "announced as too large")
        try:
            return await self.guard.check(self.graph.transport.file_url(text(answer.data, "url")))
        except AddressRefused as refusal:
            raise MediaRefused("whatsapp_media_gone", str(refusal)) from refusal

    async def _content(self, address: Checked) -> bytes:
        """Read no more than we take, whatever length is announced, and never an answer that is packed."""
        headers = {
            **self.graph.transport.headers,
            "Host": _host_header(address),
            "Accept-Encoding": "identity",
        }
        content = bytearray()
        try:
            async with self.client.stream(
                "GET",
                pinned(address),
                headers=headers,
                timeout=TIMEOUT,
                follow_redirects=False,
                extensions={"sni_hostname": address.host},
            ) as answer:
                if answer.status_code in GONE or 300 <= answer.status_code < 400:
                    raise MediaRefused("whatsapp_media_gone", f"http {answer.status_code}")
                if answer.status_code != httpx.codes.OK:
                    raise MediaAway(f"http {answer.status_code}")
                async for piece in answer.aiter_raw():
                    content += piece
                    if len(content) > LARGEST:
                        raise MediaRefused("web_upload_too_large", "longer than we take")
        except httpx.HTTPError as failure:
            raise MediaAway(type(failure).__name__) from failure
        return bytes(content)


def _host_header(address: Checked) -> str:
    return urlsplit(address.url).netloc


def is_digest_of(content: bytes, told: str) -> bool:
    """Meta writes base64; some providers write hex."""
    digest = hashlib.sha256(content).digest()
    mine = {base64.b64encode(digest).decode(), digest.hex()}
    return any(hmac.compare_digest(one.encode(), told.encode("utf-8", "replace")) for one in mine)
