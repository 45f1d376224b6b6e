"""The backend's internal listener for both sides of the benchmark, answering at once what the dialogue's tests answer."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.bot.fake_backend import FakeBackend

NOT_ASKED = {"conversation", "now"}


class _Listener(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet per answer: head and body apart would each wait for the other side's acknowledgement (40 ms).
    wbufsize = 1 << 16

    def do_POST(self) -> None:  # noqa: N802
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = self.path.rpartition("/")[2]
        asked = {key: value for key, value in question.items() if key not in NOT_ASKED}
        answer = json.dumps(asyncio.run(FakeBackend(cases=1).ask(name, **asked))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return None


@contextmanager
def listening() -> Iterator[str]:
    """The address of a running listener."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
