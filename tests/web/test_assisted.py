"""Assisted filing: the neighbour's report is the neighbour's; who keyed it in finds no way back to it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from backend.cases.access import Role
from backend.cases.errors import CaseNotFound
from backend.persistence.tables import audit, case_contacts, cases, conversation_activity
from backend.usecases.find_status import case_of_ref, find_status
from backend.usecases.ports import Asker, FoundPlace
from tests.support.builders import SANGATTA
from tests.support.desk import AtDesk, officer_in
from tests.support.live_site import LiveSite

pytestmark = pytest.mark.database

ANSWER = "Tukang memperbaiki jembatan hari Senin."
WORDS = "Jembatan kayu di RT 3 patah, anak sekolah menyeberang lewat sungai"
TOLD = {
    "what": WORDS,
    "where": "Sangatta Utara",
    "when": "kemarin",
    "issue": "jembatan_rusak",
    "identity_level": "confidential",
    "language": "bjn",
    "consent": "yes",
}


async def operator(live: LiveSite) -> AtDesk:
    return await officer_in(live, Role.VILLAGE, area="64.08.04.2001", title="Operator Desa Sepaso")


async def fresh(one: AtDesk) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', (await one.get("/meja/titip")).text)
    assert found
    return found[1]


def code_on(page: str) -> str:
    found = re.search(r"slip-code[^>]*>(.*?)</p>", page, re.S)
    assert found
    return " ".join(re.findall(r"\d{4}", found[1]))


async def test_filed_once_however_often_it_is_sent_and_the_code_opens_it(live: LiveSite) -> None:
    one, draft = await operator(live), ""
    draft = await fresh(one)
    pages = [await one.post("/meja/titip", {**TOLD, "draft": draft}) for _ in range(2)]
    assert [page.status_code for page in pages] == [201, 200]
    assert code_on(pages[0].text) == code_on(pages[1].text) and len(code_on(pages[0].text)) == 24
    assert WORDS not in pages[0].text, "no word of the report goes on paper"
    async with live.site.database.requests.connect() as connection:
        (case,) = (await connection.execute(sa.select(cases))).all()
        assert (case.channel, case.language, case.identity_level) == ("desk", "bjn", "confidential")
        (line,) = await connection.execute(sa.select(audit).where(audit.c.action == "filed_for_other"))
        assert line.case_id is None and line.details == {}
    neighbour = (await live.visitor(session=False)).http
    status = await neighbour.post("/status", data={"code": code_on(pages[0].text)})
    assert status.status_code == 200 and "Diterima" in status.text


def token_in(page: str) -> str:
    found = re.search(r'action="/status/ganti-kode".*?name="token" value="([^"]+)"', page, re.S)
    assert found
    return found[1]


async def answered(live: LiveSite, number: str) -> str:
    """What an officer wrote to the neighbour."""
    office = await officer_in(live, Role.ADMIN)
    sent = await office.post(f"/meja/kasus/{number}/balas", {"words": ANSWER})
    assert sent.status_code == 303
    return ANSWER


@pytest.mark.parametrize("level", ["open", "confidential", "anonymous"])
async def test_the_printed_code_is_good_for_one_that_the_operator_never_saw(
    live: LiveSite, level: str
) -> None:
    one, draft = await operator(live), ""
    draft = await fresh(one)
    told = {**TOLD, "identity_level": level, "draft": draft}
    slip = (await one.post("/meja/titip", told)).text
    printed = code_on(slip)
    number = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", slip)
    assert number and "sekali pakai" in slip
    words = await answered(live, number[0])
    neighbour = (await live.visitor(session=False)).http
    first = (await neighbour.post("/status", data={"code": printed})).text
    assert "Diterima" in first and "Ganti kode lembar ini dulu" in first
    assert words not in first and "Tambah keterangan" not in first and "hapus data" not in first
    token = token_in(first)
    for path, data in (
        ("/status/tambah", {"text": "x"}),
        ("/status/jawab", {"answer": "confirm"}),
        ("/status/hak/pakai", {"right": "erased", "sure": "ya"}),
    ):
        refused = await neighbour.post(path, data={"token": token, **data})
        assert refused.status_code in {404, 422}, (path, refused.status_code)
    changed = await neighbour.post("/status/ganti-kode", data={"token": token})
    found = re.search(r'id="code">([\d ]+)<', changed.text)
    assert changed.status_code == 200 and found and found[1] != printed
    opened = await neighbour.post("/status", data={"code": found[1]})
    assert words in opened.text and "Ganti kode" not in opened.text
    stale = await neighbour.post("/status", data={"code": printed})
    assert stale.status_code == 404 and words not in stale.text, "the operator's copy opens nothing"
    assert (await neighbour.post("/status/ganti-kode", data={"token": token})).status_code == 404, "once"
    again = await one.post("/meja/titip", told)
    assert again.status_code == 200 and "slip-code" not in again.text, "nor does the page tell it again"
    office = await officer_in(live, Role.ADMIN)
    assert "Kode di lembar diganti" in (await office.get(f"/meja/kasus/{number[0]}")).text


async def test_a_chat_tells_the_state_and_how_to_go_on_and_nothing_else(live: LiveSite) -> None:
    one = await operator(live)
    slip = (await one.post("/meja/titip", {**TOLD, "draft": await fresh(one)})).text
    number = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", slip)
    assert number
    words = await answered(live, number[0])
    async with live.talk.open_uow() as uow:
        asker = Asker("penanya", "c" * 32)
        found = await find_status(asker, code_on(slip), None, uow, live.site.services, live.talk.clock())
        assert found.case is not None
        with pytest.raises(CaseNotFound):
            ref = found.case["case_ref"]
            await case_of_ref("c" * 32, ref, uow, live.site.services)
    assert words not in str(found.case) and "Cek status" in str(found.case["replies"])
    assert found.case["may"] == ["replace_code"]


async def test_anonymous_leaves_no_way_back(live: LiveSite) -> None:
    one = await operator(live)
    page = await one.post("/meja/titip", {**TOLD, "identity_level": "anonymous", "draft": await fresh(one)})
    assert page.status_code == 201
    async with live.site.database.requests.connect() as connection:
        assert (await connection.execute(sa.select(case_contacts))).all() == []
        purged = sa.func.least(conversation_activity.c.purge_at, conversation_activity.c.purge_by)
        assert list(await connection.scalars(sa.select(purged))) != [None]


async def test_what_is_missing_is_asked_for_and_nothing_is_filed(live: LiveSite) -> None:
    one = await operator(live)
    page = await one.post(
        "/meja/titip", {**TOLD, "consent": "", "language": "x", "what": "", "draft": await fresh(one)}
    )
    assert page.status_code == 422 and page.text.count('class="wrong"') == 3
    assert (await one.post("/meja/titip", {**TOLD, "draft": f"{'a' * 32}.{'b' * 32}"})).status_code == 400
    async with live.site.database.requests.connect() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(cases)) == 0


async def test_a_similar_report_is_asked_about_and_followed_with_a_code_of_its_own(live: LiveSite) -> None:
    places: Any = live.site.services.places
    places.known["Sangatta Utara"] = FoundPlace("resolved", SANGATTA)
    one = await operator(live)
    first = await one.post("/meja/titip", {**TOLD, "identity_level": "open", "draft": await fresh(one)})
    draft = await fresh(one)
    asked = await one.post("/meja/titip", {**TOLD, "draft": draft})
    assert asked.status_code == 200 and "Sudah ada laporan yang mirip" in asked.text
    found = re.search(r'name="same" value="([^"]{20,})"', asked.text)
    assert found
    second = await one.post("/meja/titip", {**TOLD, "draft": draft, "same": found[1]})
    assert second.status_code == 201 and code_on(second.text) != code_on(first.text)
    async with live.site.database.requests.connect() as connection:
        parents = list(await connection.scalars(sa.select(cases.c.parent_id)))
    assert sorted(parent is not None for parent in parents) == [False, True]


async def test_the_operator_sees_no_case_and_no_list(live: LiveSite) -> None:
    one = await operator(live)
    page = await one.post("/meja/titip", {**TOLD, "draft": await fresh(one)})
    number = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.text)
    assert number
    assert (await one.get("/meja")).headers["location"] == "/meja/titip"
    for path in ("/meja/hari-ini", "/meja/ringkasan", f"/meja/kasus/{number[0]}"):
        assert (await one.get(path)).status_code == 403, path
