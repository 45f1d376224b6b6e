"""`/meja/keadaan`: a duty officer reads what is wrong and what to do, from what the hosts told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.cases.access import Role
from backend.persistence.host_rows import Host
from backend.usecases.condition import GIGABYTE
from tests.support.builders import NOW
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite

pytestmark = pytest.mark.database


async def beat(live: LiveSite, *hosts: Host) -> None:
    async with live.talk.open_uow() as uow:
        for host in hosts:
            await uow.hosts.beat(host)
        await uow.commit()


async def test_what_is_wrong_and_what_to_do(live: LiveSite) -> None:
    now = live.site.clock()
    host = Host("host-a", NOW, now, "0072", "model", 2, 2, 20 * GIGABYTE)
    await beat(live, host)
    officer = await officer_in(live, Role.VERIFIER)
    page = (await officer.get("/meja/keadaan")).text
    assert "Semua berjalan baik" in page and "Yang perlu dilakukan" not in page
    await beat(
        live, replace(host, engines_up=0), replace(host, name="host-b", seen_at=now - timedelta(minutes=2))
    )
    page = (await officer.get("/meja/keadaan")).text
    assert "Perlu ditangani sekarang" in page and "Tidak ada mesin bahasa" in page and "host-b diam" in page


async def test_a_database_that_takes_nothing_is_told(live: LiveSite) -> None:
    officer = await officer_in(live, Role.VERIFIER)
    assert "Menyimpan dengan baik" in (await officer.get("/meja/keadaan")).text
    live.site.metrics.refused("DiskFullError")
    page = (await officer.get("/meja/keadaan")).text
    assert "1 permintaan tidak bisa dilayani" in page and "Lihat baris Ruang simpan dulu" in page


async def test_a_host_that_is_gone_for_good_is_forgotten(live: LiveSite) -> None:
    now = live.site.clock()
    old = Host("host-lama", NOW, now - timedelta(days=8), "0072", None, 1, 0, GIGABYTE)
    await beat(live, old, replace(old, name="host-a", seen_at=now))
    async with live.talk.open_uow() as uow:
        assert [one.name for one in await uow.hosts.all()] == ["host-a"]
