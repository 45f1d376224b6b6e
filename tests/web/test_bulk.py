"""Orders for many cases: what they say before, what they do, whom they reach and when, and the way back; and the views of the list."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from backend.cases.access import Role
from backend.cases.case import Assignment, Case, Level
from backend.cases.workflow import State
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from tests.support.builders import NOW, a_case, digest
from tests.support.desk import AtDesk, officer_in
from tests.support.live_site import LiveSite, Visitor
from tests.web.test_work import case_of, filed, ordered, state_of

pytestmark = pytest.mark.database


async def stored(database: Database, *many: Case) -> None:
    async with opener(database.requests, database.keys.vault)() as uow:
        for case in many:
            await uow.cases.add(case, digest(int(case.id, 16)))
        await uow.commit()


async def picks(who: AtDesk, *numbers: str) -> list[str]:
    """As the boxes of the list carry them."""
    page = await who.get("/meja", params={"lihat": "all"})
    found = dict(re.findall(r'value="([0-9A-Z-]{9})\.(\d+)"', page.text))
    return [f"{number}.{found[number]}" for number in numbers]


async def preview(who: AtDesk, move: str, chosen: list[str], **more: str) -> httpx.Response:
    return await who.get("/meja/massal", params={"langkah": move, "k": chosen, **more})


async def order(who: AtDesk, move: str, chosen: list[str], **more: str) -> tuple[str, httpx.Response]:
    """Through the page of the preview, as a person would; (id of the order, the page of what became of it)."""
    page = await preview(who, move, chosen)
    found = re.search(r'name="order" value="([0-9a-f]{32})"', page.text)
    assert page.status_code == 200 and found, page.text
    kept = re.findall(r'type="hidden" name="k" value="([^"]+)"', page.text.split("</form>")[1])
    data = {"langkah": move, "order": found[1], "k": kept, **more}
    leader = re.search(r'name="induk" value="([0-9A-Z-]+)"', page.text)
    if leader:
        data["induk"] = leader[1]
    answer = await who.post("/meja/massal", data)
    assert answer.status_code == 303, answer.text
    return found[1], await who.get(answer.headers["location"])


async def undo(who: AtDesk, order_id: str) -> httpx.Response:
    answer = await who.post("/meja/massal/urung", {"order": order_id})
    assert answer.status_code == 303, answer.text
    return await who.get(answer.headers["location"])


def told(events: list[dict[str, object]]) -> str:
    return "\n".join(str(event["message"]["text"]) for event in events)  # type: ignore[index]


async def later(live: LiveSite, minutes: float) -> None:
    live.talk.now += timedelta(minutes=minutes)
    await live.site.pipeline.errands.do_all(live.site.clock())


async def test_what_will_happen_is_said_before_and_taken_back_after(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    number, _ = await filed(visitor)
    others = [
        a_case(900),
        a_case(901, state=State.ASSIGNED),
        a_case(902, issue="jalan_rusak"),
    ]
    await stored(database, *others)
    desk, colleague = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.ADMIN)
    chosen = await picks(desk, number, "TEST-0900", "TEST-0901", "TEST-0902")
    await ordered(colleague, "TEST-0902", "take_up")
    said = await preview(desk, "take_up", chosen)
    assert "Mulai verifikasi 2 laporan?" in said.text and "Tidak ikut (2)" in said.text
    assert "Langkah ini tidak berlaku" in said.text
    assert (
        "Petugas lain sudah mengubah" in said.text and "Mulai diverifikasi · Jabatan admin_induk" in said.text
    )
    assert await state_of(database, number) is State.RECEIVED, "looking changes nothing"
    before = await visitor.events(0)
    order_id, done = await order(desk, "take_up", chosen)
    assert "2 laporan mulai diverifikasi" in done.text
    assert await state_of(database, number) is State.IN_VERIFICATION
    assert "2 laporan mulai diverifikasi" in (await desk.get("/meja")).text, "the list offers the way back"
    assert "2 laporan mulai" not in (await colleague.get("/meja")).text
    back = await undo(desk, order_id)
    assert "2 laporan dibatalkan" in back.text
    assert await state_of(database, number) is State.RECEIVED
    await later(live, 30)
    assert await visitor.events(0) == before, "nobody hears of what was taken back"
    case = await case_of(database, number)
    assert [event.what for event in case.events] == ["filed", "take_up", "put_back"]
    async with opener(database.requests, database.keys.vault)() as uow:
        lines = [one for one in await uow.audit.of_case(case.id) if one.actor == desk.officer.id]
    assert [one.action for one in lines] == ["case_moved", "case_moved", "bulk_undone"]


async def test_people_are_told_when_the_time_for_undoing_is_over(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    number, code = await filed(visitor)
    hidden, hidden_code = await filed(await live.visitor(), "anonymous")
    desk = await officer_in(live, Role.VERIFIER)
    await ordered(desk, number, "take_up")
    await ordered(desk, hidden, "take_up")
    chosen = await picks(desk, number, hidden)
    said = await preview(desk, "ask_reporter", chosen)
    assert "<b>1</b> pelapor menerimanya" in said.text and "<b>1</b> pelapor anonim" in said.text
    words = "Tiang nomor berapa yang mati?"
    order_id, _ = await order(desk, "ask_reporter", chosen, words=words)
    for one in (code, hidden_code):
        assert words not in (await visitor.http.post("/status", data={"code": one})).text
    await later(live, 3)
    assert words not in told(await visitor.events(0))
    await later(live, 3)
    assert words in told(await visitor.events(0))
    for one in (code, hidden_code):
        assert words in (await visitor.http.post("/status", data={"code": one})).text
    late = await undo(desk, order_id)
    assert "Tidak ada yang dibatalkan" in late.text
    assert await state_of(database, number) is State.AWAITING_REPORTER


async def test_whoever_goes_on_with_a_case_ends_its_time_for_undoing(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    number, _ = await filed(visitor)
    await stored(database, a_case(910, state=State.IN_VERIFICATION))
    desk = await officer_in(live, Role.VERIFIER)
    await ordered(desk, number, "take_up")
    chosen = await picks(desk, number, "TEST-0910")
    order_id, _ = await order(desk, "assign", chosen, agency="dlh-64.08")
    office = await officer_in(live, Role.AGENCY, agency="dlh-64.08")
    await ordered(office, number, "start")
    states = [line for line in told(await visitor.events(0)).splitlines() if line.startswith("Kabar laporan")]
    assert [re.split(r"[:.] ", line)[1] for line in states] == ["Diverifikasi", "Diteruskan", "Dikerjakan"]
    back = await undo(desk, order_id)
    assert "1 laporan dibatalkan" in back.text and "petugas lain sudah melanjutkannya" in back.text
    assert await state_of(database, number) is State.IN_PROGRESS
    other = await case_of(database, "TEST-0910")
    assert (other.state, other.assignment.agency) == (State.IN_VERIFICATION, "dishub-64.08")


async def test_merging_many_keeps_each_reporter_and_comes_apart_again(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    elsewhere = Assignment(Level.REGENCY, "dlh-64.08", "", "r", 1.0)
    cases = [
        a_case(920, state=State.IN_VERIFICATION),
        a_case(921, state=State.IN_VERIFICATION, assignment=elsewhere),
        a_case(922, state=State.IN_VERIFICATION, sensitive=True),
    ]
    await stored(database, *cases)
    admin = await officer_in(live, Role.ADMIN)
    chosen = await picks(admin, "TEST-0920", "TEST-0921", "TEST-0922")
    said = await preview(admin, "merge", chosen, induk="TEST-0920")
    assert "Gabungkan 1 laporan?" in said.text and "Tingkat kerahasiaannya berbeda" in said.text
    order_id, _ = await order(admin, "merge", chosen, words="Lampu yang sama, di gerbang pasar.")
    assert (await case_of(database, "TEST-0921")).parent_id == cases[0].id
    listed = await admin.get("/meja", params={"lihat": "all"})
    assert "1 laporan serupa" in listed.text
    assert 'value="TEST-0921.' not in listed.text, "a double lies folded under its leader"
    await undo(admin, order_id)
    after = await case_of(database, "TEST-0921")
    assert (after.parent_id, after.state, after.assignment) == (None, State.IN_VERIFICATION, elsewhere)


async def test_an_order_is_its_officers_own_and_is_given_once(live: LiveSite, database: Database) -> None:
    await stored(database, a_case(930), a_case(931))
    desk, other = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.VERIFIER)
    chosen = await picks(desk, "TEST-0930")
    order_id, _ = await order(desk, "take_up", chosen)
    assert (await other.get(f"/meja/massal/{order_id}")).status_code == 404
    assert (await other.post("/meja/massal/urung", {"order": order_id})).status_code == 404
    again = {"langkah": "take_up", "order": order_id, "k": await picks(desk, "TEST-0931")}
    assert (await desk.post("/meja/massal", again)).status_code == 303
    assert await state_of(database, "TEST-0931") is State.RECEIVED
    assert "Belum ada laporan yang dipilih" in (await preview(desk, "take_up", [])).text
    empty = await desk.post("/meja/massal", {"langkah": "ask_reporter", "order": "f" * 32, "k": chosen})
    assert empty.status_code == 422


async def test_a_view_is_kept_shared_with_the_office_and_dropped(live: LiveSite, database: Database) -> None:
    await stored(
        database,
        a_case(940, issue="jalan_rusak", emergency=True),
        a_case(941, at=NOW - timedelta(days=3)),
        a_case(942),
    )
    desk, colleague = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.VERIFIER)
    office = await officer_in(live, Role.AGENCY)
    query = "lihat=all&urusan=jalan_rusak&darurat=1&cari=rahasia"
    kept = await desk.post("/meja/tampilan", {"name": "Jalan gawat", "query": query, "shared": "1"})
    assert kept.status_code == 303 and "cari" not in kept.headers["location"]
    for who in (desk, colleague):
        page = await who.get(kept.headers["location"])
        assert "<h1>Jalan gawat</h1>" in page.text
        assert re.findall(r"<code>(TEST-\d+)</code>", page.text) == ["TEST-0940"]
    assert "Jalan gawat" not in (await office.get("/meja")).text
    view_id = kept.headers["location"][-32:]
    assert (await colleague.post(f"/meja/tampilan/{view_id}/hapus")).status_code == 404
    assert (await desk.post(f"/meja/tampilan/{view_id}/hapus")).status_code == 303
    assert "Jalan gawat" not in (await colleague.get("/meja")).text


async def test_the_list_is_filtered_and_sorted(live: LiveSite, database: Database) -> None:
    await stored(
        database,
        *[a_case(950 + n, at=NOW - timedelta(hours=n)) for n in range(60)],
    )
    desk = await officer_in(live, Role.VERIFIER)

    async def numbers(**params: str) -> list[str]:
        page = await desk.get("/meja", params=params)
        assert page.status_code == 200, page.text
        found = re.findall(r"<code>(TEST-\d+)</code>", page.text)
        more = re.search(r'rel="next" href="([^"]+)"', page.text)
        if more:
            rest = dict(httpx.URL(more[1].replace("&amp;", "&")).params)
            found += await numbers(**rest)
        return found

    newest = await numbers(urut="baru")
    assert newest == [f"TEST-{950 + n:04d}" for n in range(60)]
    assert await numbers(urut="lama") == newest[::-1]
    assert await numbers(milik="1") == [] and await numbers(identitas="anonymous") == []
    await ordered(desk, "TEST-0950", "take_up")
    assert await numbers(keadaan="in_verification") == ["TEST-0950"]
    async with live.site.open_desk_uow(desk.officer) as uow:
        await uow.assignees.add((await case_of(database, "TEST-0951")).id, desk.officer.id)
        await uow.commit()
    assert await numbers(milik="1") == ["TEST-0951"]
    dense = await desk.get("/meja", params={"rapat": "1"})
    assert "cases dense" in dense.text and "meja_rapat=1" in dense.headers["set-cookie"]


async def test_words_for_many_are_filled_for_each_and_looked_at(live: LiveSite, database: Database) -> None:
    await stored(
        database,
        a_case(960, state=State.IN_VERIFICATION),
        a_case(961, state=State.IN_VERIFICATION, issue="jalan_rusak"),
    )
    desk = await officer_in(live, Role.VERIFIER)
    chosen = await picks(desk, "TEST-0960", "TEST-0961")
    assert "Tempatnya belum jelas" in (await preview(desk, "ask_reporter", chosen)).text
    data = {"langkah": "ask_reporter", "order": "ab" * 16, "k": chosen}
    refused = await desk.post("/meja/massal", {**data, "words": "{urusan}: telepon 081234567890."})
    seal = re.search(r'name="sure" value="([0-9a-f]+)"', refused.text)
    assert refused.status_code == 422 and seal and "<mark>081234567890</mark>" in refused.text
    assert await state_of(database, "TEST-0960") is State.IN_VERIFICATION
    sent = await desk.post(
        "/meja/massal", {**data, "words": "{urusan}: telepon 081234567890.", "sure": seal[1]}
    )
    assert sent.status_code == 303
    notes = [(await case_of(database, one)).events[-1].public_note for one in ("TEST-0960", "TEST-0961")]
    assert notes == ["Lampu jalan mati: telepon 081234567890.", "Jalan rusak: telepon 081234567890."]


STRANGE = (
    *("urusan=%00", "cari=%00", "urut=baru&setelah=0001-01-01T00:00:00%2B14:00_x", "dari=0001-01-01"),
    *("urut=baru&setelah=9999-12-31T23:59:00-14:00_x", "setelah=0001-01-01_%00", "sampai=9999-12-31"),
)


async def test_signs_and_days_that_no_database_keeps_are_nothing(live: LiveSite) -> None:
    desk = await officer_in(live, Role.VERIFIER)
    for query in STRANGE:
        assert (await desk.get(f"/meja?{query}")).status_code == 200, query
    assert (await desk.get("/meja/massal/%00")).status_code == 404
    assert (await desk.post("/meja/massal/urung", {"order": "\0"})).status_code == 404
    assert (await desk.post("/meja/tampilan", {"name": "\0", "query": "urusan=%00"})).status_code == 303
    gone = {"langkah": "take_up", "order": "f" * 32, "k": "ABCD-2345.1"}
    assert (await desk.post("/meja/massal", gone)).headers["location"] == "/meja"
