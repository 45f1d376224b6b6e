"""A report is handed on to LAPOR! by hand: copy, write the number, done; on a desk and on a phone, in light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.cases.access import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite
from tests.web.test_hand_over import filed

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
async def test_copy_then_number(
    live: LiveSite, chromium: Any, tmp_path: Path, viewport: dict[str, int], scheme: str
) -> None:
    await filed(live)
    who = await officer_in(live, Role.VERIFIER)
    context = await chromium.new_context(viewport=viewport, color_scheme=scheme, locale="id-ID")
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await context.add_cookies([who.browser_cookie(live.url)])
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(f"{live.url}/meja/serah")
    await page.screenshot(path=tmp_path / "serah.png", full_page=True)
    card = page.locator("article", has_text="ABCD-2345")
    await card.get_by_role("button", name="Salin Isi").click()
    await card.get_by_text("Tersalin").wait_for()
    assert await page.evaluate("navigator.clipboard.readText()") == "lampu depan pasar lama mati tiga malam"
    await card.get_by_label("Sudah, nomornya").fill("7654321")
    await card.get_by_role("button", name="Catat").click()
    await page.get_by_text("tercatat sudah diserahkan").wait_for()
    assert await page.locator("article", has_text="ABCD-2345").count() == 0
    await page.goto(f"{live.url}/meja/kasus/ABCD-2345")
    await page.get_by_label("Balas pelapor").fill("Petugas kami jadwalkan besok pagi, terima kasih.")
    await page.locator("form", has=page.locator("#balasan")).get_by_label("SP4N-LAPOR!").check()
    await page.locator("#utas").locator("xpath=..").screenshot(path=tmp_path / "thread.png")
    await page.get_by_role("button", name="Kirim balasan ke pelapor").click()
    await page.get_by_text("belum ada di LAPOR!").wait_for()
    await page.goto(f"{live.url}/meja/serah")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.screenshot(path=tmp_path / "answers.png", full_page=True)
    answer = page.get_by_role("article", name="Jawaban untuk ABCD-2345")
    await answer.get_by_role("button", name="Salin tindak lanjut").click()
    assert (await page.evaluate("navigator.clipboard.readText()")).startswith("Petugas kami jadwalkan")
    await answer.get_by_role("button", name="Sudah saya salin").click()
    await page.get_by_text("tercatat sudah ada di LAPOR!").wait_for()
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide and problems == []
    await context.close()
