"""`/meja/peta`: cases as dots for whoever may see them, gathered where they lie close, blurred where the design says so; the table has them all."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from backend.cases.access import Officer, Role
from backend.cases.case import Assignment, Case, IdentityLevel, Level
from backend.cases.place import Place, PlaceSource
from backend.cases.shown_point import SEALED_CELL_M, point_among_many, point_for
from backend.persistence.database import Database
from backend.web.desk import dots_page
from tests.support.builders import SANGATTA, a_case, digest
from tests.support.desk import officer_in
from tests.support.invented_map import invented_map
from tests.support.live_site import LiveSite, live_site

OFFICE = Assignment(Level.REGENCY, "dishub-64.08", "", "r", 1.0)
OTHER = Assignment(Level.REGENCY, "dlh-64.08", "", "r", 1.0)


def at(latitude: float, longitude: float) -> Place:
    return replace(SANGATTA, latitude=latitude, longitude=longitude, accuracy_m=20.0, source=PlaceSource.PIN)


HERE, NEAR, FAR = at(0.41234, 117.63219), at(0.41236, 117.63221), at(0.95111, 117.81111)


@pytest.fixture
async def mapped(database: Database) -> AsyncIterator[LiveSite]:
    async with live_site(database, atlas=invented_map()) as live:
        yield live


async def put(live: LiveSite, *many: Case) -> None:
    async with live.site.open_uow() as uow:
        for case in many:
            await uow.cases.add(case, digest(int(case.id, 16)))
        await uow.commit()


async def page_for(live: LiveSite, role: Role, query: str = "") -> str:
    answer = await (await officer_in(live, role)).get(f"/meja/peta{query}")
    assert answer.status_code == 200
    return answer.text


def dots(page: str) -> list[str]:
    return re.findall(r'<a href="#titik-\d+" aria-label="([^"]+)"', page)


@pytest.mark.database
async def test_cases_that_lie_close_are_one_dot_that_leads_to_its_rows(mapped: LiveSite) -> None:
    cases = [
        a_case(n, place=place, assignment=OFFICE) for n, place in enumerate((HERE, NEAR, FAR, SANGATTA), 1)
    ]
    await put(mapped, *cases)
    page = await page_for(mapped, Role.AGENCY)
    assert sorted(dots(page)) == ["Titik 1: 2 laporan", "Titik 2: 1 laporan"]
    for number in (1, 2):
        assert page.count(f'id="titik-{number}"') == 1
    table = page[page.index("dots-table") :]
    assert all(table.count(f"/meja/kasus/{case.number}") == 1 for case in cases)
    assert table.index("Tidak di peta") < table.index(cases[3].number), "without a point it is in the table"
    assert "63219" not in page and "41234" not in page, "no coordinate in words or addresses"


@pytest.mark.database
async def test_nobody_sees_a_dot_of_a_case_that_is_not_theirs(mapped: LiveSite) -> None:
    own, foreign = (
        a_case(1, place=HERE, assignment=OFFICE),
        a_case(2, place=FAR, assignment=OTHER),
    )
    secret = a_case(3, place=FAR, assignment=OFFICE, sensitive=True)
    lane = a_case(4, place=FAR, assignment=OFFICE, oversight=True)
    await put(mapped, own, foreign, secret, lane)
    office = await page_for(mapped, Role.AGENCY)
    assert dots(office) == ["Titik 1: 1 laporan"] and own.number in office
    assert not any(case.number in office for case in (foreign, secret, lane))
    desk = await page_for(mapped, Role.ADMIN)
    assert len(dots(desk)) == 2 and secret.number in desk and lane.number not in desk
    assert desk.index("Tidak di peta") < desk.rindex(secret.number), "in the table, not on the map"


@pytest.mark.database
async def test_a_district_brings_it_closer_and_narrows_it(mapped: LiveSite) -> None:
    there = replace(FAR, district_code="64.08.05")
    await put(mapped, a_case(1, place=HERE, assignment=OFFICE), a_case(2, place=there, assignment=OFFICE))
    page = await page_for(mapped, Role.VERIFIER, "?kecamatan=64.08.05&urusan=&lihat=open")
    assert len(dots(page)) == 1 and 'class="area here"' in page
    assert a_case(1).number not in page


@pytest.mark.database
async def test_only_the_most_urgent_are_opened(mapped: LiveSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dots_page, "MOST", 2)
    await put(mapped, *[a_case(n, place=HERE, assignment=OFFICE) for n in range(1, 5)])
    page = await page_for(mapped, Role.VERIFIER)
    assert "2 laporan yang batasnya paling dekat" in page and dots(page) == ["Titik 1: 2 laporan"]


@pytest.mark.database
async def test_without_boundaries_the_table_is_whole(live: LiveSite) -> None:
    case = a_case(1, place=HERE, assignment=OFFICE)
    await put(live, case)
    page = await page_for(live, Role.VERIFIER)
    assert "batas wilayah belum dipasang" in page and case.number in page


OFFICER = Officer("o", "o", Role.VERIFIER, "64.08")
ONLOOKER = Officer("p", "p", Role.LEADER, "64.08")


@pytest.mark.parametrize("level", [IdentityLevel.ANONYMOUS, IdentityLevel.CONFIDENTIAL])
def test_a_sealed_case_is_its_cell_even_for_who_works_on_it(level: IdentityLevel) -> None:
    case = a_case(1, place=HERE, identity_level=level)
    own, many = point_for(case, OFFICER), point_among_many(case, OFFICER)
    assert own and own.is_exact and many and not many.is_exact and many.radius_m > SEALED_CELL_M / 2
    twin = point_among_many(a_case(2, place=NEAR, identity_level=level), OFFICER)
    assert twin == many, "the same cell, the same point: nothing can be averaged"


def test_a_map_of_many_shows_no_more_than_the_page_of_the_case() -> None:
    for changes in ({}, {"sensitive": True}, {"oversight": True}):
        case = a_case(1, place=HERE, **changes)
        assert point_among_many(case, ONLOOKER) == point_for(case, ONLOOKER)
    assert point_among_many(a_case(1, place=HERE, sensitive=True), OFFICER) is None
    assert point_among_many(a_case(1, place=HERE), OFFICER) == point_for(a_case(1, place=HERE), OFFICER)
