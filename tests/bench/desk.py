"""How fast the officers' desk is with many cases: `python -m tests.bench.desk --cases 100000`.

A data folder is filled first (`seeding.py`; `--data` keeps it and uses it again). Then real backend processes serve it over HTTP, and
officers of several roles, signed in, read and work. Nothing is left out that production does: sessions, CSRF, the access module, the
desk's login under row-level security, sealed words, history and audit chains, errands to the reporter.

* **work list**: first page, late, filtered, deep keyset page, closed, words (rare, frequent, two), number, code; each page has its counts.
* **case page** of cases in view, picked at random.
* **life cycle**: create (a partner files over Open311: place, routing, promise, code), assign (the verifier takes it up and gives it to an
  office: two requests), resolve (the office starts and answers with evidence: two requests), search (the verifier finds it by its words).
  So four calls are six requests here; a failed one ends the bench. Both rates are told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from backend.persistence.accounts import Accounts
from backend.persistence.database import Database
from backend.settings import Settings
from tests.bench.desk_backend import PARTNER_KEY
from tests.bench.http import Answer, Browser
from tests.bench.processes import ROOT, processor_seconds
from tests.bench.seeding import fill, position
from tests.support.desk import csrf_of

COOKIE = "meja"
READERS = ("admin", "verifier", "dpupr", "inspector", "leader")
LISTS = {
    "first": "/meja",
    "late": "/meja?lihat=late",
    "waiting": "/meja?lihat=waiting",
    "closed": "/meja?lihat=closed",
    "all": "/meja?lihat=all",
    "issue": "/meja?lihat=all&urusan=perikanan",
    "district": "/meja?lihat=late&kecamatan=64.08.09",
    "word_rare": "/meja?cari=buaya",
    "word_frequent": "/meja?cari=jalan",
    "words": "/meja?cari=lampu+mati+melati",
    "words_none": "/meja?cari=zzyzx",
    "number": "/meja?cari={number}",
    "today": "/meja/hari-ini",
}
DEEP_PAGES = 12
NUMBER = re.compile(rb"/meja/kasus/([0-9A-Z]{4}-[0-9A-Z]{4})")
NEXT = re.compile(rb'href="(/meja\?[^"]*setelah=[^"]+)"')
VERSION = re.compile(rb'name="version" value="(\d+)"')
WORDS = "lampu jalan mati depan pasar lama gelap sekali {mark} mohon diperbaiki"


@dataclass
class Desk:
    """Backends, and officers who are signed in at each."""

    urls: list[str]
    pids: list[int]
    database: Database
    figures: dict[str, float] = field(default_factory=dict)

    async def officer(self, name: str, n: int = 0) -> Person:
        """Somebody signed in at the n-th backend."""
        secret = f"bench-{name}-{n}-{random.getrandbits(64):x}"
        async with Accounts(self.database.requests, self.database.keys.vault).begin() as rows:
            await rows.sessions.begin(secret, position(name).id, "in", datetime.now(UTC))
        browser = Browser(self.urls[n % len(self.urls)], {"Cookie": f"{COOKIE}={secret}"})
        return Person(browser, csrf_of(self, secret))  # type: ignore[arg-type]

    @property
    def cookie_key(self) -> bytes:
        return self.database.keys.cookie_key

    def cost(self) -> tuple[float, float]:
        """Processor seconds so far of the backends and of the database's processes."""
        server = self.database.server
        assert server is not None
        postmaster = (server.cluster / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        parts = (self.pids, [int(one) for one in children])
        return tuple(sum(processor_seconds(pid) for pid in pids) for pids in parts)  # type: ignore[return-value]

    def tell(self, name: str, took: list[float]) -> None:
        """Median, p95 and the worst."""
        took = sorted(took)
        self.figures[f"{name}_p50_ms"] = statistics.median(took)
        self.figures[f"{name}_p95_ms"] = took[min(len(took) - 1, int(len(took) * 0.95))]


@dataclass
class Person:
    """An officer's browser and the token of their session."""

    browser: Browser
    csrf: str

    async def get(self, path: str) -> Answer:
        return checked(await self.browser.get(path), path)

    async def move(self, number: str, version: int, move: str, **more: str) -> Answer:
        """A move on the case page, from the version that was seen."""
        form = {"csrf": self.csrf, "move": move, "version": str(version), "sure": "1", **more}
        return checked(await self.browser.post(f"/meja/kasus/{number}/pindah", form), f"{move} {number}")


def checked(answer: Answer, what: str) -> Answer:
    """Raises RuntimeError for anything but success."""
    if answer.status not in (200, 201, 303):
        raise RuntimeError(f"{what}: {answer.status} {answer.body[:300]!r}")
    return answer


async def lists(desk: Desk, repeats: int) -> list[tuple[str, str]]:
    """Work lists of every role; returns (role, number) of cases that were in view."""
    seen: list[tuple[str, str]] = []
    by_list: dict[str, list[float]] = {}
    for role in READERS:
        person = await desk.officer(role)
        numbers = [found.decode() for found in NUMBER.findall((await person.get("/meja?lihat=all")).body)]
        for _ in range(repeats):
            for name, path in LISTS.items():
                answer = await person.get(
                    path.format(number=random.choice(numbers) if numbers else "AAAA-2222")
                )
                by_list.setdefault(name, []).append(answer.ms)
                seen += [(role, found.decode()) for found in NUMBER.findall(answer.body)]
            by_list.setdefault("deep", []).extend(await deep(person))
        await person.browser.close()
    for name, took in by_list.items():
        desk.tell(f"list_{name}", took)
    desk.tell("list", [ms for took in by_list.values() for ms in took])
    return seen


async def deep(person: Person) -> list[float]:
    """The pages after the first, as the link of each leads on."""
    took, answer = [], await person.get("/meja?lihat=all")
    for _ in range(DEEP_PAGES):
        found = NEXT.search(answer.body)
        if found is None:
            break
        answer = await person.get(found[1].decode().replace("&amp;", "&"))
        took.append(answer.ms)
    return took


async def pages(desk: Desk, seen: list[tuple[str, str]], n: int) -> None:
    """Case pages of what was in view."""
    people = {role: await desk.officer(role) for role in READERS}
    took = []
    for role, number in random.choices(sorted(set(seen)), k=n):
        took.append((await people[role].get(f"/meja/kasus/{number}")).ms)
    desk.tell("case", took)


@dataclass
class Crew:
    """Who works on one case after the other: a partner who files, a verifier, an office."""

    partner: Browser
    verifier: Person
    office: Person
    took: dict[str, list[float]]
    n: int = 0

    async def cycle(self) -> None:
        """Create, assign, resolve, search."""
        mark = f"tanda{random.getrandbits(40):x}"
        number = await self._timed("create", lambda: self._create(mark))
        await self._timed("assign", lambda: self._assign(number))
        await self._timed("resolve", lambda: self._resolve(number))
        await self._timed("search", lambda: self._search(mark, number))
        self.n += 1

    async def _timed[T](self, name: str, call: Callable[[], Awaitable[T]]) -> T:
        began = time.perf_counter()
        result = await call()
        self.took.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        return result

    async def _create(self, mark: str) -> str:
        form = {
            "api_key": PARTNER_KEY,
            "service_code": "jalan_rusak",
            "description": WORDS.format(mark=mark),
            "address_string": "Sangatta Utara, depan pasar lama",
        }
        self.partner.headers["X-Forwarded-For"] = f"10.{random.randrange(256)}.{random.randrange(256)}.7"
        answer = checked(await self.partner.post("/open311/v2/requests.json", form), "create")
        return str(json.loads(answer.body)[0]["service_request_id"])

    async def _assign(self, number: str) -> None:
        self._note(await self.verifier.move(number, 1, "take_up"))
        self._note(await self.verifier.move(number, 2, "assign", agency="dpupr-64.08"))

    async def _resolve(self, number: str) -> None:
        self._note(await self.office.move(number, 3, "start"))
        said = {"words": "Lubang sudah ditambal.", "evidence": "foto regu"}
        self._note(await self.office.move(number, 4, "answer", **said))

    async def _search(self, mark: str, number: str) -> None:
        answer = await self.verifier.get(f"/meja?cari={mark}")
        self._note(answer)
        if number.encode() not in answer.body:
            raise RuntimeError(f"{number} was not found by its words")

    def _note(self, answer: Answer) -> None:
        self.took.setdefault("request", []).append(answer.ms)


async def life_cycles(desk: Desk, crews: int, seconds: float) -> None:
    """As many cycles as the crews get done."""
    took: dict[str, list[float]] = {}
    working = [
        Crew(Browser(desk.urls[n % len(desk.urls)]), await desk.officer("verifier", n), await desk.officer("dpupr", n), took)
        for n in range(crews)
    ]  # fmt: skip
    until = time.monotonic() + seconds

    async def work(crew: Crew) -> None:
        while time.monotonic() < until:
            await crew.cycle()

    began, cost = time.monotonic(), desk.cost()
    await asyncio.gather(*(work(crew) for crew in working))
    passed = time.monotonic() - began
    n = sum(crew.n for crew in working)
    for name, before, after in zip(("backends", "database"), cost, desk.cost(), strict=True):
        desk.figures[f"cycle_{name}_cpu_ms"] = 1000 * (after - before) / n
    desk.figures["cycles_per_s"] = n / passed
    desk.figures["cycle_calls_per_s"] = 4 * desk.figures["cycles_per_s"]
    desk.figures["cycle_requests_per_s"] = 6 * desk.figures["cycles_per_s"]
    for name, values in took.items():
        desk.tell(f"cycle_{name}", values)
    calls = [ms for name in ("create", "assign", "resolve", "search") for ms in took[name]]
    desk.tell("cycle_call", calls)


@asynccontextmanager
async def backends(data: Path, n: int) -> AsyncIterator[tuple[list[str], list[int]]]:
    """Addresses and process ids of `n` backends."""
    command = [sys.executable, "-m", "tests.bench.desk_backend", str(data)]
    async with AsyncExitStack() as stack:
        urls, pids = [], []
        for _ in range(n):
            process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            stack.callback(process.wait, 60)
            assert process.stdin and process.stdout
            stack.callback(process.stdin.close)
            pids.append(process.pid)
            urls.append((await asyncio.to_thread(process.stdout.readline)).strip())
        if not all(urls):
            raise RuntimeError("a backend did not start")
        yield urls, pids


async def measure(options: argparse.Namespace, data: Path) -> dict[str, float]:
    """Everything, on a data folder that holds the cases or is filled now."""
    database = await Database.open(Settings(_env_file=None, data=data))
    try:
        if not options.filled:
            await fill(database, options.cases)
        async with backends(data, options.backends) as (urls, pids):
            desk = Desk(urls, pids, database)
            seen = await lists(desk, options.repeats)
            await pages(desk, seen, 40 * options.repeats)
            await life_cycles(desk, options.crews, options.seconds)
        return desk.figures
    finally:
        await database.close()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.desk", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--data", type=Path, help="a data folder to keep; default: a new one, thrown away")
    parser.add_argument("--filled", action="store_true", help="the data folder holds its cases already")
    parser.add_argument("--backends", type=int, default=2, help="backend processes")
    parser.add_argument("--crews", type=int, default=4, help="how many work on cases at once")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--repeats", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tl-bench-") as folder:
        Path(folder).chmod(0o755)
        figures = asyncio.run(measure(options, options.data or Path(folder)))
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    for name, value in figures.items():
        print(f"desk_{name}: {value:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
