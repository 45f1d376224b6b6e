"""The overview and the files in a real browser: wide and narrow, light and dark, on paper; from a figure to its cases; axe."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from backend.cases.access import Role
from backend.persistence.database import Database
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.desk import officer_in
from tests.support.invented_map import invented_map
from tests.support.live_site import LiveSite, live_site
from tests.support.past import a_year

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]
LOOKS = ((DESKTOP, "light"), (PHONE, "light"), (DESKTOP, "dark"), (PHONE, "dark"))


@pytest.fixture
async def mapped(database: Database) -> AsyncIterator[LiveSite]:
    """A year of cases, and a map to draw them on."""
    async with live_site(database, atlas=invented_map()) as running:
        await a_year(database, 400)
        yield running


async def test_a_leader_sees_the_desk_at_a_glance(mapped: LiveSite, chromium: Any, tmp_path: Path) -> None:
    leader = await officer_in(mapped, Role.LEADER)
    for viewport, scheme in LOOKS:
        desk = await Desk.open(chromium, mapped, leader, viewport, color_scheme=scheme)
        for path, name in (
            ("/meja/ringkasan", "ringkasan"),
            ("/meja/unduhan", "unduhan"),
            ("/barometer", "barometer"),
        ):
            await desk.go(path)
            await desk.looks_right()
            shot = tmp_path / f"{name}-{scheme}-{viewport['width']}.png"
            await desk.page.screenshot(path=shot, full_page=True)
    await desk.go("/meja/ringkasan")
    assert await desk.page.locator("svg.chart").count() >= 8
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
    assert await desk.page.locator("td.what").count() == n


async def test_a_file_is_asked_for_with_its_reason_and_watched(
    mapped: LiveSite, chromium: Any, tmp_path: Path
) -> None:
    admin = await officer_in(mapped, Role.ADMIN)
    desk = await Desk.open(chromium, mapped, admin, DESKTOP)
    await desk.go("/meja/unduhan")
    await desk.page.get_by_text("Excel").first.click()
    await desk.page.get_by_label("Untuk apa berkas ini dipakai?").fill("laporan bulanan kepada KemenPANRB")
    await desk.page.get_by_role("button", name="Siapkan berkas").click()
    take = desk.page.get_by_role("link", name="Ambil berkas")
    await take.wait_for()
    await desk.looks_right()
    async with desk.page.expect_download() as started:
        await take.click()
    file = await (await started.value).path()
    assert file.read_bytes().startswith(b"PK")
    await desk.page.get_by_text("Sudah diambil seluruhnya").wait_for()
    rows = await desk.page.locator("#baris").inner_text()
    assert int(rows) > 0 and f"{rows} dari {rows} baris" in await desk.page.locator("main").inner_text()
    await desk.page.screenshot(path=tmp_path / "unduhan-satu.png")
