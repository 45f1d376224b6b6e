"""The door of the desk in a real browser: an invitation becomes a session, on a phone and on a desk; axe finds nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest

from backend.cases.access import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_look import violations
from tests.support.desk import officer_in, put_officer
from tests.support.live_site import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.database]

PASSWORD = "empat kuda makan rumput"
SIZES = pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone-dark", "desktop-light"]
)


async def fits(page: Any) -> bool:
    """Nothing is wider than the screen."""
    wide: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide <= 0


@SIZES
async def test_a_holder_takes_the_position_and_comes_back(
    chromium: Any, live: LiveSite, size: dict[str, int], scheme: str
) -> None:
    officer = await put_officer(live.site, Role.ADMIN, title="Admin induk Diskominfo")
    token = b"\x05" * 32
    async with live.site.accounts.begin() as rows:
        await rows.positions.invite(officer.id, token, live.site.clock() + timedelta(hours=1))
        found = await rows.positions.by_id(officer.id)
    assert found is not None
    context = await chromium.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await context.new_page()

    await page.goto(f"{live.url}/masuk/undangan/{token.hex()}")
    assert await violations(page) == [] and await fits(page)
    await page.get_by_label("Kata sandi baru").fill(PASSWORD)
    await page.get_by_label("Tulis sekali lagi").fill(PASSWORD)
    await page.get_by_role("button", name="Lanjut").click()

    await page.locator(".qr svg").wait_for()
    await page.get_by_text("Kamera tidak bisa").click()
    totp = pyotp.TOTP((await page.locator(".key").inner_text()).replace(" ", ""))
    assert await violations(page) == [] and await fits(page)
    await page.get_by_label("Enam angka").fill(totp.at(int(live.site.clock().timestamp())))
    await page.get_by_role("button", name="Lanjut").click()

    await page.get_by_role("heading", name="Simpan kode cadangan").wait_for()
    code = (await page.locator(".recovery li").first.inner_text()).strip()
    assert await violations(page) == [] and await fits(page)

    await page.goto(f"{live.url}/meja/akun")
    await page.get_by_role("button", name="Keluar").click()
    await page.get_by_label("Nama masuk").fill(found.position.login)
    await page.get_by_label("Kata sandi").fill(PASSWORD)
    assert await violations(page) == [] and await fits(page)
    await page.keyboard.press("Enter")
    await page.get_by_label("Enam angka dari aplikasi").fill(code)
    assert await violations(page) == [] and await fits(page)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Keluar").wait_for()
    await context.close()


@SIZES
async def test_axe_finds_nothing_on_the_pages_about_accounts(
    chromium: Any, live: LiveSite, size: dict[str, int], scheme: str
) -> None:
    admin, auditor = await officer_in(live, Role.ADMIN), await officer_in(live, Role.AUDITOR)
    for officer, path in (
        (admin, "/meja/akun"),
        (admin, "/meja/akun/baru"),
        (admin, f"/meja/akun/{admin.officer.id}"),
        (auditor, "/meja/audit"),
    ):
        context = await chromium.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
        await context.add_cookies([officer.browser_cookie(live.url)])
        page = await context.new_page()
        await page.goto(live.url + path)
        assert await violations(page) == [], path
        assert await fits(page), path
        await context.close()
