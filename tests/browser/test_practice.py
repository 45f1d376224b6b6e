"""Practice in a browser: the door, a mistake with its feedback, and the same task done right on the real case page."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from backend.persistence.database import Database
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.live_site import LiveSite, live_site

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]


@pytest.fixture
async def live(database: Database) -> AsyncIterator[LiveSite]:
    if "BROWSER_TEST_URL" in os.environ:
        pytest.skip("needs the practice site")
    async with live_site(database, practice=True) as running:
        yield running


async def shot(desk: Desk, name: str, tmp_path: Path) -> None:
    await desk.page.screenshot(path=Path(os.environ.get("SCREENS", tmp_path)) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("viewport", "scheme", "mark"), [(DESKTOP, "light", ""), (PHONE, "dark", "-ponsel-gelap")]
)
async def test_learn_by_doing(
    live: LiveSite, chromium: Any, tmp_path: Path, viewport: dict[str, int], scheme: str, mark: str
) -> None:
    context = await chromium.new_context(viewport=viewport, color_scheme=scheme, locale="id-ID")
    desk = Desk(await context.new_page(), live.url)
    await desk.go("/latihan")
    await desk.looks_right()
    await desk.page.get_by_role("button", name="Mulai berlatih").click()
    await desk.page.get_by_text("0 dari 6 tugas benar").wait_for()
    await desk.looks_right()
    advert = desk.page.locator("li.card", has_text="Bukan laporan")
    await advert.get_by_role("link", name="Buka laporan").click()
    await desk.order("Mulai verifikasi")
    await desk.page.goto(desk.page.url.split("?")[0])  # without the word that the last step was saved
    await desk.order("Minta keterangan", words="Mohon sebutkan nama jalan dan desanya.")
    await desk.go("/meja/latihan")
    assert "Promosi tidak perlu menjadi pekerjaan" in await advert.inner_text()
    data = desk.page.locator("li.card", has_text="Minta data yang kurang")
    await data.get_by_role("link", name="Buka laporan").click()
    await desk.order("Mulai verifikasi")
    await desk.page.goto(desk.page.url.split("?")[0])  # without the word that the last step was saved
    await desk.order("Minta keterangan", words="Mohon sebutkan nama jalan dan desanya.")
    await desk.go("/meja/latihan")
    assert "Pelapor tahu persis" in await data.inner_text()
    await desk.page.get_by_text("1 dari 6 tugas benar").wait_for()
    await desk.looks_right()
    await shot(desk, f"latihan{mark}", tmp_path)
    await context.close()
