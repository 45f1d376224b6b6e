"""The scripted engine as a process of its own, in place of the bot's: up at once, so that a test may kill often.

Started by `Running(scripted=True)`; speaks the engine protocol on the socket of its environment and leaves when its input closes.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from typing import Any

from backend.conversations.engine_client import EngineFailed
from tests.support.fake_engine import FakeEngine

ENGINE = FakeEngine()


async def answer(path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """Status and JSON of one request."""
    if path == "/health":
        return 200, {"ready": True, "model": ENGINE.model}
    try:
        return 200, await ENGINE.run(json.loads(body))
    except EngineFailed as failure:
        return 500, {"error": {"code": failure.code, "log": ""}}


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Requests of one connection, one after the other."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            lengths = [line.split(":")[1] for line in head if line.lower().startswith("content-length:")]
            body = await reader.readexactly(int(lengths[0]) if lengths else 0)
            status, told = await answer(head[0].split()[1], body)
            content = json.dumps(told).encode()
            writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(content)) + content)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def leave_with_the_workshop() -> None:
    """As the bot's engine does."""
    while sys.stdin.buffer.raw.read(1024):  # type: ignore[attr-defined]
        pass
    os._exit(0)


async def main() -> None:
    """Until the input closes."""
    path = os.environ["TEMAN_LAPOR_ENGINE_SOCKET"]
    if os.path.exists(path):  # noqa: ASYNC240, PTH110 nothing else runs yet
        os.unlink(path)  # noqa: PTH108
    server = await asyncio.start_unix_server(serve, path)
    threading.Thread(target=leave_with_the_workshop, daemon=True).start()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
