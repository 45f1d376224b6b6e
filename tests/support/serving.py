"""A Sanic app on a free port of this machine, in the test's own loop."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sanic import Sanic


@asynccontextmanager
async def serving(app: Sanic[Any, Any], host: str = "127.0.0.1") -> AsyncIterator[str]:
    """The app's address while the block runs."""
    listener = socket.create_server((host, 0))
    server: Any = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.after_start()
    await server.start_serving()
    try:
        yield f"http://localhost:{listener.getsockname()[1]}"
    finally:
        server.close()
