"""The map of cases by mouse, finger and keys: a dot leads to its rows, a district brings it closer, and nothing of it needs the mouse."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.cases.access import Role
from backend.cases.case import IdentityLevel
from backend.cases.place import PlaceSource
from backend.persistence.database import Database
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.builders import SANGATTA, a_case, digest
from tests.support.desk import officer_in
from tests.support.invented_map import invented_map
from tests.support.live_site import LiveSite, live_site

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]
ISSUES = ("jalan_rusak", "lampu_jalan", "sampah_liar", "drainase_mampet")


@pytest.fixture
async def mapped(database: Database) -> AsyncIterator[LiveSite]:
    """Forty cases with a pin, some close together, some anonymous."""
    async with live_site(database, atlas=invented_map()) as running:
        dice = random.Random(5)  # noqa: S311 — a test's own
        issues = [one for one in ISSUES if one in running.site.services.reference.issues]
        async with running.site.open_uow() as uow:
            for n in range(1, 41):
                middle = dice.choice(((0.45, 117.7), (0.95, 117.9), (0.7, 116.9), (1.5, 117.2)))
                place = replace(
                    SANGATTA,
                    latitude=middle[0] + dice.gauss(0, 0.06),
                    longitude=middle[1] + dice.gauss(0, 0.06),
                    accuracy_m=20.0,
                    source=PlaceSource.PIN,
                )
                level = IdentityLevel.ANONYMOUS if n % 9 == 0 else IdentityLevel.OPEN
                case = a_case(
                    n, place=place, identity_level=level, issue=issues[n % len(issues)], sensitive=n % 20 == 0
                )
                await uow.cases.add(case, digest(n))
            await uow.commit()
        yield running


async def shot(desk: Desk, name: str, tmp_path: Path) -> None:
    await desk.page.screenshot(path=Path(os.environ.get("SCREENS", tmp_path)) / f"{name}.png")


async def test_a_dot_leads_to_its_rows(mapped: LiveSite, chromium: Any, tmp_path: Path) -> None:
    admin = await officer_in(mapped, Role.ADMIN)
    desk = await Desk.open(chromium, mapped, admin, DESKTOP)
    await desk.go("/meja")
    await desk.page.get_by_role("link", name="Lihat di peta").click()
    await desk.page.locator("h1", has_text="Peta laporan").wait_for()
    await desk.looks_right()
    await shot(desk, "peta", tmp_path)
    dot = desk.page.get_by_role("link", name="Titik 2:")
    await dot.focus()
    await desk.page.keyboard.press("Enter")
    await desk.page.wait_for_url("**#titik-2")
    n = int((await dot.get_attribute("aria-label") or "").split(": ")[1].split()[0])
    rows = desk.page.locator("#titik-2 tr")
    assert await rows.count() == n
    await desk.page.get_by_label("Kecamatan").select_option(index=1)
    await desk.page.get_by_role("button", name="Tampilkan").click()
    await desk.looks_right()

    phone = await Desk.open(chromium, mapped, admin, PHONE, color_scheme="dark")
    await phone.go("/meja/peta")
    await phone.looks_right()
    await phone.page.locator(".dots").evaluate("one => one.scrollIntoView()")
    await shot(phone, "peta-ponsel-gelap", tmp_path)
    await phone.page.locator("a[href='#titik-1'] .mark").click()
    await phone.page.wait_for_url("**#titik-1")
