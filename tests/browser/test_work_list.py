"""The work list in a real browser, on a desk and on a phone: a kept view, ticks, an order for many, its undoing, a template, the look
before words leave; axe on every page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.cases.access import Role
from backend.cases.workflow import State
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.builders import a_case
from tests.support.desk import AtDesk, officer_in
from tests.support.live_site import LiveSite
from tests.web.test_bulk import stored
from tests.web.test_work import state_of

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]
LEADER = 803


async def some_cases(live: LiveSite) -> None:
    """Three new ones, two in verification, one leader with two doubles, one that waits for its reporter."""
    leader = a_case(LEADER, issue="sampah", state=State.ASSIGNED)
    twins = [
        a_case(n, issue="sampah", state=State.MERGED, parent_id=leader.id, assignment=leader.assignment)
        for n in (804, 805)
    ]
    verified = [
        a_case(810, state=State.IN_VERIFICATION),
        a_case(811, issue="jalan_rusak", emergency=True, state=State.IN_VERIFICATION),
    ]
    waiting = a_case(812, issue="air_bersih", state=State.AWAITING_REPORTER)
    new = [a_case(n, issue="lampu_jalan") for n in (800, 801, 802)]
    await stored(live.site.database, *new, leader, *twins, *verified, waiting)


class List(Desk):
    """The list, worked with keys on a desk and with a finger on a phone."""

    phone = False

    async def tick(self, *numbers: str) -> None:
        for number in numbers:
            row = self.page.locator("tr", has_text=number)
            if self.phone:
                await row.locator(".tick label").click()
            else:
                await row.locator(".what > a").focus()
                await self.page.keyboard.press("x")
        await self.page.locator("[data-count]", has_text=f"{len(numbers)} dipilih").wait_for()

    async def order(self, act: str, **words: str) -> None:
        await self.page.locator("#massal").get_by_role("button", name=act).click()
        await self.page.locator("h1", has_text="laporan?").wait_for()


async def opened(live: LiveSite, chromium: Any, who: AtDesk, viewport: dict[str, int], **more: Any) -> List:
    desk = await List.open(chromium, live, who, viewport, **more)
    assert isinstance(desk, List)
    desk.phone = viewport is PHONE
    return desk


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_a_morning_at_the_list(live: LiveSite, chromium: Any, viewport: dict[str, int]) -> None:
    await some_cases(live)
    desk = await opened(live, chromium, await officer_in(live, Role.VERIFIER), viewport)
    page = desk.page
    await desk.go("/meja?lihat=all")
    assert await page.locator(".cases tbody tr").count() == 7, "two lie folded under their leader"
    await page.locator(".folded summary", has_text="2 laporan serupa").click()
    await desk.looks_right()

    await page.locator(".filters > summary").click()
    await page.locator("#urusan").select_option("lampu_jalan")
    await page.get_by_role("button", name="Terapkan").click()
    await page.locator(".filters > summary").click()
    await page.locator("#nama-tampilan").fill("Lampu gelap")
    await desk.looks_right()
    await page.get_by_role("button", name="Simpan tampilan").click()
    await page.locator("h1", has_text="Lampu gelap").wait_for()
    assert await page.locator(".cases tbody tr").count() == 4

    await desk.tick("TEST-0800", "TEST-0801", "TEST-0810")
    await desk.looks_right()
    await desk.order("Mulai verifikasi")
    assert "Tidak ikut (1)" in await page.locator("main").inner_text()
    await desk.looks_right()
    await page.get_by_role("button", name="Mulai verifikasi 2 laporan").click()
    await page.locator("h1", has_text="2 laporan mulai diverifikasi").wait_for()
    await desk.looks_right()
    await desk.go("/meja")
    await page.locator(".undo", has_text="2 laporan mulai diverifikasi").wait_for()
    await page.locator(".undo button").click() if desk.phone else await page.keyboard.press("z")
    await page.locator("h1", has_text="2 laporan dibatalkan").wait_for()
    await desk.looks_right()
    assert await state_of(live.site.database, "TEST-0800") is State.RECEIVED

    await desk.go("/meja?lihat=all")
    await desk.tick("TEST-0810", "TEST-0811")
    await desk.order("Minta keterangan")
    await page.locator("[data-templates]").select_option("kurang_waktu")
    await page.locator("[data-templates]").press("Enter")
    assert "{urusan}" in await page.locator("#kata").input_value()
    await page.get_by_role("button", name="Minta keterangan untuk 2 laporan").click()
    await page.locator("h1", has_text="2 laporan dimintai keterangan").wait_for()
    assert await state_of(live.site.database, "TEST-0811") is State.AWAITING_REPORTER
    assert desk.problems == []


async def test_words_are_looked_at_before_they_leave(live: LiveSite, chromium: Any) -> None:
    await some_cases(live)
    desk = await opened(live, chromium, await officer_in(live, Role.VERIFIER), DESKTOP)
    page = desk.page
    await desk.go("/meja/kasus/TEST-0810")
    await page.keyboard.press("?")
    await page.locator("dialog[open]", has_text="Terima saran").wait_for()
    await page.keyboard.press("Escape")
    await page.keyboard.press("t")
    assert await page.evaluate("document.activeElement.dataset.templates") == "balasan"
    await page.keyboard.press("b")
    reply = page.locator("form", has=page.locator("#balasan"))
    await page.locator("#balasan").fill("Sehubungan dengan laporan itu, telepon 081234567890.")
    await reply.locator(".plain", has_text="sehubungan dengan").wait_for()
    assert await reply.get_by_role("button", name="Kirim juga").count() == 0, "it is only pointed at"
    await page.get_by_role("button", name="Kirim balasan ke pelapor").click()
    await reply.get_by_role("button", name="Kirim juga").wait_for()
    await desk.looks_right()
    await reply.get_by_role("link", name="Ubah").click()
    await page.locator("#balasan").fill("Lampunya kami perbaiki besok pagi.")
    await page.get_by_role("button", name="Kirim balasan ke pelapor").click()
    await page.locator(".alert.calm", has_text="Balasan terkirim").wait_for()
    assert "kami perbaiki besok" in await page.locator(".thread").inner_text()
    assert desk.problems == []


async def test_pictures_of_the_list(live: LiveSite, chromium: Any, tmp_path: Path) -> None:
    """Wide and light, narrow and dark."""
    await some_cases(live)
    who = await officer_in(live, Role.ADMIN, title="Admin induk Kutai Timur")
    for viewport, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        desk = await opened(live, chromium, who, viewport, color_scheme=scheme)
        name = f"{scheme}-{viewport['width']}"
        await desk.go("/meja?lihat=all")
        await desk.tick("TEST-0800", "TEST-0801")
        await desk.looks_right()
        await desk.page.screenshot(path=tmp_path / f"desk-pilih-{name}.png")
        await desk.order("Mulai verifikasi")
        await desk.page.screenshot(path=tmp_path / f"desk-massal-{name}.png")
        await desk.go("/meja/kasus/TEST-0810")
        await desk.page.locator("#balasan").fill("Temui Pak Budi Santoso, 081234567890.")
        await desk.page.get_by_role("button", name="Kirim balasan ke pelapor").click()
        await desk.page.locator(".check").scroll_into_view_if_needed()
        await desk.looks_right()
        await desk.page.screenshot(path=tmp_path / f"desk-periksa-{name}.png")
