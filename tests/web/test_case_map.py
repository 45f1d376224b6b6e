"""The map on the case page: drawn by the server, said in words too, no more exact than the officer may have it, honest when it cannot be."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import shapely

from backend.cases.access import Role
from backend.cases.case import Case
from backend.cases.place import Place, PlaceSource
from backend.persistence.database import Database
from backend.places.atlas import Atlas
from tests.support.builders import SANGATTA, a_case, digest
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite, live_site

pytestmark = pytest.mark.database

ATLAS = Atlas(
    {"64.08": shapely.box(117, 0, 118, 1), "64.03": shapely.box(118, 0, 119, 1)},
    {"64.08.04": shapely.box(117, 0, 117.6, 1), "64.08.05": shapely.box(117.6, 0, 118, 1)},
    {"64.08": "Kutai Timur", "64.03": "Berau", "64.08.04": "Utara", "64.08.05": "Selatan"}.__getitem__,
)
PIN = replace(SANGATTA, latitude=0.51234, longitude=117.43219, accuracy_m=35.0, source=PlaceSource.PIN)


@pytest.fixture
async def mapped(database: Database) -> AsyncIterator[LiveSite]:
    async with live_site(database, atlas=ATLAS) as live:
        yield live


async def put(live: LiveSite, *many: Case) -> None:
    async with live.site.open_uow() as uow:
        for case in many:
            await uow.cases.add(case, digest(int(case.id, 16)))
        await uow.commit()


async def map_for(live: LiveSite, role: Role, case: Case, query: str = "") -> str:
    page = (await (await officer_in(live, role)).get(f"/meja/kasus/{case.number}{query}")).text
    [card] = re.findall(r'<section class="card map".*?</section>', page, re.S)
    return card


async def test_the_point_is_drawn_and_said_as_the_officer_may_have_it(mapped: LiveSite) -> None:
    plain, secret, unpinned = a_case(1, place=PIN), a_case(2, place=PIN, sensitive=True), a_case(3)
    await put(mapped, plain, secret, unpinned)
    drawn = await map_for(mapped, Role.VERIFIER, plain)
    assert 'class="pin"' in drawn and 'class="area here"' in drawn and ">Utara</text>" in drawn
    assert "0.51234, 117.43219" in drawn and "± 35 m" in drawn and "titik dari pelapor" in drawn
    onlooker = await map_for(mapped, Role.LEADER, plain)
    assert 'class="pin"' in onlooker and "51234" not in onlooker and "43219" not in onlooker
    assert "dibulatkan" in onlooker
    assert 'class="pin"' in await map_for(mapped, Role.ADMIN, secret)
    without = await map_for(mapped, Role.VERIFIER, unpinned)
    assert (
        'class="pin"' not in without and "tidak mengirim titik" in without and 'class="area here"' in without
    )


async def test_links_zoom_and_stop_at_the_ends(mapped: LiveSite) -> None:
    case = a_case(1, place=PIN)
    await put(mapped, case)
    whole = await map_for(mapped, Role.VERIFIER, case, "?peta=0")
    assert re.findall(r'href="\?peta=(\d+)', whole) == ["1"]
    assert "Berau" in whole and "50 km" not in whole
    nearest = await map_for(mapped, Role.VERIFIER, case, "?peta=99")
    last = int(re.findall(r'href="\?peta=(\d+)', nearest)[0]) + 1
    assert 'class="around"' in nearest and last == 6, "so near that the accuracy shows"
    for odd in ("?peta=-1", "?peta=9999999", "?peta=%3Cb%3E", "?peta="):
        assert "<svg" in await map_for(mapped, Role.VERIFIER, case, odd)


async def test_it_says_why_there_is_no_map(live: LiveSite, mapped: LiveSite) -> None:
    nowhere, elsewhere = a_case(2, place=Place(text="di sana")), a_case(3, place=Place(regency_code="62.10"))
    await put(mapped, a_case(1, place=PIN), nowhere, elsewhere)
    for site, case, words in (
        (live, a_case(1, place=PIN), "batas wilayah belum dipasang"),
        (mapped, nowhere, "belum menyebut tempat"),
        (mapped, elsewhere, "tidak ada di peta yang dipasang"),
    ):
        card = await map_for(site, Role.VERIFIER, case)
        assert words in card and "map-picture" not in card
