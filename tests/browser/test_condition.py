"""The page of the duty officer in a real browser, well and unwell, both schemes, both widths; and the chat while no engine is up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.cases.access import Role
from backend.persistence.host_rows import Host
from backend.usecases.condition import GIGABYTE
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]
LOOKS = ((DESKTOP, "light"), (PHONE, "light"), (DESKTOP, "dark"), (PHONE, "dark"))


async def test_a_duty_officer_sees_at_a_glance(live: LiveSite, chromium: Any, tmp_path: Path) -> None:
    now = live.site.clock()
    well = Host("host-a", now, now, "0072", "teman-lapor-1.tar.gz", 2, 2, 42 * GIGABYTE)
    hosts = [
        well,
        replace(well, name="host-b", seen_at=now - timedelta(minutes=3)),
        replace(well, name="host-c", engines_up=1),
    ]
    async with live.talk.open_uow() as uow:
        for host in hosts:
            await uow.hosts.beat(host)
        await uow.commit()
    officer = await officer_in(live, Role.VERIFIER)
    for viewport, scheme in LOOKS:
        desk = await Desk.open(chromium, live, officer, viewport, color_scheme=scheme)
        await desk.go("/meja/keadaan")
        assert await desk.page.get_by_text("host-b diam").count() == 1
        await desk.looks_right()
        await desk.page.screenshot(
            path=tmp_path / f"keadaan-{scheme}-{viewport['width']}.png", full_page=True
        )
