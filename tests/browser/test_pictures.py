"""Map, photo and field packet as officers use them: by mouse, finger and keys, with and without scripts, on a desk, a phone and paper."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import shapely
from PIL import Image

from backend.cases.access import Role
from backend.cases.place import PlaceSource
from backend.cases.workflow import State
from backend.persistence.database import Database
from backend.places.atlas import Atlas
from backend.usecases.ports import Attachment
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_desk import Desk
from tests.support.builders import SANGATTA, a_case, digest
from tests.support.desk import AtDesk, officer_in
from tests.support.live_site import LiveSite, live_site

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]

ATLAS = Atlas(
    {"64.08": shapely.box(117, 0, 118, 1), "64.03": shapely.box(118, 0, 119, 1)},
    {"64.08.04": shapely.box(117, 0, 117.6, 1), "64.08.05": shapely.box(117.6, 0, 118, 1)},
    {
        "64.08": "Kutai Timur",
        "64.03": "Berau",
        "64.08.04": "Sangatta Utara",
        "64.08.05": "Bengalon",
    }.__getitem__,
)
PIN = replace(SANGATTA, latitude=0.52, longitude=117.43, accuracy_m=60.0, source=PlaceSource.PIN)
CASE = a_case(1, place=PIN, state=State.IN_VERIFICATION)
PHOTO = f"{0xF001:032x}"
PAGE = f"/meja/kasus/{CASE.number}"


@pytest.fixture
async def mapped(database: Database) -> AsyncIterator[LiveSite]:
    async with live_site(database, atlas=ATLAS) as live:
        out = io.BytesIO()
        Image.new("RGB", (800, 600), "white").save(out, "JPEG")
        async with live.site.open_uow() as uow:
            await uow.cases.add(CASE, digest(1))
            photo = Attachment(PHOTO, "photo", "image/jpeg", 1, None, CASE.id)
            await uow.attachments.store(photo, out.getvalue())  # type: ignore[attr-defined]
            await uow.commit()
        yield live


async def shades(who: AtDesk, *points: tuple[int, int]) -> list[bool]:
    """Whether the copy is covered at these points of 800 × 600."""
    content = (await who.get(f"{PAGE}/berkas/{PHOTO}")).content
    with Image.open(io.BytesIO(content)) as picture:
        pixels = [picture.getpixel(point) for point in points]
    return [max(one) < 80 for one in pixels if isinstance(one, tuple)]


async def boxes(desk: Desk) -> list[list[float]]:
    found: list[list[float]] = await desk.page.evaluate(
        "JSON.parse(document.querySelector('[name=boxes]').value)"
    )
    return found


async def dragged(desk: Desk, start: tuple[float, float], end: tuple[float, float], *, finger: bool) -> None:
    """From one part of the photo to another."""
    area = desk.page.locator("[data-area]")
    await area.scroll_into_view_if_needed()
    box = await area.bounding_box()
    assert box
    (x0, y0), (x1, y1) = (
        (box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)
    )
    if not finger:
        await desk.page.mouse.move(x0, y0)
        await desk.page.mouse.down()
        await desk.page.mouse.move(x1, y1, steps=4)
        await desk.page.mouse.up()
        return
    session = await desk.page.context.new_cdp_session(desk.page)
    for kind, points in (("touchStart", [(x0, y0)]), ("touchMove", [(x1, y1)]), ("touchEnd", [])):
        touches = [{"x": x, "y": y} for x, y in points]
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS, ids=["desk", "phone"])
async def test_the_map_moves_without_leaving_the_page(
    chromium: Any, mapped: LiveSite, viewport: dict[str, int], scheme: str
) -> None:
    desk = await Desk.open(
        chromium, mapped, await officer_in(mapped, Role.VERIFIER), viewport, color_scheme=scheme
    )
    await desk.go(PAGE)
    await desk.looks_right()
    card, reply = desk.page.locator("#peta"), desk.page.locator("#balasan")
    await reply.fill("sedang ditulis")
    scale = await card.locator("[data-map-length]").inner_text()
    await card.get_by_role("link", name="Dekatkan peta").click()
    await desk.page.wait_for_function(
        "(old) => document.querySelector('[data-map-length]').textContent !== old", arg=scale
    )
    assert await reply.input_value() == "sedang ditulis"
    assert await desk.page.evaluate("document.activeElement.dataset.mapStep") == "2", "the next press goes on"
    picture = card.locator("[data-map-picture]")
    box = await picture.bounding_box()
    assert box
    await desk.page.mouse.move(box["x"] + 100, box["y"] + 100)
    await desk.page.mouse.down()
    await desk.page.mouse.move(box["x"] + 40, box["y"] + 80, steps=3)
    await desk.page.mouse.up()
    left, top, *_ = (float(one) for one in (await picture.get_attribute("viewBox")).split())
    assert left > 0 and top > 0
    await card.get_by_role("link", name="Seluruh wilayah").click()
    await card.locator("svg text", has_text="Berau").wait_for()
    await desk.looks_right()


async def test_the_map_works_without_scripts(chromium: Any, mapped: LiveSite) -> None:
    who = await officer_in(mapped, Role.VERIFIER)
    desk = await Desk.open(chromium, mapped, who, DESKTOP, java_script_enabled=False)
    await desk.go(PAGE)
    await desk.page.get_by_role("link", name="Seluruh wilayah").click()
    await desk.page.wait_for_url("**?peta=0#peta")
    told = desk.page.get_by_role("img", name="Peta Kec. Sangatta Utara")
    assert await told.count() == 1
    await desk.go(f"{PAGE}/foto/{PHOTO}")
    await desk.page.get_by_role("button", name="Tidak ada yang perlu ditutup").click()
    await desk.page.wait_for_url("**?beres=covered*")
    assert await shades(who, (400, 300)) == [False]


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS, ids=["desk", "phone"])
async def test_boxes_are_drawn_by_hand_and_by_keys_and_taken_back(
    chromium: Any, mapped: LiveSite, viewport: dict[str, int], scheme: str
) -> None:
    who, finger = await officer_in(mapped, Role.VERIFIER), viewport is PHONE
    desk = await Desk.open(chromium, mapped, who, viewport, color_scheme=scheme, has_touch=finger)
    await desk.go(PAGE)
    await desk.page.get_by_role("link", name="Periksa foto").click()
    await desk.page.locator("[data-area][data-ready]").wait_for()
    await dragged(desk, (0.1, 0.1), (0.3, 0.3), finger=finger)
    [drawn] = await boxes(desk)
    assert [round(one, 1) for one in drawn] == [0.1, 0.1, 0.2, 0.2]
    await dragged(desk, (0.2, 0.2), (0.2, 0.6), finger=finger)
    assert [round(one, 1) for one in (await boxes(desk))[0]] == [0.1, 0.5, 0.2, 0.2], "a box is moved"
    await desk.page.get_by_role("button", name="Tambah kotak").click()
    for key in (*["ArrowRight"] * 10, *["ArrowUp"] * 30, *["Shift+ArrowRight"] * 10, *["Shift+ArrowUp"] * 5):
        await desk.page.keyboard.press(key)
    assert (await boxes(desk))[1] == pytest.approx([0.5, 0.1, 0.3, 0.15])
    assert "Kotak 2 dari 2: 50 % dari kiri" in await desk.page.locator("[data-said]").inner_text()
    await desk.looks_right()
    await desk.page.keyboard.press("Delete")
    assert len(await boxes(desk)) == 1
    await desk.page.keyboard.press("Control+z")
    assert (await boxes(desk))[1] == pytest.approx([0.5, 0.1, 0.3, 0.15])
    await desk.page.get_by_role("button", name="Simpan, 2 bagian ditutup").click()
    await desk.page.wait_for_url("**?beres=covered*")
    assert "2 bagian ditutup" in await desk.page.locator(".file-list").inner_text()
    await desk.looks_right()
    assert await shades(who, (160, 360), (520, 100), (160, 120), (400, 300)) == [True, True, False, False]
    await desk.go(f"{PAGE}/foto/{PHOTO}")
    await desk.looks_right()
    await desk.go(f"{PAGE}/lapangan")
    await desk.looks_right()


async def test_the_packet_fits_on_one_sheet(chromium: Any, mapped: LiveSite) -> None:
    import pikepdf

    who = await officer_in(mapped, Role.VERIFIER)
    await who.post(f"{PAGE}/foto/{PHOTO}", {"boxes": "[]"})
    desk = await Desk.open(chromium, mapped, who, DESKTOP, color_scheme="dark")
    await desk.go(f"{PAGE}/lapangan")
    await desk.page.emulate_media(media="print")
    ink = await desk.page.evaluate("getComputedStyle(document.body).color")
    assert max(int(one) for one in ink[4:-1].split(",")) < 80, "dark on white, also from a dark screen"
    paper = await desk.page.pdf(prefer_css_page_size=True)
    with pikepdf.open(io.BytesIO(paper)) as sheets:
        assert len(sheets.pages) == 1
