"""A small HTTP/1.1 client: one kept connection, one request at a time. It costs a tenth of httpx, which the server's core pays for here."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many milliseconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    ms: float


@dataclass
class Browser:
    """One person at one backend, with cookies and an address that the proxy saw."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> Answer:
        return await self._send("GET", path, b"")

    async def post(self, path: str, form: dict[str, str]) -> Answer:
        return await self._send("POST", path, urlencode(form).encode())

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    async def _send(self, method: str, path: str, body: bytes) -> Answer:
        parts = urlsplit(self.url)
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection(parts.hostname, parts.port)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if body:
            lines.append("Content-Type: application/x-www-form-urlencoded")
        began = time.perf_counter()
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        status, headers = await self._head(self._reader)
        if "content-length" in headers:
            content = await self._reader.readexactly(int(headers["content-length"]))
        elif headers.get("transfer-encoding") == "chunked":
            content = await self._chunks(self._reader)
        else:
            content = b""
        return Answer(status, headers, content, (time.perf_counter() - began) * 1000)

    async def _head(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        pairs = [line.split(":", 1) for line in lines if line]
        return int(first.split(" ")[1]), {name.lower(): value.strip() for name, value in pairs}

    async def _chunks(self, reader: asyncio.StreamReader) -> bytes:
        content = b""
        while size := int(await reader.readline(), 16):
            content += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
        return content
