"""Reference rows in a real browser: a rule, a limit and a holiday are drafted, tried, published, compared and taken back; a second
process follows."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.cases.access import Role
from backend.persistence.database import Database
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.builders import a_case, digest, later
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite, live_site

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]
# A version must be everywhere within this time; the test waits longer only to say by how much it failed.
EVERYWHERE_S = 5


async def follows(other: LiveSite, fact: Callable[[Any], bool]) -> None:
    """The second process works by the new rows in time."""
    async with asyncio.timeout(EVERYWHERE_S):
        while not fact(other.site.services.reference):
            await asyncio.sleep(0.05)


async def write_rule(desk: Desk) -> None:
    await desk.go("/meja/acuan/daftar/routing?cari=lampu_jalan_kabupaten")
    await desk.page.get_by_role("link", name=re.compile("^Tiru")).click()
    await desk.page.get_by_label("Nama singkat aturan").fill("lampu_sangatta_utara")
    for box in await desk.page.locator("input[name=when]:checked").all():
        await box.uncheck()
    await desk.page.get_by_label("Wilayah", exact=True).fill("64.08.04")
    await desk.page.get_by_label("Kantor yang mengurus").select_option("disperkim")
    await desk.page.get_by_label("Alasan untuk warga").fill("Lampu di sini diurus kantor perumahan.")
    await desk.page.get_by_label("Letaknya di daftar").select_option("before:lampu_jaringan_pln")
    await desk.page.get_by_label("Mengapa diubah").fill("serah terima aset lampu")
    await desk.page.get_by_role("button", name="Simpan ke rancangan").click()
    assert "Tulis {agency}" in await desk.page.locator(".wrong").inner_text()
    await desk.page.get_by_label("Alasan untuk warga").fill("Lampu di sini diurus {agency}.")
    await desk.page.get_by_role("button", name="Lihat bunyinya").click()
    assert "Lampu jalan mati di 64.08.04" in await desk.page.get_by_role("status").inner_text()
    await desk.page.get_by_role("button", name="Simpan ke rancangan").click()
    await desk.page.get_by_text("Tersimpan di rancangan").wait_for()


async def write_limit(desk: Desk) -> None:
    await desk.go("/meja/acuan/daftar/sla?cari=pengaduan 14")
    await desk.page.get_by_role("link", name=re.compile("^Ubah")).click()
    await desk.page.get_by_label("Lamanya").evaluate("one => { one.type = 'text'; one.value = 'sepuluh' }")
    await desk.page.get_by_label("Mengapa diubah").fill("janji bupati")
    await desk.page.get_by_role("button", name="Simpan ke rancangan").click()
    assert "angka bulat" in await desk.page.locator("#amount-wrong").inner_text()
    await desk.page.get_by_label("Lamanya").fill("10")
    await desk.page.get_by_role("button", name="Simpan ke rancangan").click()
    await desk.page.get_by_text("Tersimpan di rancangan").wait_for()


async def paste_holiday(desk: Desk) -> None:
    desk.problems.clear()  # the browser remarks on each answer 422, which was wanted above
    await desk.go("/meja/acuan/impor")
    await desk.page.get_by_label("Daftar", exact=True).fill(
        "Cuti bersama:\n1. 30 November 2026, Senin, Hari jadi\nbukan tanggal"
    )
    await desk.page.get_by_label("Dasar").fill("SKB uji")
    await desk.page.get_by_role("button", name="Baca daftar").click()
    await desk.page.get_by_role("heading", name="1 hari terbaca").wait_for()
    assert "bukan tanggal" in await desk.page.locator(".alert").inner_text()
    await desk.looks_right()
    await desk.page.get_by_role("button", name="Simpan ke rancangan").click()
    await desk.page.get_by_text("Tersimpan di rancangan").wait_for()


async def publish(desk: Desk) -> None:
    await desk.page.get_by_label("Alasan versi ini").fill("SK uji 1")
    await desk.page.get_by_label("Saya sudah memeriksa").check()
    await desk.page.get_by_role("button", name="Terbitkan").click()
    await desk.page.get_by_text("sudah terbit").wait_for()


async def shot(desk: Desk, name: str, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SCREENS", tmp_path))
    await desk.page.screenshot(path=folder / f"{name}.png", full_page=True)


async def test_draft_try_publish_compare_and_back(
    live: LiveSite, chromium: Any, database: Database, tmp_path: Path
) -> None:
    async with live.site.open_uow() as uow:
        for n in range(1, 4):
            await uow.cases.add(a_case(n, at=later(days=-n)), digest(n))
        await uow.commit()
    author, second = (
        await officer_in(live, Role.ADMIN, title="Admin induk"),
        await officer_in(live, Role.ADMIN, title="Wakil admin induk"),
    )
    desk = await Desk.open(chromium, live, author, DESKTOP)
    async with live_site(database, now=live.talk.clock()) as other:
        await write_rule(desk)
        await write_limit(desk)
        await paste_holiday(desk)
        assert (
            "diterbitkan oleh orang kedua: Wakil admin induk" in await desk.page.locator("main").inner_text()
        )
        await desk.looks_right()

        desk = await Desk.open(chromium, live, second, PHONE, color_scheme="dark")
        await desk.go("/meja/acuan")
        await desk.looks_right()
        await shot(desk, "reference-phone-dark", tmp_path)
        await desk.page.get_by_role("link", name="Buka rancangan: 3 perubahan").click()
        await desk.page.get_by_role("link", name="Jalankan uji").click()
        told = await desk.page.locator(".figures").inner_text()
        assert re.search(r"3\s+akan menuju kantor lain", told) and re.search(r"3\s+laporan berjalan", told)
        await desk.looks_right()
        await shot(desk, "reference-draft-phone-dark", tmp_path)
        await publish(desk)

        day, regency = date(2026, 11, 30), "64.08"
        await follows(other, lambda one: not one.calendar(regency).is_workday(day))
        assert (await httpx.AsyncClient().get(f"{other.url}/readyz")).json()["reference_version"] == 1
        assert any(rule.id == "lampu_sangatta_utara" for rule in other.site.services.reference.policy.rules)
        async with asyncio.timeout(10):
            while not (moved := await recomputed(live)):
                await asyncio.sleep(0.2)
        assert "menjadi" in moved and "versi 1" in moved

        desk = await Desk.open(chromium, live, second, DESKTOP)
        await desk.go("/meja/acuan/versi")
        await desk.page.get_by_role("link", name="Apa yang berubah di versi 1").click()
        text = await desk.page.locator("main").inner_text()
        assert "3 baris berbeda" in text and "lampu_sangatta_utara" in text and "Hari jadi" in text
        await desk.looks_right()
        await shot(desk, "reference-compare", tmp_path)
        await desk.go("/meja/acuan/versi")
        await desk.page.get_by_text("Kembali ke bawaan").click()
        await desk.page.locator("details[open]").get_by_label("Mengapa kembali").fill("salah SK")
        await desk.page.locator("details[open]").get_by_role("button", name="Kembalikan").click()
        await desk.page.get_by_text("Versi 2 sudah terbit").wait_for()
        await desk.looks_right()
        await shot(desk, "reference-versions", tmp_path)
        await follows(other, lambda one: one.calendar(regency).is_workday(day))


async def recomputed(live: LiveSite) -> str:
    async with live.site.open_uow() as uow:
        case = await uow.cases.by_number("TEST-0001")
    assert case is not None
    return next((event.public_note for event in case.events if event.what == "due_recomputed"), "")


async def test_every_list_and_form_looks_right(live: LiveSite, chromium: Any, tmp_path: Path) -> None:
    who = await officer_in(live, Role.ADMIN, title="Admin induk Diskominfo")
    for viewport, scheme, mark in ((DESKTOP, "light", ""), (PHONE, "dark", "-phone-dark")):
        desk = await Desk.open(chromium, live, who, viewport, color_scheme=scheme)
        for path, name in (
            ("/meja/acuan", "reference"),
            ("/meja/acuan/daftar/routing?cari=jalan rusak kabupaten", "reference-rules"),
            ("/meja/acuan/daftar/routing/baris?kunci=jalan_rusak_kabupaten", "reference-rule"),
            ("/meja/acuan/daftar/sla", "reference-limits"),
            ("/meja/acuan/daftar/holidays", "reference-holidays"),
            ("/meja/bantuan", "bantuan"),
        ):
            await desk.go(path)
            await desk.looks_right()
            await shot(desk, f"{name}{mark}", tmp_path)
        for kind in ("issues", "agencies", "emergency", "questions", "options", "templates"):
            await desk.go(f"/meja/acuan/daftar/{kind}")
            await desk.page.get_by_role("link", name=re.compile("^Ubah")).first.click()
            await desk.looks_right()
        await desk.page.context.close()
