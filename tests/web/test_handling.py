"""Handling on the case page: suggestions, doubles, who may give a case back, who looks again, how secret it is, what stands still."""

from __future__ import annotations

import re

import pytest

from backend.cases.access import Role
from backend.cases.case import Actor, Assignment, Level
from backend.cases.workflow import Mover, State
from backend.persistence.database import Database
from tests.support.builders import NOW, a_case, later
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite, Visitor
from tests.web.test_bulk import stored
from tests.web.test_work import case_of, filed, ordered, state_of

pytestmark = pytest.mark.database


async def test_the_suggestion_is_accepted_with_one_press(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    number, _ = await filed(visitor)
    desk = await officer_in(live, Role.VERIFIER)
    await ordered(desk, number, "take_up")
    page = await desk.get(f"/meja/kasus/{number}")
    assert 'data-key="a">Terima saran dan teruskan' in page.text
    await ordered(desk, number, "assign")
    assert await state_of(database, number) is State.ASSIGNED


async def test_a_double_is_suggested_merged_and_split_again(live: LiveSite, database: Database) -> None:
    await stored(
        database,
        a_case(970, state=State.ASSIGNED),
        a_case(971, state=State.IN_VERIFICATION),
        a_case(972, state=State.IN_VERIFICATION, issue="sampah"),
    )
    desk = await officer_in(live, Role.VERIFIER)
    page = await desk.get("/meja/kasus/TEST-0971")
    assert "Mungkin laporan yang sama" in page.text and "TEST-0972" not in page.text
    words = re.search(
        r'name="leader" value="TEST-0970"><input type="hidden" name="words" value="([^"]+)"', page.text
    )
    assert words
    await ordered(desk, "TEST-0971", "merge", leader="TEST-0970", words=words[1])
    assert "Laporan serupa (1)" in (await desk.get("/meja/kasus/TEST-0970")).text
    await ordered(desk, "TEST-0971", "split", words="Ternyata tiang yang lain.")
    assert (await case_of(database, "TEST-0971")).parent_id is None


async def test_after_two_returns_the_decision_of_the_induk_stands(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    number, _ = await filed(visitor)
    desk, office = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.AGENCY)
    await ordered(desk, number, "take_up")
    for _ in range(2):
        await ordered(desk, number, "assign", agency="dishub-64.08")
        back = await ordered(office, number, "return", words="Ini bukan tugas kantor kami, mohon diperiksa.")
        assert back.status_code == 303, back.text
    assert "Sudah dua kali dikembalikan" in (await desk.get(f"/meja/kasus/{number}")).text
    await ordered(desk, number, "assign", agency="dishub-64.08")
    page = await office.get(f"/meja/kasus/{number}")
    assert "Penugasan ini keputusan admin induk" in page.text and 'value="return"' not in page.text
    for move in ("return", "transfer"):
        refused = await ordered(office, number, move, words="Tetap bukan tugas kami, mohon maaf.")
        assert refused.status_code == 409, move
    assert (await ordered(office, number, "start")).status_code == 303
    assert (await ordered(office, number, "put_back")).status_code == 303
    assert await state_of(database, number) is State.ASSIGNED


async def test_another_officer_looks_again(live: LiveSite, database: Database) -> None:
    first = await officer_in(live, Role.AGENCY)
    desk, office = Actor(Mover.DESK, "d"), Actor(Mover.AGENCY, first.officer.id)
    case = a_case(980)
    for new, by, words in (
        (State.IN_VERIFICATION, desk, ""),
        (State.ASSIGNED, desk, ""),
        (State.IN_PROGRESS, office, ""),
        (State.ANSWERED, office, "Sudah."),
        (State.RESOLVED, Actor(Mover.REPORTER), ""),
        (State.REOPENED, Actor(Mover.REPORTER), "Belum beres."),
    ):
        case = case.moved_to(new, by, later(hours=1), words)
    await stored(database, case)
    page = await first.get(f"/meja/kasus/{case.number}")
    assert 'value="start"' in page.text, "nobody else is there"
    second = await officer_in(live, Role.LIAISON)
    page = await first.get(f"/meja/kasus/{case.number}")
    assert "dikerjakan petugas lain di kantor ini" in page.text and 'value="start"' not in page.text
    order = {"move": "start", "version": str((await case_of(database, case.number)).version)}
    refused = await first.post(f"/meja/kasus/{case.number}/pindah", order)
    assert refused.status_code == 422 and "Pemeriksaan ulang" in refused.text
    assert (await ordered(second, case.number, "start")).status_code == 303


async def test_a_case_is_sealed_by_who_verifies_and_opened_by_who_sees_it(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    number, _ = await filed(visitor)
    desk, admin = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.ADMIN)
    inspector, office = await officer_in(live, Role.INSPECTOR), await officer_in(live, Role.AGENCY)
    address = f"/meja/kasus/{number}/rahasia"
    assert (await desk.post(address, {"seal": "peka"})).status_code == 422
    gone = await desk.post(address, {"seal": "peka", "reason": "Pelapor menyebut anaknya."})
    assert gone.headers["location"].startswith("/meja?")
    assert (await desk.get(f"/meja/kasus/{number}")).status_code == 404
    assert (await office.post(address, {"seal": "biasa", "reason": "x"})).status_code == 403
    await admin.post(address, {"seal": "pengawasan", "reason": "Tentang pegawai dinas itu sendiri."})
    for who, status in ((admin, 404), (office, 404), (inspector, 200)):
        assert (await who.get(f"/meja/kasus/{number}")).status_code == status
    case = await case_of(database, number)
    assert (case.oversight, case.assignment.agency) == (True, "inspektorat-64.08")
    await ordered(inspector, number, "take_up")
    await ordered(inspector, number, "assign", agency="dishub-64.08", officer=inspector.officer.id)
    assert (await office.get(f"/meja/kasus/{number}")).status_code == 404, "the lane goes with the case"


async def test_both_sides_see_that_the_clock_stands_still(live: LiveSite, visitor: Visitor) -> None:
    number, code = await filed(visitor)
    desk = await officer_in(live, Role.VERIFIER)
    await ordered(desk, number, "take_up")
    await ordered(desk, number, "ask_reporter", words="Di dekat bangunan apa lampunya mati?")
    assert "Waktu berhenti" in (await desk.get(f"/meja/kasus/{number}")).text
    assert "Batas jawaban berhenti" in (await visitor.http.post("/status", data={"code": code})).text


async def test_a_matter_of_the_lane_stays_in_it(live: LiveSite, database: Database) -> None:
    lane = Assignment(Level.REGENCY, "inspektorat-64.08", "", "r", 1.0, True)
    await stored(database, a_case(990, state=State.IN_VERIFICATION, assignment=lane, at=NOW))
    inspector = await officer_in(live, Role.INSPECTOR)
    named = await officer_in(live, Role.AGENCY)
    done = await ordered(inspector, "TEST-0990", "assign", agency="dishub-64.08", officer=named.officer.id)
    assert done.status_code == 303
    assert (await case_of(database, "TEST-0990")).assignment.oversight_lane
    other = await officer_in(live, Role.AGENCY)
    assert (await other.get("/meja/kasus/TEST-0990")).status_code == 404
    assert (await named.get("/meja/kasus/TEST-0990")).status_code == 200


@pytest.mark.parametrize("level", ["open", "anonymous"])
async def test_a_code_is_enough_to_say_settled_or_not_and_to_rate_once(
    live: LiveSite, visitor: Visitor, database: Database, level: str
) -> None:
    number, code = await filed(visitor, level)
    desk, office = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.AGENCY)
    stranger = await live.visitor(session=False)

    async def say(**answer: str) -> str:
        page = await stranger.http.post("/status", data={"code": code})
        token = re.search(r'name="token" value="([^"]+)"', page.text)
        assert token
        return (await stranger.http.post("/status/jawab", data={"token": token[1], **answer})).text

    await ordered(desk, number, "take_up")
    await ordered(desk, number, "assign")
    await ordered(office, number, "start")
    assert "belum bisa dilakukan" in await say(answer="confirm")
    done = {"words": "Lampunya sudah kami ganti.", "evidence": "Berita acara di kantor"}
    await ordered(office, number, "answer", **done)
    assert "Ceritakan singkat" in await say(answer="contest")
    assert "memeriksanya lagi" in await say(answer="contest", text="Malam ini masih gelap.")
    assert await state_of(database, number) is State.REPORTER_REPLIED
    await ordered(office, number, "answer", **done)
    thanked = await say(answer="confirm")
    assert "Senang masalahnya beres" in thanked and "Seberapa baik penanganannya?" in thanked
    page = await stranger.http.post("/status", data={"code": code})
    assert "Seberapa baik" not in page.text, "asked once"
    await say(answer="rate", rating="4")
    await say(answer="rate", rating="1")
    case = await case_of(database, number)
    assert (case.state, case.rating) == (State.RESOLVED, 4)
    assert case.resolution is not None and case.resolution.value == "confirmed"


async def test_a_case_is_taken_back_from_a_named_officer(live: LiveSite, database: Database) -> None:
    await stored(database, a_case(995, sensitive=True))
    admin, away = await officer_in(live, Role.ADMIN), await officer_in(live, Role.AGENCY)
    stand_in = await officer_in(live, Role.AGENCY)
    address = "/meja/kasus/TEST-0995"
    await admin.post(f"{address}/tunjuk", {"officer": away.officer.id})
    assert (await away.get(address)).status_code == 200
    await admin.post(f"{address}/tunjuk", {"officer": stand_in.officer.id})
    assert (await admin.post(f"{address}/lepas", {"officer": away.officer.id})).status_code == 303
    assert (await away.get(address)).status_code == 404
    assert (await stand_in.get(address)).status_code == 200
    assert (await admin.post(f"{address}/lepas", {"officer": away.officer.id})).status_code == 422
