"""The overview: its figures are those of a slow, plain recount of every case in view, and what it links to holds as many."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from backend.cases.access import Officer, Role, may_see
from backend.cases.case import Case
from backend.cases.workdays import n_workdays_between
from backend.cases.workflow import KIND, Kind, State
from backend.persistence.database import Database
from backend.persistence.tables import case_figures
from backend.persistence.unit_of_work import opener
from backend.usecases.periods import period
from backend.usecases.ports import News, Notice
from backend.usecases.sight import AGES, Line, Sight, look
from tests.support.builders import NOW, a_case, digest
from tests.support.desk import officer_in, put_officer
from tests.support.live_site import LiveSite
from tests.support.past import a_year, local

pytestmark = pytest.mark.database

TODAY = NOW.date()


def answered(case: Case) -> date | None:
    return next((local(one.at) for one in case.events if one.new is State.ANSWERED), None)


def closed(case: Case) -> date | None:
    if KIND[case.state] is not Kind.CLOSED:
        return None
    return local(
        [one.at for one in case.events if KIND[one.new] is Kind.CLOSED and one.old is not one.new][-1]
    )


def is_open(case: Case) -> bool:
    return KIND[case.state] is not Kind.CLOSED and case.state is not State.MERGED


def promise(case: Case) -> bool | None:
    """Kept, broken, or still running."""
    ended = answered(case) or closed(case)
    return ended <= case.due.on if ended else False if case.due.on < TODAY else None


class Recount:
    """Everything by hand, from the cases."""

    def __init__(
        self, cases: Sequence[Case], days: Callable[[date, date], int], first: date, last: date
    ) -> None:
        self.days = days
        self.filed = [one for one in cases if first <= local(one.filed_at) <= last]
        self.open = [one for one in cases if is_open(one)]

    def line(self, fits: Callable[[Case], bool]) -> dict[str, object]:
        filed, still = [one for one in self.filed if fits(one)], [one for one in self.open if fits(one)]
        answers = sorted(self.days(local(one.filed_at), on) for one in filed if (on := answered(one)))
        closings = sorted(self.days(local(one.filed_at), on) for one in filed if (on := closed(one)))
        return {
            "filed": len(filed),
            "answer": spread(answers),
            "close": spread(closings),
            "kept": sum(promise(one) is True for one in filed),
            "broken": sum(promise(one) is False for one in filed),
            "open": len(still),
            "overdue": sum(one.due.on < TODAY for one in still),
        }


def spread(days: list[int]) -> tuple[int, int | None, int | None]:
    if not days:
        return 0, None, None
    return len(days), statistics.median_low(days), days[-(-9 * len(days) // 10) - 1]


def told(line: Line) -> dict[str, object]:
    found = {name: getattr(line, name) for name in ("filed", "kept", "broken", "open", "overdue")}
    return found | {
        name: (s.n, s.median, s.p90) for name, s in (("answer", line.answer), ("close", line.close))
    }


async def seen(live: LiveSite, officer: Officer, key: str = "90h", **wanted: str) -> Sight:
    async with live.site.open_desk_uow(officer) as uow:
        return (
            await look(uow.sight, period(key, TODAY), live.site.services.reference, "64.08", NOW, **wanted)
        )[0]


@pytest.mark.parametrize("key", ["90h", "30h", "2026-09", "semua"])
async def test_figures_are_those_of_a_plain_recount(live: LiveSite, database: Database, key: str) -> None:
    cases = await a_year(database, 260)
    calendar = live.site.services.reference.calendar("64.08")
    span = period(key, TODAY)
    for role in (Role.ADMIN, Role.AGENCY, Role.INSPECTOR, Role.LEADER):
        officer = await put_officer(live.site, role)
        view = [one for one in cases if may_see(officer, one)]
        plain = Recount(view, lambda a, b: n_workdays_between(a, b, calendar), span.first, span.last)
        sight = await seen(live, officer, key)
        assert told(sight.total) == plain.line(lambda _: True), role
        for line in sight.agencies:
            assert told(line) == plain.line(lambda one, key=line.key: one.assignment.agency == key), (
                role,
                line.key,
            )  # type: ignore[misc]
        for line in sight.issues:
            assert told(line) == plain.line(lambda one, key=line.key: one.issue == key), (role, line.key)  # type: ignore[misc]
        assert sum(sight.districts.values()) == len(plain.filed) == sum(n for _, n in sight.channels)
        ages = [plain.days(local(one.filed_at), TODAY) for one in plain.open]
        ends = (-1, *AGES, 10**9)
        assert sight.ages == tuple(
            sum(low < age <= high for age in ages) for low, high in zip(ends, ends[1:], strict=False)
        )
        rated = [one.rating for one in plain.filed if one.rating and closed(one)]
        assert sorted(rated) == sorted(mark for mark, n in sight.satisfaction.rated.items() for _ in range(n))
        assert sight.satisfaction.unconfirmed == sum(one.resolution == "unconfirmed" for one in plain.filed)
        months = {(one.first.year, one.first.month): (one.filed, one.closed) for one in sight.months}
        for (year, month), (n_filed, n_closed) in months.items():
            assert n_filed == sum(
                (local(c.filed_at).year, local(c.filed_at).month) == (year, month)
                for c in view
                if local(c.filed_at) <= span.last
            )
            assert n_closed == sum(
                (on.year, on.month) == (year, month) for c in view if (on := closed(c)) and on <= span.last
            )


async def test_filters_narrow_all_figures(live: LiveSite, database: Database) -> None:
    cases = await a_year(database, 160, seed=2)
    admin = await put_officer(live.site, Role.ADMIN)
    calendar = live.site.services.reference.calendar("64.08")
    wanted = [
        one
        for one in cases
        if may_see(admin, one) and one.issue == "jalan_rusak" and one.place.district_code == "64.08.04"
    ]
    span = period("12b", TODAY)
    plain = Recount(wanted, lambda a, b: n_workdays_between(a, b, calendar), span.first, span.last)
    sight = await seen(live, admin, "12b", issue="jalan_rusak", district="64.08.04")
    assert told(sight.total) == plain.line(lambda _: True)
    assert plain.filed


async def test_every_figure_leads_to_as_many_cases(live: LiveSite, database: Database) -> None:
    await a_year(database, 120, seed=3)
    admin = await officer_in(live, Role.ADMIN)
    page = (await admin.get("/meja/ringkasan?periode=30h")).text
    found = {
        (address.replace("&amp;", "&"), int(n))
        for address, n in re.findall(r'href="(/meja\?[^"]+)">(\d+)</a>', page)
    }
    assert len(found) > 15
    for address, n in sorted(found):
        rows = (await admin.get(address)).text.count('<td class="what">')
        assert rows == min(n, 50), address


async def test_closed_without_news_is_listed_until_the_news_has_arrived(live: LiveSite) -> None:
    async with live.site.open_uow() as uow:
        conversation = await uow.conversations.open("web", "pelapor-uji", None, NOW)  # type: ignore[attr-defined]
        for n, level in ((1, "open"), (2, "open"), (3, "anonymous")):
            await uow.cases.add(
                a_case(n, at=NOW - timedelta(days=3), state=State.ARCHIVED, identity_level=level), digest(n)
            )
        told_case = a_case(2).id
        await uow.outbox.add(Notice("f" * 32, told_case, conversation, News.MOVED, "Laporan ditutup.", NOW))
        await uow.commit()
    admin = await officer_in(live, Role.ADMIN)
    page = (await admin.get("/meja/ringkasan")).text
    assert "TEST-0001" in page and "TEST-0002" not in page and "TEST-0003" not in page
    assert "1 laporan anonim ditutup" in page


async def test_who_has_no_figures_has_no_page(live: LiveSite) -> None:
    for role in (Role.LANGUAGE, Role.VILLAGE, Role.AUDITOR):
        assert (await (await officer_in(live, role)).get("/meja/ringkasan")).status_code == 403


async def test_the_closed_states_of_the_trigger_are_those_of_the_workflow(
    live: LiveSite, database: Database
) -> None:
    async with opener(database.requests, database.keys.vault)() as uow:
        for n, state in enumerate(State, start=1):
            if state is not State.MERGED:
                await uow.cases.add(a_case(n, state=state), digest(n))
        await uow.commit()
        rows = await uow.transaction.connection.execute(
            sa.select(case_figures.c.state, case_figures.c.closed_at)
        )
        kept = {row.state: row.closed_at is not None for row in rows}
    assert kept == {str(state): KIND[state] is Kind.CLOSED for state in State if state is not State.MERGED}
