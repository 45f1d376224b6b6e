"""Answers made small for slow networks. Only what is the same for everybody is compressed: the length of a compressed page
that holds a secret beside somebody's words would tell about the secret."""

from __future__ import annotations

import gzip
from functools import lru_cache

from sanic import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

TYPES = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")
SHORTEST = 400


def compress(request: Request, response: BaseHTTPResponse) -> None:
    """Compress a static file if the browser can read it so."""
    kind = (response.content_type or "").partition(";")[0]
    if not isinstance(response, HTTPResponse) or kind not in TYPES or response.status != 200:
        return
    response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Accept-Encoding")))
    body = response.body or b""
    if "gzip" in request.headers.get("accept-encoding", "") and len(body) >= SHORTEST:
        response.body = _small(body)
        response.headers["Content-Encoding"] = "gzip"


@lru_cache(maxsize=32)
def _small(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
