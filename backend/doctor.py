"""`python -m backend doctor`: what is wrong with this installation, and what to do about it. Changes nothing.

Each check is a small function that returns findings; one that cannot be made says so instead of hiding the rest.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import shutil
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TextIO

import httpx

from backend import model
from backend.persistence import keys, schema
from backend.persistence.database import Database, first_address, running_server
from backend.persistence.embedded import CLUSTERS
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.persistence.pulse import Pulse
from backend.persistence.unit_of_work import opener
from backend.places.polygons import FOLDER
from backend.settings import Settings
from backend.usecases.condition import COMMIT_BAD_S, COMMIT_DOUBTFUL_S

GIGABYTE = 1024**3
DISK_BAD, DISK_DOUBTFUL = 1 * GIGABYTE, 5 * GIGABYTE
LONG_WAIT_S = 60.0


class Verdict(StrEnum):
    """`bad` loses or refuses something now; `doubtful` will, or makes a promise weaker."""

    GOOD = "ok"
    DOUBTFUL = "warning"
    BAD = "WRONG"


@dataclass(frozen=True)
class Finding:
    """One line: `what` was looked at, how it is, and what to do unless it is good."""

    verdict: Verdict
    what: str
    how: str
    todo: str = ""


def good(what: str, how: str) -> Finding:
    return Finding(Verdict.GOOD, what, how)


def doubtful(what: str, how: str, todo: str) -> Finding:
    return Finding(Verdict.DOUBTFUL, what, how, todo)


def bad(what: str, how: str, todo: str) -> Finding:
    return Finding(Verdict.BAD, what, how, todo)


def doctor(settings: Settings, out: TextIO) -> int:
    """Print every finding; 0 when nothing is wrong (warnings allowed), else 1."""
    found = asyncio.run(examine(settings))
    for one in found:
        out.write(f"{one.verdict:<8} {one.what}: {one.how}\n")
        if one.todo:
            out.write(f"{'':<8} → {one.todo}\n")
    n_bad = sum(one.verdict is Verdict.BAD for one in found)
    out.write(f"{len(found)} checks, {n_bad} wrong\n")
    return 1 if n_bad else 0


async def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order an operator would look."""
    found = [
        *public_settings(settings),
        interpreter(settings),
        key_file(settings),
        trained_model(settings),
        disk(settings.data),
        polygons(settings.data),
    ]
    checks: tuple[Callable[[Settings], Awaitable[Iterable[Finding]]], ...] = (database, running)
    for check in checks:
        found.extend(await check(settings))
    return found


def public_settings(settings: Settings) -> list[Finding]:
    """What people and their browsers depend on."""
    if settings.environment != "production":
        return [good("settings", "development, for this machine alone")]
    found = []
    if not settings.secure_cookies:
        found.append(
            bad("address", settings.public_url, "set TEMAN_LAPOR_PUBLIC_URL to the https address people type")
        )
    if settings.proxies == 0 and settings.host in {"127.0.0.1", "::1", "localhost"}:
        found.append(
            bad(
                "proxy",
                "we listen on loopback and believe no proxy, so every visitor looks like one",
                "set TEMAN_LAPOR_PROXIES to the number of proxies in front",
            )
        )
    if settings.metrics_token is None:
        found.append(
            doubtful("figures", "nobody can watch this installation", "set TEMAN_LAPOR_METRICS_TOKEN")
        )
    return found or [good("settings", "production")]


def interpreter(settings: Settings) -> Finding:
    """The engine's environment."""
    python = settings.bot_python
    if not python.exists():
        return bad("engine", f"{python} is missing", "run `make setup`")
    if not list(python.parent.parent.glob("lib/python3.10/site-packages/rasa/__init__.py")):
        return bad("engine", f"{python} has no Rasa on Python 3.10", "delete .venv/bot and run `make setup`")
    return good("engine", str(python))


def key_file(settings: Settings) -> Finding:
    """The keys: without them every report and every tracking code is lost."""
    path = keys.key_file(settings.data)
    if not path.exists():
        return doubtful("keys", f"{path} is not there yet", "the first start makes them; then `backup-keys`")
    try:
        keys.load(path)
    except KeysRefused as refused:
        return bad("keys", str(refused), "restore the file from `backup-keys`, or set its mode to 0600")
    return good("keys", str(path))


def trained_model(settings: Settings) -> Finding:
    """The newest model is signed with this installation's key."""
    newest = model.newest(settings.models)
    if newest is None:
        return bad("model", f"none in {settings.models}", "run `make train`")
    signature = newest.with_name(newest.name + ".sig")
    if not keys.key_file(settings.data).exists() or not signature.exists():
        return bad("model", f"{newest.name} is not signed by us", "run `make train`")
    key = keys.load(keys.key_file(settings.data)).model_key
    wanted = hmac.new(key.hex().encode(), newest.read_bytes(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature.read_text(encoding="ascii").strip(), wanted):
        return bad("model", f"the signature of {newest.name} is another's", "run `make train`")
    return good("model", newest.name)


def disk(data: Path) -> Finding:
    """Room for the database; a full disk refuses reports."""
    folder = next(one for one in (data, *data.parents) if one.exists())
    free = shutil.disk_usage(folder).free
    how = f"{free / GIGABYTE:.1f} GB free at {folder}"
    if free < DISK_BAD:
        return bad("disk", how, "make room now: a full disk refuses reports")
    if free < DISK_DOUBTFUL:
        return doubtful("disk", how, "make room, or move TEMAN_LAPOR_DATA")
    return good("disk", how)


def polygons(data: Path) -> Finding:
    """Whether pins can be placed without asking."""
    if any((data / FOLDER).glob("*")):
        return good("boundaries", "installed")
    return doubtful(
        "boundaries", "none, so every pin needs a question", "run `make boundaries FILE=….geojson`"
    )


async def database(settings: Settings) -> list[Finding]:
    """Server, its promises, schema, and what waits in it."""
    if settings.database_url is None and not (settings.data / CLUSTERS).exists():
        return [doubtful("database", "none yet", "the first start makes it")]
    try:
        async with running_server(settings) as server:
            address = await first_address(server, settings)
            async with address.pool(1).connect() as connection:
                await schema.check_server(connection)
                at = await schema.revision(connection)
    except (DatabaseRefused, DatabaseUnavailable, KeysRefused) as failure:
        return [bad("database", str(failure), "nothing can be taken in until this is mended")]
    if at is None or at != schema.newest_revision():
        return [doubtful("database", f"schema {at}, this release has another", "the next start migrates it")]
    return [good("database", f"schema {at}"), *await queues(settings)]


async def queues(settings: Settings) -> list[Finding]:
    """Whether somebody waits for an answer."""
    opened = await Database.open(settings)
    try:
        async with opener(opened.requests, opened.keys.vault)() as uow:
            waiting = of_pulse(await uow.pulse.read(datetime.now(UTC)))
        return [commit(await opened.commit_s()), *waiting]
    finally:
        await opened.close()


def commit(took_s: float) -> Finding:
    """How fast the database takes what it is given."""
    how = f"{took_s:.2f} s for the smallest commit"
    if took_s > COMMIT_BAD_S:
        return bad(
            "commit", how, "people are told to send again: look at its disk, its locks and the line to it"
        )
    if took_s > COMMIT_DOUBTFUL_S:
        return doubtful("commit", how, "look at its disk, its locks and the line to it")
    return good("commit", how)


def of_pulse(pulse: Pulse) -> list[Finding]:
    """What the queues say."""
    found = [
        bad(
            f"{box} {channel}",
            f"{queue.n} waiting, the oldest for {queue.oldest_s:.0f} s",
            "is the product running, and an engine up? see its log",
        )
        for box, queues in (
            ("arrivals", pulse.arrivals),
            ("inbox", pulse.inbox),
            ("outbox", pulse.outbox),
        )
        for channel, queue in queues.items()
        if queue.oldest_s > LONG_WAIT_S
    ]
    found += [
        bad(f"given up: {kind}", str(n), "an officer has to answer these by hand")
        for kind, n in pulse.dead.items()
    ]
    found += [bad("alarm", code, "see docs/operations.md, Alarms") for code in pulse.alarms]
    return found or [good("queues", "nobody waits")]


async def running(settings: Settings) -> list[Finding]:
    """The product itself, when it runs here."""
    url = f"http://{settings.host}:{settings.port}/readyz"
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            answer = await client.get(url)
            parts = answer.json()["parts"]
    except (httpx.HTTPError, ValueError, KeyError):
        if _port_is_taken(settings):
            return [
                bad("port", f"{settings.port} is taken by something else", "set TEMAN_LAPOR_PORT, or stop it")
            ]
        return [doubtful("product", f"does not run at {url}", "start it: `make run`")]
    down = [name for name, works in parts.items() if not works]
    if down:
        return [
            bad("product", f"runs, but not ready: {', '.join(down)}", "see its log; engines take a minute")
        ]
    return [good("product", f"runs and is ready at {url}")]


def _port_is_taken(settings: Settings) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((settings.host, settings.port)) == 0
