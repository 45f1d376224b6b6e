"""The desk in a real browser: a report by chat, three roles, the answer, the way back; on a desk and on a phone; axe."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe

from backend.cases.access import Role
from tests.browser.chat import Chat
from tests.browser.conftest import DESKTOP, PHONE
from tests.support.desk import AtDesk, officer_in
from tests.support.live_site import LiveSite
from tests.web.test_uploads import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]


class Desk:
    """One officer's tab; `problems` collects what the browser complained about."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        page.on("dialog", self._dialog)

    async def _dialog(self, dialog: Any) -> None:
        self.problems.append(f"dialog {dialog.message}")
        await dialog.dismiss()

    @classmethod
    async def open(
        cls, chromium: Any, live: LiveSite, who: AtDesk, viewport: dict[str, int], **more: Any
    ) -> Desk:
        context = await chromium.new_context(viewport=viewport, locale="id-ID", **more)
        await context.add_cookies(
            [{"name": name, "value": value, "url": live.url} for name, value in who.cookie.items()]
        )
        return cls(await context.new_page(), live.url)

    async def go(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def order(self, act: str, **words: str) -> None:
        """Open an act, fill it, press its button."""
        summary = self.page.locator("summary", has_text=act).first
        box = self.page.locator("details.act", has=summary)
        if await box.get_attribute("open") is None:
            await summary.click()
        for name, value in words.items():
            await box.locator(f"[name={name}]").fill(value)
        async with self.page.expect_navigation():
            await box.get_by_role("button", name=act).click()
        await self.page.locator(".alert.calm").wait_for()

    async def picture(self, name: str, what: Any, scheme: str) -> None:
        """A picture of a part of the page where `DESK_PICTURES` names a folder; for people."""
        if folder := os.environ.get("DESK_PICTURES"):
            width = self.page.viewport_size["width"]
            await what.screenshot(path=f"{folder}/{name}-{scheme}-{width}.png")

    async def looks_right(self) -> None:
        """Nothing wider than the window, and axe finds nothing."""
        wide = await self.page.evaluate(
            "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 &&"
            " !e.closest('.views, nav, .scroll') && !e.ownerSVGElement).map(e => e.outerHTML.slice(0, 120))"
        )
        assert wide == []
        assert await self.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        found = await Axe().run(self.page)
        assert not found.response["violations"], found.generate_report()
        assert self.problems == []


async def number_on(page: Any) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", await page.locator("main").inner_text())
    assert found
    return found[0]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_from_the_chat_to_the_answer_and_back(
    live: LiveSite, chromium: Any, viewport: dict[str, int]
) -> None:
    context = await chromium.new_context(viewport=PHONE, locale="id-ID")
    chat = await Chat.open(context, live.url)
    await chat.say("lampu mati kirim")
    verifier = await Desk.open(chromium, live, await officer_in(live, Role.VERIFIER), viewport)
    await verifier.go("/meja")
    await verifier.looks_right()
    number = await number_on(verifier.page)
    await verifier.page.keyboard.press("j")
    await verifier.page.keyboard.press("Enter")
    await verifier.page.wait_for_url(f"**/meja/kasus/{number}")
    await verifier.looks_right()
    before = await chat.said.count()
    await verifier.order("Mulai verifikasi")
    assert number in await chat.answer_after(before)
    async with verifier.page.expect_navigation():
        await verifier.page.get_by_role("button", name="Terima saran dan teruskan").click()
    await verifier.page.locator(".alert.calm", has_text="Teruskan ke instansi").wait_for()
    agency = await agency_of(live, number)
    office = await Desk.open(chromium, live, await officer_in(live, Role.AGENCY, agency=agency), viewport)
    await office.go(f"/meja/kasus/{number}")
    await office.order("Mulai kerjakan")
    before = await chat.said.count()
    await office.order("Kirim jawaban", words="Lampu sudah menyala lagi.", evidence="Berita acara di kantor")
    assert "Lampu sudah menyala lagi." in await chat.answer_after(before)
    await office.looks_right()
    leader = await Desk.open(chromium, live, await officer_in(live, Role.LEADER), viewport)
    await leader.go(f"/meja/kasus/{number}")
    assert "Lampu sudah menyala lagi." in await leader.page.locator(".thread").inner_text()
    assert await leader.page.locator("details.act").count() == 0
    await leader.looks_right()
    assert chat.problems == []


async def test_the_reporter_has_the_last_word(live: LiveSite, chromium: Any) -> None:
    """Answered with a photo, not yet done, done, and open again: the last time other eyes look at it."""
    context = await chromium.new_context(viewport=PHONE, locale="id-ID")
    chat = await Chat.open(context, live.url)
    await chat.say("lampu mati kirim")
    code = await chat.code.last.inner_text()
    desk = await Desk.open(chromium, live, await officer_in(live, Role.ADMIN), DESKTOP)
    await desk.go("/meja")
    number = await number_on(desk.page)
    await desk.go(f"/meja/kasus/{number}")
    await desk.order("Mulai verifikasi")
    async with desk.page.expect_navigation():
        await desk.page.get_by_role("button", name="Terima saran dan teruskan").click()
    agency = await agency_of(live, number)
    offices = [
        await Desk.open(chromium, live, await officer_in(live, Role.AGENCY, agency=agency), DESKTOP)
        for _ in range(2)
    ]
    first, second = offices
    await first.go(f"/meja/kasus/{number}")
    await first.order("Mulai kerjakan")
    photo = {"name": "sesudah.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    await first.page.locator("details.act [name=file]").set_input_files(photo)
    await first.order("Kirim jawaban", words="Lampu sudah diganti.")

    status = await context.new_page()
    await see(status, live, code)
    async with context.expect_page() as opened:
        await status.get_by_role("button", name="Lihat berkas dari petugas").click()
    shown = await opened.value
    assert await shown.locator("img").evaluate("image => image.naturalWidth") > 0
    await shown.close()
    await status.get_by_label("Belum? Ceritakan").fill("Baru satu lampu yang nyala.")
    await status.get_by_role("button", name="Belum beres").click()
    assert "Petugas memeriksanya lagi" in await status.locator("main").inner_text()
    await first.go(f"/meja/kasus/{number}")
    assert "Baru satu lampu yang nyala." in await first.page.locator(".thread").inner_text()
    await first.order("Kirim jawaban", words="Lampu kedua sudah menyala.", evidence="Tiang 2 Jalan Pelita")
    await see(status, live, code)
    await status.get_by_role("button", name="Puas, sudah beres").click()
    await status.locator("button[name=rating][value='4']").click()
    assert "Penilaian Anda tersimpan" in await status.locator("main").inner_text()

    await see(status, live, code)
    await status.get_by_label("Belum? Ceritakan").fill("Malam ini mati lagi.")
    await status.get_by_role("button", name="Belum beres").click()
    await first.go(f"/meja/kasus/{number}")
    assert "Dibuka kembali" in await first.page.locator(".case-head").inner_text()
    assert "dikerjakan petugas lain" in await first.page.locator("main").inner_text()
    assert await first.page.locator("summary", has_text="Mulai kerjakan").count() == 0
    await second.go(f"/meja/kasus/{number}")
    await second.order("Mulai kerjakan")
    await second.order("Kirim jawaban", words="Kabel sudah diganti.", evidence="Berita acara di kantor")
    await second.looks_right()
    await see(status, live, code)
    assert "Kabel sudah diganti." in await status.locator("main").inner_text()


async def see(status: Any, live: LiveSite, code: str) -> None:
    """The status page anew."""
    await status.goto(f"{live.url}/status")
    await status.get_by_label("Kode laporan").fill(code)
    await status.get_by_role("button", name="Lihat status").click()


async def agency_of(live: LiveSite, number: str) -> str:
    async with live.site.open_uow() as uow:
        case = await uow.cases.by_number(number)
    assert case is not None
    return case.assignment.agency


async def test_pictures_of_the_desk(live: LiveSite, chromium: Any, tmp_path: Path) -> None:
    """Both schemes, wide and narrow: nothing sticks out, nothing is unreadable."""
    for n, (issue, what) in enumerate(
        [
            ("lampu_jalan", "Lampu jalan di depan SD mati total sudah seminggu, anak-anak takut lewat."),
            ("jalan_rusak", "Jalan berlubang besar di tikungan, kemarin ada motor jatuh." * 8),
        ]
    ):
        visitor = await live.visitor()
        form = await visitor.http.get("/lapor")
        draft = re.search(r'name="draft" value="([^"]+)"', form.text)
        assert draft
        await visitor.http.post(
            "/lapor",
            data={
                "draft": draft[1],
                "identity_level": "open" if n else "anonymous",
                "issue": issue,
                "what": what,
                "where": "Sangatta Utara",
            },
        )
    who = await officer_in(live, Role.ADMIN)
    for viewport, scheme in ((DESKTOP, "light"), (PHONE, "dark"), ({"width": 320, "height": 640}, "light")):
        desk = await Desk.open(chromium, live, who, viewport, color_scheme=scheme)
        await desk.go("/meja")
        await desk.looks_right()
        await desk.page.screenshot(path=tmp_path / f"list-{scheme}-{viewport['width']}.png", full_page=True)
        await desk.page.locator(".what a").first.click()
        await desk.looks_right()
        await desk.page.screenshot(path=tmp_path / f"case-{scheme}-{viewport['width']}.png", full_page=True)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_wrong_matter_is_put_right(
    live: LiveSite, chromium: Any, viewport: dict[str, int], scheme: str
) -> None:
    context = await chromium.new_context(viewport=PHONE, locale="id-ID")
    await (await Chat.open(context, live.url)).say("lampu mati kirim")
    desk = await Desk.open(chromium, live, await officer_in(live, Role.ADMIN), viewport, color_scheme=scheme)
    await desk.go("/meja")
    await desk.go(f"/meja/kasus/{await number_on(desk.page)}")
    card = desk.page.locator("section", has=desk.page.get_by_role("heading", name="Urusannya keliru?"))
    await desk.looks_right()
    await desk.picture("urusan-keliru", card, scheme)
    await card.get_by_label("Laporan ini tentang").select_option("listrik")
    async with desk.page.expect_navigation():
        await card.get_by_role("button", name="Betulkan urusan").click()
    await desk.page.locator(".alert.calm", has_text="Urusan dibetulkan").wait_for()
    assert await card.get_by_label("Laporan ini tentang").input_value() == "listrik"
    await desk.looks_right()
