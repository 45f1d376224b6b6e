"""The desk filled by `make demo`, as its officers find it: the list, the day, a case; wide and narrow, light and dark; axe."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.cases.access import Role
from backend.cases.place import Place
from backend.conversations.deadlines import Deadlines
from backend.demo import COLUMNS, FOLDER, HOME, Demo
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.unit_of_work import opener
from backend.reference.escalation import stages
from backend.reference.rows import read_rows
from backend.usecases.ports import FoundPlace
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.desk import officer_in
from tests.support.fakes import FakePlaces, services
from tests.support.live_site import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]


def known_places() -> FakePlaces:
    """The districts of the demo."""
    names = {row.text("place") for row in read_rows(FOLDER, "demo_cases.csv", COLUMNS)}
    found = {name: Place(name, regency_code=HOME, label=f"Kec. {name}, Kab. Kutai Timur") for name in names}
    return FakePlaces({name: FoundPlace("resolved", place) for name, place in found.items()})


async def test_a_full_desk_is_calm(live: LiveSite, chromium: Any, tmp_path: Path) -> None:
    database, now = live.site.database, live.site.clock()
    vault = database.keys.vault
    town = replace(services(places=known_places()), codes=vault, refs=SealedCaseRefs(vault))
    await Demo(database, town, now).fill()
    workers = opener(database.workers, vault)
    await Deadlines(workers, live.site.services, stages(), live.site.pipeline.wakeups).watch(now)
    admin = await officer_in(live, Role.ADMIN)
    for viewport, scheme in ((DESKTOP, "light"), (PHONE, "light"), (DESKTOP, "dark"), (PHONE, "dark")):
        desk = await Desk.open(chromium, live, admin, viewport, color_scheme=scheme)
        for path, name in (("/meja?lihat=all", "daftar"), ("/meja/hari-ini", "hari-ini")):
            await desk.go(path)
            assert await desk.page.locator(".cases tbody tr").count() > 3
            await desk.looks_right()
            shot = tmp_path / f"desk-{name}-{scheme}-{viewport['width']}.png"
            await desk.page.screenshot(path=shot)
        await desk.page.locator(".cases .what a").first.click()
        await desk.page.locator(".case-head").wait_for()
        await desk.looks_right()
        shot = tmp_path / f"desk-kasus-{scheme}-{viewport['width']}.png"
        await desk.page.screenshot(path=shot, full_page=True)
