"""A version of the reference rows, published at one host's door, is what every other process works by within five seconds: the door and
the workshop of another host, which nobody restarts."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from backend.cases.access import Officer, Role
from backend.persistence.accounts import Accounts
from backend.persistence.database import Database
from backend.persistence.officer_rows import Holder
from backend.settings import Settings
from backend.web.desk.guard import COOKIE
from tests.cluster.hosts import Cluster
from tests.support.product import Citizen, Running

pytestmark = [pytest.mark.slow, pytest.mark.database, pytest.mark.timeout(900)]

EVERYWHERE_S = 5.0
HOME = "64.08"


@dataclass(frozen=True)
class Promise:
    """Whose job a report became, and by when."""

    agency: str
    due_on: date


@dataclass
class Admin:
    """An admin induk at the doors of both hosts, with one session: hosts share the database."""

    secret: str

    async def ask(self, host: Running, path: str, data: dict[str, str] | None = None) -> httpx.Response:
        """GET, or POST with the token of the session when there is something to send."""
        async with httpx.AsyncClient(
            base_url=host.url, cookies={COOKIE: self.secret}, timeout=30, trust_env=False
        ) as http:
            page = await http.get("/meja/acuan")
            if data is None:
                return await http.get(path)
            token = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
            assert token, page.text[:500]
            return await http.post(path, data={"csrf": token[1], **data})

    async def does(self, host: Running, path: str, **data: str) -> None:
        answer = await self.ask(host, path, data)
        assert answer.status_code == 303, answer.text


@asynccontextmanager
async def admin_of(cluster: Cluster) -> AsyncIterator[Admin]:
    host = cluster.hosts[0]
    database = await Database.open(
        Settings(_env_file=None, data=host.folder, database_url=host.settings["DATABASE_URL"])
    )
    try:
        officer, secret, now = (
            Officer(secrets.token_hex(16), "Admin", Role.ADMIN, HOME),
            secrets.token_hex(32),
            datetime.now(UTC),
        )
        async with Accounts(database.requests, database.keys.vault).begin() as rows:
            holder = Holder("Pemegang Uji", "SK-1", date(now.year + 3, 1, 1))
            await rows.positions.add(officer, "uji.admin", holder, now)
            await rows.sessions.begin(secret, officer.id, "in", now)
        yield Admin(secret)
    finally:
        await database.close()


async def filed_by_form(host: Running) -> str:
    """The number of a report that the door of this host files itself."""
    async with httpx.AsyncClient(base_url=host.url, timeout=30, trust_env=False) as http:
        draft = re.search(r'name="draft" value="([^"]+)"', (await http.get("/lapor")).text)
        assert draft
        report = {
            "issue": "lampu_jalan",
            "what": "lampu depan pasar mati tiga malam",
            "where": "Sangatta Utara",
        }
        answer = await http.post("/lapor", data={"draft": draft[1], "identity_level": "open", **report})
    return number_in(answer.text)


async def filed_by_chat(host: Running) -> str:
    """The number of a report that a workshop files: this host's, when no other lives."""
    citizen = Citizen(host)
    await asyncio.to_thread(citizen.say, "lampu jalan mati")
    return number_in(await asyncio.to_thread(citizen.say, "kirim"))


def number_in(text: str) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    assert found, text
    return found[0]


async def promise_of(cluster: Cluster, number: str) -> Promise:
    (row,) = await cluster.ask("SELECT agency, due_on FROM teman_lapor.cases WHERE number = $1", number)
    return Promise(row["agency"], row["due_on"])


async def version_arrives(host: Running, version: int) -> float:
    """Seconds until the door of this host says that it works by the version."""
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=host.url, timeout=5, trust_env=False) as http:
        while time.monotonic() - began < EVERYWHERE_S:
            told: dict[str, Any] = (await http.get("/readyz")).json()
            if told["reference_version"] == version:
                return time.monotonic() - began
            await asyncio.sleep(0.05)
    raise AssertionError(f"host does not work by version {version} after {EVERYWHERE_S} s")


async def journey(cluster: Cluster) -> None:
    """One host publishes and is stopped; the other was never told but by the database."""
    here, there = cluster.hosts
    async with admin_of(cluster) as admin:
        number = await filed_by_form(there)
        before = await promise_of(cluster, number)
        await admin.does(
            here,
            "/meja/acuan/daftar/holidays/baris",
            because="uji",
            date=before.due_on.isoformat(),
            name="Hari jadi",
            kind="libur_daerah",
            area=HOME,
            source="SK 1",
        )
        await admin.does(
            here,
            "/meja/acuan/daftar/routing/baris",
            because="uji",
            place="before:lampu_jaringan_pln",
            id="lampu_baru",
            issue="lampu_jalan",
            area=HOME,
            level="kabupaten",
            role="disperkim",
            reason="Lampu diurus {agency}.",
            confidence="0.9",
            source="SK 2",
        )
        today = re.search(
            r'name="from"[^>]*value="([\d-]+)"',
            (await admin.ask(here, "/meja/acuan/rancangan")).text,
        )
        assert today
        publish = {"reason": "uji terbit", "sure": "yes", "from": today[1]}
        await admin.does(here, "/meja/acuan/rancangan/terbitkan", **publish)
        in_s = await version_arrives(there, 1)
        await asyncio.sleep(EVERYWHERE_S - in_s)

        by_door = await promise_of(cluster, await filed_by_form(there))
        assert by_door.agency == f"disperkim-{HOME}" != before.agency
        assert by_door.due_on > before.due_on
        assert (await promise_of(cluster, number)).due_on == by_door.due_on, "open promises follow"
        await asyncio.to_thread(here.stop)
        by_workshop = await promise_of(cluster, await filed_by_chat(there))
        assert by_workshop == by_door

        await admin.does(there, "/meja/acuan/versi/kembali", version="0", reason="uji kembali")
        back_s = await version_arrives(there, 2)
        await asyncio.sleep(EVERYWHERE_S - back_s)
        assert await promise_of(cluster, await filed_by_chat(there)) == before
        assert await promise_of(cluster, await filed_by_form(there)) == before


def test_published_and_taken_back_everywhere_without_a_restart() -> None:
    with Cluster(engines=(1, 1), scripted=True).running() as cluster:
        try:
            asyncio.run(journey(cluster))
        except AssertionError as failure:
            failure.add_note("\n".join(host.log()[-3000:] for host in cluster.hosts if host.folder.exists()))
            raise
