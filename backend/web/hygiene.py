"""What every answer and every request must obey: headers, origins, sizes, depth, pace."""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from collections.abc import Set
from typing import Any
from urllib.parse import urlsplit

from sanic import Request
from sanic.response import BaseHTTPResponse

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
# A picture that is opened alone: browsers lay it out with styles of their own. No script, no frame, no other file.
FILE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
DEEPEST_JSON = 20
LARGEST_JSON = 3 * 1024 * 1024
MESSAGES_A_MINUTE = 30
MOST_SENDERS = 20_000
# So much of a body that is too large is still read and thrown away: a browser that is cut off while it sends shows
# its own error page instead of our sentence.
DRAINED = 64 * 1024 * 1024
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class RequestRefused(Exception):
    """The request cannot be taken; `key` names the person's sentence, `status` the answer, `str` is for the log, `wait_s` when
    it is worth trying again."""

    wait_s: float | None = None

    def __init__(self, key: str, status: int, log: str) -> None:
        super().__init__(log)
        self.key, self.status = key, status


def secure_headers(response: BaseHTTPResponse, *, private: bool, ancestors: str = "'none'") -> None:
    """Put the headers that every answer carries; `private` ones are never kept by a browser or a proxy."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY.format(ancestors=ancestors))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
    if private:
        headers.setdefault("Cache-Control", "no-store")


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, without its path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def check_origin(request: Request, allowed: Set[str]) -> None:
    """Refuse an unsafe request that another site's page sent. Programs that send no Origin are no browsers. `allowed` holds our own
    public origin too: behind a proxy that ends TLS, we are asked over http for a page people see over https.

    Raises:
        RequestRefused: 403.
    """
    if request.method not in UNSAFE:
        return
    origin = request.headers.get("origin")
    own = f"{request.scheme}://{request.host}"
    if origin and origin not in allowed and origin != own:
        raise RequestRefused("web_wrong_origin", 403, "unsafe request from another origin")
    if not origin and request.headers.get("sec-fetch-site") == "cross-site":
        raise RequestRefused("web_wrong_origin", 403, "cross-site request without origin")


def drain(request: Request) -> None:
    """Let the rest of a refused body come in, so that the person gets to read why it was refused."""
    protocol: Any = request.protocol
    if protocol is not None and request.stream is not None and request.stream.request_body:
        request.stream.request_max_size = protocol.request_max_size = DRAINED


def json_of(request: Request) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        RequestRefused: too large, too deep, not JSON or not an object.
    """
    body = request.body or b""
    if len(body) > LARGEST_JSON:
        raise RequestRefused("web_too_large", 413, "JSON body too large")
    if depth_of(body) > DEEPEST_JSON:
        raise RequestRefused("web_malformed", 400, "JSON too deep")
    try:
        value = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as failure:
        raise RequestRefused("web_malformed", 400, f"no JSON: {type(failure).__name__}") from failure
    if not isinstance(value, dict):
        raise RequestRefused("web_malformed", 400, "JSON is no object")
    return value


def form_text(request: Request, name: str) -> str:
    """A field of a form as text; empty when it was not sent."""
    return storable(str((request.form.get(name) if request.form else None) or ""))


def arg_text(request: Request, name: str) -> str:
    """A part of the address as text; empty when it was not given."""
    return storable(str(request.args.get(name) or "")).strip()


def storable(text: str) -> str:
    """The text with Unicode's own mark in the place of the sign that no database keeps; only programs send it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def form_file(request: Request, name: str) -> bytes | None:
    """The bytes of the first file of that name, None when none was chosen."""
    files = request.files.getlist(name) if request.files else []
    return files[0].body or None if files else None


def depth_of(body: bytes) -> int:
    """How deep a JSON text nests, read without parsing it; brackets inside strings do not count.

    >>> depth_of(b'{"a": [1, "[[["]}')
    2
    """
    depth = deepest = 0
    inside = escaped = False
    for byte in body:
        if inside:
            inside = escaped or byte != 0x22
            escaped = byte == 0x5C and not escaped
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


class Pace:
    """At most so many requests a minute for each sender; in memory, since a lost count only forgives."""

    def __init__(self, limit: int = MESSAGES_A_MINUTE, window_s: float = 60.0) -> None:
        self._limit, self._window_s = limit, window_s
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_s(self, sender: str, now_s: float, limit: int | None = None) -> float:
        """0 and counted when the sender may go on, else the seconds until it may. `limit` is this sender's own."""
        times = self._seen.setdefault(sender, deque())
        self._seen.move_to_end(sender)
        if len(self._seen) > MOST_SENDERS:
            self._seen.popitem(last=False)
        while times and now_s - times[0] >= self._window_s:
            times.popleft()
        if len(times) >= (limit or self._limit):
            return self._window_s - (now_s - times[0])
        times.append(now_s)
        return 0.0
