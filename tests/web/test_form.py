"""The form without JavaScript: files once, with or without engines, and what was written is never lost to an error."""

import re
from html import unescape
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from backend.persistence.tables import attachments, case_contacts, cases, conversations
from tests.support.live_site import LiveSite, Visitor
from tests.web.test_uploads import CANARY, jpeg_with_place

pytestmark = pytest.mark.database
WHAT = "lubang besar di depan pasar, sudah dua pengendara jatuh"
CODE = re.compile(r'id="code">([\d ]{24})<')


def draft_of(page: str) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


async def fill(visitor: Visitor, file: tuple[str, bytes] | None = None, **values: str) -> httpx.Response:
    """Open the form and send it."""
    data = {
        "draft": draft_of((await visitor.http.get("/lapor")).text),
        "what": WHAT,
        "where": "depan pasar lama sangatta utara",
        "when": "sejak seminggu",
        "issue": "jalan_rusak",
        "identity_level": "open",
        **values,
    }
    return await visitor.http.post("/lapor", data=data, files={"photo": file or ("", b"")})


async def rows(live: LiveSite, table: sa.Table) -> list[Any]:
    async with live.talk.database.requests.connect() as connection:
        return list((await connection.execute(sa.select(table))).all())


async def case_of(live: LiveSite) -> Any:
    (row,) = await rows(live, cases)
    async with live.talk.open_uow() as uow:
        return await uow.cases.by_id(row.id)


@pytest.fixture
async def person(live: LiveSite) -> Visitor:
    """Somebody whose browser has no session."""
    return await live.visitor(session=False)


async def test_an_open_report_is_filed_and_can_be_followed_from_this_browser(
    live: LiveSite, person: Visitor
) -> None:
    answer = await fill(person)
    assert answer.status_code == 201
    found = CODE.search(answer.text)
    assert found and len(found[1].replace(" ", "")) == 20
    case = await case_of(live)
    assert (case.description, case.issue, case.identity_level) == (WHAT, "jalan_rusak", "open")
    assert dict(person.http.cookies), "the browser can come back to its report"
    assert len(await rows(live, case_contacts)) == 1
    status = await person.http.post("/status", data={"code": found[1]})
    assert status.status_code == 200 and "Diterima" in status.text


async def test_a_confidential_report_seals_the_way_back(live: LiveSite, person: Visitor) -> None:
    assert (await fill(person, identity_level="confidential")).status_code == 201
    assert (await case_of(live)).is_sealed
    assert len(await rows(live, case_contacts)) == 1


async def test_an_anonymous_report_leaves_no_way_back(live: LiveSite, person: Visitor) -> None:
    answer = await fill(person, identity_level="anonymous")
    assert answer.status_code == 201 and CODE.search(answer.text)
    assert "set-cookie" not in answer.headers
    assert await rows(live, case_contacts) == []


async def test_an_anonymous_report_is_not_tied_to_the_session_of_the_chat(
    live: LiveSite, visitor: Visitor
) -> None:
    await visitor.say("halo")
    assert (await fill(visitor, identity_level="anonymous")).status_code == 201
    assert len(await rows(live, conversations)) == 2
    assert await rows(live, case_contacts) == []
    assert len(await visitor.events(after=0)) == 2


async def test_a_photo_travels_along_without_its_secrets(live: LiveSite, person: Visitor) -> None:
    assert (await fill(person, (f"{CANARY}.jpg", jpeg_with_place()))).status_code == 201
    (stored,) = await rows(live, attachments)
    case = await case_of(live)
    assert stored.case_id == case.id
    async with live.talk.open_uow() as uow:
        content = await uow.attachments.read(stored.id)
    assert content is not None and content.startswith(b"\xff\xd8") and CANARY.encode() not in content


@pytest.mark.parametrize("level", ["open", "anonymous"])
async def test_the_same_page_sent_twice_is_one_report(live: LiveSite, person: Visitor, level: str) -> None:
    draft = draft_of((await person.http.get("/lapor")).text)
    first = await fill(person, draft=draft, identity_level=level)
    second = await fill(person, draft=draft, identity_level=level)
    assert (first.status_code, second.status_code) == (201, 201)
    codes = [CODE.search(answer.text) for answer in (first, second)]
    assert codes[0] and codes[1] and codes[0][1] == codes[1][1], "a lost answer must not lose the code"
    assert "set-cookie" not in second.headers
    assert len(await rows(live, cases)) == 1


async def test_other_pages_get_other_codes(live: LiveSite, person: Visitor) -> None:
    codes = [CODE.search((await fill(person)).text) for _ in range(3)]
    assert len({code[1] for code in codes if code}) == 3


async def test_it_works_while_every_engine_is_down(live: LiveSite, person: Visitor) -> None:
    live.engine.model = None
    assert (await fill(person)).status_code == 201


async def test_errors_name_the_field_and_keep_what_was_written(live: LiveSite, person: Visitor) -> None:
    answer = await fill(
        person, what="  ", where='<b>pasar</b> "lama"', issue="tidak-ada", identity_level="raja"
    )
    assert answer.status_code == 422
    for field in ("what", "issue", "identity_level"):
        assert f'href="#{field}"' in answer.text and f'id="{field}"' in answer.text
    assert "&lt;b&gt;pasar&lt;/b&gt;" in answer.text and "<b>pasar" not in answer.text
    assert await rows(live, cases) == []


async def test_too_much_is_refused_and_kept(person: Visitor) -> None:
    answer = await fill(person, what="a" * 4001)
    assert answer.status_code == 422 and "4.000" in answer.text and "a" * 4001 in answer.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"bukan foto", "Jenis berkas"),
        (b"\xff\xd8\xff" + b"\x00" * 16_800_000, "terlalu besar"),
        (b"%PDF-1.4 rusak", "rusak"),
    ],
)
async def test_a_file_that_cannot_be_kept_loses_no_words(
    live: LiveSite, person: Visitor, content: bytes, words: str
) -> None:
    answer = await fill(person, ("foto.jpg", content))
    assert answer.status_code == 422 and words in answer.text and WHAT in answer.text
    assert await rows(live, cases) == []


@pytest.mark.parametrize("draft", ["", "x", "0" * 32, "0" * 32 + "." + "0" * 32, "é.é"])
async def test_a_draft_number_of_ones_own_making_is_refused(
    live: LiveSite, person: Visitor, draft: str
) -> None:
    answer = await fill(person, draft=draft)
    assert answer.status_code == 400 and "Muat ulang halaman" in answer.text
    assert await rows(live, cases) == []


async def test_hostile_words_are_only_words(live: LiveSite, person: Visitor) -> None:
    attack = "<script>alert(1)</script>{{7*7}}\x00 \ud83d".encode("utf-8", "surrogatepass").decode(
        "utf-8", "replace"
    )
    answer = await fill(person, what=attack, where=attack, when=attack)
    assert answer.status_code == 201 and "<script>alert" not in answer.text
    assert "{{7*7}}" in (await case_of(live)).description


async def test_a_code_inside_the_story_is_not_kept(live: LiveSite, person: Visitor) -> None:
    first = await fill(person)
    found = CODE.search(first.text)
    assert found
    await fill(person, what=f"ini kelanjutan {found[1]} ya")
    async with live.talk.open_uow() as uow:
        kept = [await uow.cases.by_id(row.id) for row in await rows(live, cases)]
    assert all(found[1] not in case.description for case in kept if case)


async def test_a_form_that_is_no_form_is_refused(person: Visitor) -> None:
    for content, kind in (
        (b"{}", "application/json"),
        (b"--x", "multipart/form-data; boundary=x"),
        (b"", ""),
    ):
        answer = await person.http.post("/lapor", content=content, headers={"Content-Type": kind})
        assert answer.status_code == 400, kind
