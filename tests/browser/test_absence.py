"""An officer goes on leave, a colleague takes the place and works a case in it; every page of it is looked at."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.cases.access import Role
from backend.cases.case import Assignment, Level
from backend.cases.workflow import State
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.builders import a_case, digest
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]


async def shot(desk: Desk, name: str, tmp_path: Path) -> None:
    await desk.page.screenshot(path=Path(os.environ.get("SCREENS", tmp_path)) / f"{name}.png", full_page=True)


async def test_a_place_is_taken_and_left(live: LiveSite, chromium: Any, tmp_path: Path) -> None:
    office = Assignment(Level.REGENCY, "dishub-64.08", "", "r", 1.0)
    async with live.talk.open_uow() as uow:
        for n in (1, 2):
            case = a_case(n, assignment=office, state=State.ASSIGNED, number=f"CUTI-234{n}")
            await uow.cases.add(case, digest(n))
        await uow.commit()
    boss = await officer_in(live, Role.LIAISON, title="Sekretaris Dinas Perhubungan")
    clerk = await officer_in(live, Role.VERIFIER, title="Verifikator Meja Induk")
    today = live.site.services.reference.today(live.site.clock(), "64.08")
    away = await Desk.open(chromium, live, boss, DESKTOP)
    await away.go("/meja/akun/cuti")
    await away.page.get_by_label("Siapa yang menggantikan").select_option(clerk.officer.id)
    await away.page.get_by_label("Hari pertama").fill(today.isoformat())
    await away.page.get_by_label("Hari terakhir").fill((today + timedelta(days=5)).isoformat())
    await away.page.get_by_role("button", name="Tunjuk pengganti").click()
    await away.page.get_by_text("Sedang digantikan").wait_for()
    await away.looks_right()
    await shot(away, "cuti", tmp_path)

    phone = await Desk.open(chromium, live, clerk, PHONE, color_scheme="dark")
    await phone.go("/meja/hari-ini")
    await phone.looks_right()
    await shot(phone, "cuti-hari-ini-ponsel-gelap", tmp_path)
    await phone.go("/meja/akun/cuti")
    await phone.looks_right()
    await shot(phone, "cuti-ponsel-gelap", tmp_path)
    await phone.page.get_by_role("button", name="Kerjakan atas nama").click()
    await phone.page.get_by_text("Anda bekerja").wait_for()
    await phone.page.locator(".what a").first.click()
    await phone.order("Mulai kerjakan")
    assert "atas nama Sekretaris Dinas Perhubungan" in await phone.page.locator(".past").inner_text()
    await phone.looks_right()
    await shot(phone, "cuti-laporan-ponsel-gelap", tmp_path)
    await phone.page.get_by_role("button", name="Kembali ke jabatan sendiri").click()
    await phone.page.wait_for_url("**/meja")
    assert await phone.page.get_by_text("Anda bekerja").count() == 0
