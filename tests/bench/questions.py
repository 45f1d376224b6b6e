"""The backend's internal listener for both sides of the benchmark, answering at once what the dialogue's tests answer."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

from tests.bot.fake_backend import FakeBackend

NOT_ASKED = {"conversation", "now"}


class _Listener(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet per answer: head and body apart would each wait for the other side's acknowledgement (40 ms).
    wbufsize = 1 << 16
    # What was asked before is answered from here, so that a long measurement is not of this listener.
    known: dict[tuple[str, bytes], bytes]

    def do_POST(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.rpartition("/")[2]
        answer = self.known.get((name, body))
        if answer is None:
            answer = self.known[name, body] = _answered(name, body)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return None


def _answered(name: str, body: bytes) -> bytes:
    asked = {key: value for key, value in json.loads(body).items() if key not in NOT_ASKED}
    return json.dumps(asyncio.run(FakeBackend(cases=1).ask(name, **asked))).encode()


def _server() -> ThreadingHTTPServer:
    return ThreadingHTTPServer(("127.0.0.1", 0), type("Listener", (_Listener,), {"known": {}}))


@contextmanager
def listening() -> Iterator[str]:
    """The address of a running listener, in a thread."""
    server = _server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def listening_apart() -> Iterator[tuple[str, int]]:
    """The address of a running listener in a process of its own, and that process's id."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_listen_apart, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv(), process.pid or 0
    finally:
        process.terminate()
        process.join()


def _listen_apart(whoever: Connection) -> None:
    server = _server()
    whoever.send(f"http://127.0.0.1:{server.server_address[1]}")
    server.serve_forever()
