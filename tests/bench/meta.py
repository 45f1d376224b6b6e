"""A fake Meta in a process of its own, for loads: every number is somebody's phone, and it tells what the phones show.

`python -m tests.bench.meta <webhook> <token> <secret>`; its first line of output is its address.
"""

from __future__ import annotations

import asyncio
import sys

from sanic import HTTPResponse, Request
from sanic.response import json

from tests.fake_meta.graph import FakeMeta
from tests.fake_meta.phone import Phone
from tests.fake_meta.server import graph_app
from tests.support.serving import serving

COUNTED = "/counted"


class Everybody(dict[str, Phone]):
    """Phones by address; whoever is written to exists."""

    def __init__(self, meta: FakeMeta) -> None:
        super().__init__()
        self.meta = meta

    def get(self, address: str, default: Phone | None = None) -> Phone | None:  # type: ignore[override]
        """The phone of that address, with an open window."""
        if address not in self:
            self[address] = Phone(self.meta, address, heard_at=self.meta.clock())
        return self[address]


async def main(webhook: str, token: str, secret: str) -> None:
    """Until it is killed."""
    meta = FakeMeta(token=token, secret=secret, per_second=100_000)
    meta.webhook = webhook
    meta.phones = Everybody(meta)
    app = graph_app(meta)

    @app.get(COUNTED)
    async def counted(request: Request) -> HTTPResponse:
        """Messages that each phone shows, and milliseconds of every acknowledged status."""
        shown = {address: len(phone.screens) for address, phone in meta.phones.items()}
        return json({"shown": shown, "statuses_ms": [1000 * one for one in meta.post.answered_s]})

    async with serving(app) as url:
        meta.url = url
        print(url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
