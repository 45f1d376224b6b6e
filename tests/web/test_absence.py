"""`/meja/akun/cuti`: a place is taken for some days, never wider than both sides, and everything done in it says for whom."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from backend.cases.absence import can_stand_in, in_the_place_of
from backend.cases.access import Act, Officer, Role, has
from backend.cases.case import Actor, Assignment, Case, Level
from backend.cases.workflow import State
from backend.persistence.tables import absences, case_alerts, case_assignees, case_history
from backend.persistence.tables import audit as audit_table
from backend.usecases.ports import AuditEntry
from tests.support.builders import NOW, a_case, digest
from tests.support.desk import AtDesk, at_desk, officer_in, put_officer
from tests.support.live_site import LiveSite

pytestmark = pytest.mark.database

OFFICE = "dishub-64.08"
PAGE = "/meja/akun/cuti"
TODAY = date(2026, 11, 23)


def at_office(n: int, **changes: object) -> Case:
    office = Assignment(Level.REGENCY, OFFICE, "", "r", 1.0)
    return a_case(n, assignment=office, state=State.ASSIGNED, **changes)


async def stored(live: LiveSite, *cases: Case) -> None:
    async with live.talk.open_uow() as uow:
        for case in cases:
            await uow.cases.add(case, digest(int(case.id, 16)))
        await uow.commit()


def today(live: LiveSite) -> date:
    return live.site.services.reference.today(live.site.clock(), "64.08")


async def named(live: LiveSite, boss: AtDesk, stand_in: Officer, first: int = 0, last: int = 6) -> int:
    days = [(today(live) + timedelta(days=n)).isoformat() for n in (first, last)]
    form = {"stand_in": stand_in.id, "first_day": days[0], "last_day": days[1]}
    return (await boss.post(PAGE, form)).status_code


async def absence_id(live: LiveSite) -> str:
    async with live.site.database.requests.connect() as connection:
        return str(await connection.scalar(sa.select(absences.c.id)))


async def test_a_case_is_worked_in_the_name_of_the_one_who_is_away(live: LiveSite) -> None:
    case, by_name = at_office(1), a_case(2, state=State.ASSIGNED)
    await stored(live, case, by_name)
    boss = await officer_in(live, Role.LIAISON, title="Sekretaris Dishub")
    clerk = await officer_in(live, Role.VERIFIER, title="Verifikator Dua")
    async with live.site.database.requests.begin() as connection:
        given = {"case_id": by_name.id, "officer": boss.officer.id}
        await connection.execute(sa.insert(case_assignees).values(given))
        late = {"case_id": case.id, "kind": "late", "due_on": case.due.on, "at": NOW}
        await connection.execute(sa.insert(case_alerts).values(late))
    assert await named(live, boss, clerk.officer) == 303
    assert "Sedang digantikan Verifikator Dua" in (await boss.get(PAGE)).text

    notices = (await clerk.get("/meja/hari-ini")).text
    assert "Anda menggantikan Sekretaris Dishub" in notices and "1 lewat batas" in notices
    start = {"move": "start", "version": case.version, "words": ""}
    assert (await clerk.post(f"/meja/kasus/{case.number}/pindah", start)).status_code == 409, (
        "not a move of the desk"
    )
    assert (await clerk.post(f"{PAGE}/gantikan", {"absence": await absence_id(live)})).status_code == 303
    listed = (await clerk.get("/meja")).text
    assert case.number in listed and "atas nama Sekretaris Dishub" in listed
    assert by_name.number in (await clerk.get("/meja?lihat=all&milik=1")).text
    assert (await clerk.post(f"/meja/kasus/{case.number}/pindah", start)).status_code == 303
    assert (
        await clerk.post(f"/meja/kasus/{case.number}/catat", {"text": "dikerjakan regu dua"})
    ).status_code == 303
    page = (await boss.get(f"/meja/kasus/{case.number}")).text
    assert page.count("Verifikator Dua atas nama Sekretaris Dishub") >= 2
    async with live.talk.open_uow() as uow:
        saved = await uow.cases.by_id(case.id)
        lines = await uow.audit.of_case(case.id)
        assert await uow.audit.broken_chains() == ()
    assert saved and saved.events[-1].by == Actor(boss.officer.mover, clerk.officer.id, boss.officer.id)
    assert all(
        line.details["on_behalf"] == boss.officer.id for line in lines if line.actor == clerk.officer.id
    )


async def test_it_begins_and_ends_by_itself(live: LiveSite) -> None:
    case = at_office(1)
    await stored(live, case)
    boss = await officer_in(live, Role.LIAISON)
    clerk = await officer_in(live, Role.AGENCY)
    assert await named(live, boss, clerk.officer, 1, 2) == 303
    take = {"absence": await absence_id(live)}
    assert (await clerk.post(f"{PAGE}/gantikan", take)).status_code == 404, "tomorrow"
    live.talk.wait(hours=24)
    clerk = await at_desk(live, clerk.officer)
    assert (await clerk.post(f"{PAGE}/gantikan", take)).status_code == 303
    assert "atas nama" in (await clerk.get("/meja")).text
    live.talk.wait(minutes=20)
    assert "atas nama" in (await clerk.get("/meja")).text
    live.talk.wait(hours=48)
    clerk = await at_desk(live, clerk.officer)
    assert "atas nama" not in (await clerk.get("/meja")).text
    assert (await clerk.post(f"{PAGE}/gantikan", take)).status_code == 404, "over"


async def test_a_session_falls_back_in_the_middle(live: LiveSite) -> None:
    boss, clerk = await officer_in(live, Role.LIAISON), await officer_in(live, Role.AGENCY)
    await named(live, boss, clerk.officer)
    take = {"absence": await absence_id(live)}
    await clerk.post(f"{PAGE}/gantikan", take)
    assert "atas nama" in (await clerk.get("/meja")).text
    assert (await boss.post(f"{PAGE}/akhiri", take)).status_code == 303
    assert "atas nama" not in (await clerk.get("/meja")).text
    assert (await boss.post(f"{PAGE}/akhiri", take)).status_code == 404, "ended once"
    await named(live, boss, clerk.officer)
    async with live.site.accounts.begin() as rows:
        await rows.positions.end(boss.officer.id, live.site.clock())
    assert "Anda menggantikan" not in (await clerk.get(PAGE)).text, "nobody holds what is handed on"


async def test_leaving_the_place_is_written_down(live: LiveSite) -> None:
    boss, clerk = await officer_in(live, Role.LIAISON), await officer_in(live, Role.AGENCY)
    await named(live, boss, clerk.officer)
    await clerk.post(f"{PAGE}/gantikan", {"absence": await absence_id(live)})
    assert (await clerk.post(f"{PAGE}/selesai")).status_code == 303
    assert "atas nama" not in (await clerk.get("/meja")).text
    async with live.site.database.requests.connect() as connection:
        query = sa.select(audit_table.c.action, audit_table.c.actor, audit_table.c.details)
        found = {row.action: row for row in await connection.execute(query)}
    assert found["absence_named"].details["stand_in"] == clerk.officer.id
    for action in ("place_taken", "place_left"):
        assert found[action].actor == clerk.officer.id
        assert found[action].details == {"on_behalf": boss.officer.id}


async def test_what_was_handed_on_is_not_handed_on_again(live: LiveSite) -> None:
    boss, clerk = await officer_in(live, Role.LIAISON), await officer_in(live, Role.AGENCY)
    third = await put_officer(live.site, Role.AGENCY)
    await named(live, boss, clerk.officer)
    await clerk.post(f"{PAGE}/gantikan", {"absence": await absence_id(live)})
    assert await named(live, clerk, third) == 403
    assert (await clerk.post(f"{PAGE}/akhiri", {"absence": await absence_id(live)})).status_code == 403


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 2), (0, 93)])
async def test_days_that_cannot_be(live: LiveSite, first: int, last: int) -> None:
    boss, clerk = await officer_in(live, Role.LIAISON), await officer_in(live, Role.AGENCY)
    assert await named(live, boss, clerk.officer, first, last) == 422


async def test_two_absences_do_not_share_a_day(live: LiveSite) -> None:
    boss, clerk = await officer_in(live, Role.LIAISON), await officer_in(live, Role.AGENCY)
    assert await named(live, boss, clerk.officer, 2, 5) == 303
    assert await named(live, boss, clerk.officer, 5, 8) == 422
    assert await named(live, boss, clerk.officer, 6, 8) == 303


@pytest.mark.parametrize(
    ("candidate", "absent", "may"),
    [
        (Role.AGENCY, Role.LIAISON, True),
        (Role.ADMIN, Role.AGENCY, True),
        (Role.AGENCY, Role.ADMIN, False),
        (Role.LEADER, Role.VERIFIER, False),
        (Role.VERIFIER, Role.INSPECTOR, False),
        (Role.AUDITOR, Role.ADMIN, False),
        (Role.VILLAGE, Role.AGENCY, False),
    ],
)
def test_who_may_be_named(candidate: Role, absent: Role, may: bool) -> None:
    offices = {Role.AGENCY: OFFICE, Role.LIAISON: OFFICE, Role.INSPECTOR: "inspektorat-64.08"}
    one, two = (
        Officer(role, role, role, "64.08", offices.get(role)) if role else None
        for role in (candidate, absent)
    )
    assert one and two and can_stand_in(one, two) is may
    assert not can_stand_in(Officer("x", "x", Role.ADMIN, "62.10"), two)


def test_only_the_work_on_cases_is_handed_on() -> None:
    clerk, boss = Officer("c", "c", Role.VERIFIER, "64.08"), Officer("b", "b", Role.ADMIN, "64.08")
    place = in_the_place_of(boss, clerk, TODAY)
    for act in (Act.REVEAL_IDENTITY, Act.MANAGE_OFFICERS, Act.EDIT_REFERENCE, Act.EXPORT, Act.SEE_FIGURES):
        assert has(boss, act) and not has(place, act)
    assert has(place, Act.ASSIGN)


async def test_the_database_takes_no_line_that_hides_or_claims_it(live: LiveSite) -> None:
    """The second wall: a transaction in somebody's place cannot write as itself, nor the other way round."""
    case = at_office(1)
    await stored(live, case)
    boss, clerk = await put_officer(live.site, Role.LIAISON), await put_officer(live.site, Role.AGENCY)
    place = in_the_place_of(boss, clerk, TODAY)
    for who, claimed in ((place, ""), (clerk, boss.id)):
        async with live.site.open_desk_uow(who) as uow:
            uow.transaction.on_behalf = claimed
            with pytest.raises(DBAPIError, match="row-level security"):
                await uow.audit.add(AuditEntry(NOW, clerk.id, "looked", case.id))
        async with live.site.open_desk_uow(who) as uow:
            found = await uow.cases.by_id(case.id)
            assert found is not None
            uow.transaction.on_behalf = claimed
            with pytest.raises(DBAPIError, match="row-level security"):
                await uow.cases.save(found.noted("note", Actor(clerk.mover, clerk.id), NOW))
    async with live.site.database.requests.connect() as connection:
        assert await connection.scalar(sa.select(sa.func.max(case_history.c.on_behalf))) is None
