"""How an app of ours gets its listener: in the process's own loop, beside the rest."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from sanic import Sanic


async def serve(app: Sanic[Any, Any], listener: socket.socket) -> Any:
    """Serving when this returns; `close` of what it returns ends it."""
    server: Any = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
    if server is None:
        raise RuntimeError("a listener could not be opened")
    await server.startup()
    await server.before_start()
    await server.after_start()
    await server.start_serving()
    return server


def unix_listener(path: Path) -> socket.socket:
    """A socket that nobody but us can open; one that a killed process left behind is replaced."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o600)
    return listener
