"""A village operator files for a neighbour and prints the slip; the answer reaches the neighbour alone."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from backend.cases.access import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]
ANSWER = "Tukang kami perbaiki jembatan hari Senin."


async def shot(desk: Desk, name: str, tmp_path: Path) -> None:
    await desk.page.screenshot(path=Path(os.environ.get("SCREENS", tmp_path)) / f"{name}.png", full_page=True)


async def tell(desk: Desk) -> None:
    await desk.page.get_by_label("Apa yang terjadi?").fill("Jembatan kayu di RT 3 patah sejak banjir")
    await desk.page.get_by_label("Di mana?").fill("Desa Sepaso, Bengalon")
    await desk.page.get_by_label("Bahasa warga bercerita").select_option("bjn")
    await desk.page.get_by_label("Tentang apa?").select_option("jembatan_rusak")


async def test_filed_printed_and_out_of_sight(live: LiveSite, chromium: Any, tmp_path: Path) -> None:
    village = await officer_in(live, Role.VILLAGE, area="64.08.04.2001", title="Operator Desa Sepaso")
    desk = await Desk.open(chromium, live, village, PHONE, color_scheme="dark")
    await desk.go("/meja/titip")
    await desk.looks_right()
    await tell(desk)
    await desk.page.context.set_offline(True)
    await desk.page.get_by_role("button", name="Kirim laporan").click()
    await desk.page.get_by_text("Tidak ada sambungan").wait_for()
    await desk.page.context.set_offline(False)
    await desk.page.reload()
    assert await desk.page.get_by_label("Apa yang terjadi?").input_value() != "", "kept through a reload"
    await shot(desk, "titip-ponsel-gelap", tmp_path)
    await desk.page.get_by_label("Warga sudah mendengar").check()
    await desk.page.get_by_role("button", name="Kirim laporan").click()
    await desk.page.get_by_role("heading", name="Laporan terkirim").wait_for()
    code = " ".join(await desk.page.locator(".slip-code span").all_inner_texts())
    number = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", await desk.page.locator(".slip").inner_text())
    assert re.fullmatch(r"(\d{4} ){4}\d{4}", code) and number
    await desk.looks_right()
    await shot(desk, "titip-lembar-ponsel-gelap", tmp_path)
    paper = Path(os.environ.get("SCREENS", tmp_path)) / "titip-lembar.pdf"
    await desk.page.pdf(path=paper, prefer_css_page_size=True)
    await desk.page.evaluate("document.body.classList.add('struk')")
    await desk.page.pdf(path=paper.with_name("titip-struk.pdf"), prefer_css_page_size=True)
    for sheet, wide in ((paper, 105), (paper.with_name("titip-struk.pdf"), 80)):
        with pikepdf.open(sheet) as printed:
            assert len(printed.pages) == 1, "one sheet"
            assert round(float(printed.pages[0].mediabox[2]) / 72 * 25.4) == wide

    office = await officer_in(live, Role.ADMIN)
    at_office = await Desk.open(chromium, live, office, DESKTOP)
    await at_office.go(f"/meja/kasus/{number[0]}")
    assert "titip lapor" in await at_office.page.locator("main").inner_text()
    async with live.site.open_desk_uow(office.officer) as uow:
        assert (await uow.cases.by_number(number[0])) is not None
    await office.post(f"/meja/kasus/{number[0]}/balas", {"words": ANSWER})

    for path in ("/meja/hari-ini", f"/meja/kasus/{number[0]}"):
        answer = await desk.page.goto(live.url + path)
        assert answer.status == 403 and ANSWER not in await desk.page.content()
    context = await chromium.new_context(viewport=PHONE, locale="id-ID")
    page = await context.new_page()
    await page.goto(f"{live.url}/status")
    await page.locator("[name=code]").fill(code)
    await page.keyboard.press("Enter")
    neighbour = Desk(page, live.url)
    await page.get_by_role("heading", name="Ganti kode lembar ini dulu").wait_for()
    assert ANSWER not in await page.content()
    await neighbour.looks_right()
    await shot(neighbour, "titip-ganti-kode-ponsel", tmp_path)
    await page.get_by_role("button", name="Ganti kode").click()
    await page.get_by_role("heading", name="Kode sudah diganti").wait_for()
    await neighbour.looks_right()
    await shot(neighbour, "titip-kode-baru-ponsel", tmp_path)
    await page.get_by_role("button", name="Lihat laporan saya").click()
    await page.get_by_text(ANSWER).wait_for()


async def test_the_form_on_a_desk(live: LiveSite, chromium: Any, tmp_path: Path) -> None:
    village = await officer_in(live, Role.VILLAGE, area="64.08.04.2001", title="Operator Desa Sepaso")
    desk = await Desk.open(chromium, live, village, DESKTOP)
    await desk.go("/meja/titip")
    await tell(desk)
    await desk.looks_right()
    await shot(desk, "titip", tmp_path)
