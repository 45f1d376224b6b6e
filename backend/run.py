"""`python -m backend run`: database, backend and engines of this host in one go, until interrupted."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from backend import model
from backend.app import Product
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.settings import Settings

# Libraries that say at debug what people sent: headers, queries, what is hidden in a photo.
TALKATIVE = "httpx httpcore sanic.access sanic.root sanic.server alembic asyncio asyncpg sqlalchemy PIL pikepdf".split()


class NotReady(Exception):
    """Something is missing; the message says what to do."""


def run(settings: Settings) -> int:
    """Start everything and serve; returns the exit code."""
    logging.basicConfig(
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    quiet_libraries()
    if settings.environment == "production" and not settings.secure_cookies:
        print(
            "Teman Lapor does not start: production needs TEMAN_LAPOR_PUBLIC_URL with https://",
            file=sys.stderr,
        )
        return 2
    try:
        if model.train(settings, only_if_missing=True):
            return 1
        asyncio.run(_serve(settings))
    except (DatabaseRefused, DatabaseUnavailable, KeysRefused) as refusal:
        print(f"Teman Lapor does not start: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def quiet_libraries() -> None:
    """At any level of ours, libraries tell warnings only."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


async def _serve(settings: Settings) -> None:
    product = await Product.open(settings)
    try:
        await product.listen()
        _announce(settings, product)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        work = asyncio.create_task(product.work())
        ended = asyncio.create_task(stop.wait())
        await asyncio.wait({work, ended}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
        work.cancel()
    finally:
        await product.close()


def _announce(settings: Settings, product: Product) -> None:
    lines = [
        "",
        f"  Teman Lapor   http://localhost:{product.port}",
        f"  data          {settings.data}",
        f"  keys          {settings.data / 'secrets' / 'keys.json'}  (back them up: python -m backend backup-keys)",
        f"  officers      http://localhost:{product.port}/masuk  (the first one: python -m backend add-officer --help)",
        "  stop          Ctrl+C",
        "",
    ]
    print("\n".join(lines), flush=True)
