"""The overview in a real browser: wide and narrow, light and dark, on paper; from a figure to its cases; axe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from backend.cases.access import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite
from tests.support.past import a_year

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]
LOOKS = ((DESKTOP, "light"), (PHONE, "light"), (DESKTOP, "dark"), (PHONE, "dark"))


async def test_a_leader_sees_the_desk_at_a_glance(live: LiveSite, chromium: Any, tmp_path: Path) -> None:
    await a_year(live.site.database, 400)
    leader = await officer_in(live, Role.LEADER)
    for viewport, scheme in LOOKS:
        desk = await Desk.open(chromium, live, leader, viewport, color_scheme=scheme)
        await desk.go("/meja/ringkasan")
        assert await desk.page.locator("svg.chart").count() >= 8
        await desk.looks_right()
        shot = tmp_path / f"ringkasan-{scheme}-{viewport['width']}.png"
        await desk.page.screenshot(path=shot, full_page=True)
    await desk.page.emulate_media(media="print", color_scheme="light")
    await desk.page.set_viewport_size(DESKTOP)
    await desk.page.screenshot(path=tmp_path / "ringkasan-kertas.png", full_page=True)
    await desk.page.emulate_media(media="screen")
    await desk.page.locator("select[name=urusan]").select_option("jalan_rusak")
    await desk.page.get_by_role("button", name="Tampilkan").click()
    late = desk.page.locator("td a.late").first
    n = int(re.sub(r"\D", "", await late.inner_text()))
    await late.click()
    await desk.page.locator("h1", has_text="Lewat batas").wait_for()
    assert await desk.page.locator(".cases tbody tr").count() == n
