"""The digest of the day: only what is in danger or new, only what is in view, each case where it is worst."""

import re
from datetime import timedelta

import pytest

from backend.cases.access import Role
from backend.cases.case import DuePromise
from backend.cases.workflow import State
from backend.conversations.deadlines import Deadlines
from backend.persistence.news_rows import SqlNews
from backend.reference.escalation import stages
from tests.support.builders import NOW, a_case, digest
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite

pytestmark = pytest.mark.database

FILED = NOW - timedelta(days=30)


def due(days: int) -> DuePromise:
    return DuePromise((NOW + timedelta(days=days)).date(), "tes")


async def test_each_role_reads_its_own_digest(live: LiveSite) -> None:
    late = a_case(1, at=FILED, state=State.ASSIGNED, due=due(-14))
    calm = a_case(2, at=NOW - timedelta(days=2), state=State.ASSIGNED, due=due(60))
    lying = a_case(6, at=NOW - timedelta(days=9), state=State.ASSIGNED, due=due(60))
    sealed = a_case(3, at=FILED, state=State.ASSIGNED, due=due(-14), sensitive=True)
    soon = a_case(4, at=FILED, state=State.ASSIGNED, due=due(7))
    async with live.site.open_uow() as uow:
        for n, case in enumerate((late, calm, sealed, soon), start=1):
            await uow.cases.add(case, digest(n))
        await uow.cases.add(a_case(5), digest(5))
        await uow.cases.add(lying, digest(6))
        await uow.commit()
    clock = Deadlines(live.site.open_uow, live.site.services, stages(), live.site.pipeline.wakeups)  # type: ignore[arg-type]
    await clock.watch(NOW)
    office = await officer_in(live, Role.AGENCY)
    page = (await office.get("/meja/hari-ini")).text
    assert page.count(late.number) == 2  # its address and its number: once in the list
    assert soon.number in page
    assert lying.number in page and "belum menanggapi dalam batas" in page
    assert calm.number not in page and sealed.number not in page
    leader = (await (await officer_in(live, Role.LEADER)).get("/meja/hari-ini")).text
    assert late.number in leader and soon.number not in leader
    desk = (await (await officer_in(live, Role.VERIFIER)).get("/meja/hari-ini")).text
    assert a_case(5).number in desk and "Masuk sejak kemarin" in desk


async def test_people_in_danger_come_first_and_once(live: LiveSite) -> None:
    danger = a_case(1, at=FILED, state=State.ASSIGNED, due=due(-14), emergency=True)
    async with live.site.open_uow() as uow:
        await uow.cases.add(danger, digest(1))
        await uow.cases.add(a_case(2, emergency=True, state=State.RESOLVED), digest(2))
        await uow.cases.add(a_case(3, emergency=True, sensitive=True), digest(3))
        await uow.cases.add(a_case(4, at=FILED, state=State.ASSIGNED, due=due(-30)), digest(4))
        await uow.commit()
    await Deadlines(live.site.open_uow, live.site.services, stages(), live.site.pipeline.wakeups).watch(NOW)  # type: ignore[arg-type]
    page = (await (await officer_in(live, Role.AGENCY)).get("/meja/hari-ini")).text
    assert page.count(danger.number) == 2  # its address and its number
    assert page.index("Darurat") < page.index(danger.number) < page.index(a_case(4).number)
    assert a_case(2).number not in page and a_case(3).number not in page


async def test_news_that_did_not_arrive_are_told_to_whoever_sees_the_case(live: LiveSite) -> None:
    lost, calm = (a_case(n, at=FILED, state=State.ASSIGNED) for n in (1, 2))
    async with live.site.open_uow() as uow:
        for n, case in enumerate((lost, calm, a_case(3, sensitive=True)), start=1):
            await uow.cases.add(case, digest(n))
        news = SqlNews(uow.transaction)  # type: ignore[attr-defined]
        for case, code in ((lost, "stopped"), (calm, "131026"), (a_case(3), "stopped")):
            await news.failed({"case": case.id}, code, NOW)
        await news.arrived({"case": calm.id}, NOW)
        await uow.commit()
    office = await officer_in(live, Role.AGENCY)
    page = (await office.get("/meja/hari-ini")).text
    assert "Kabar tidak sampai" in page and "minta tidak dikirimi kabar" in page
    assert lost.number in page and calm.number not in page and a_case(3).number not in page
    assert "minta tidak dikirimi kabar" in (await office.get(f"/meja/kasus/{lost.number}")).text
    told = re.search(r"terakhir sampai ([^<]+)<", (await office.get(f"/meja/kasus/{calm.number}")).text)
    assert told is not None and told[1].endswith("23 November 2026")


async def test_a_quiet_day_says_what_would_be_here(live: LiveSite) -> None:
    officer = await officer_in(live, Role.AGENCY)
    assert "Semua janji masih aman" in (await officer.get("/meja/hari-ini")).text
