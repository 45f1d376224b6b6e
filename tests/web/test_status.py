"""Status by code without JavaScript: what each asker may see, and that the code stands in no address and no log."""

import re
from html import unescape

import httpx
import pytest

from backend.cases.access import Role
from backend.usecases.ports import Author, ThreadMessage
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite, Visitor
from tests.web.test_form import WHAT, case_of, fill, rows
from tests.web.test_uploads import CANARY, jpeg, jpeg_with_place

pytestmark = pytest.mark.database


@pytest.fixture
async def person(live: LiveSite) -> Visitor:
    return await live.visitor(session=False)


async def filed(visitor: Visitor, level: str = "open") -> str:
    answer = await fill(visitor, identity_level=level)
    found = re.search(r'id="code">([\d ]{24})<', answer.text)
    assert found
    return found[1]


async def ask(visitor: Visitor, code: str) -> httpx.Response:
    return await visitor.http.post("/status", data={"code": code})


def mistyped(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def stranger_of(code: str) -> str:
    """A well-formed code that nobody has."""
    digits = str((int(code.replace(" ", "")[:18]) + 1) % 10**18).zfill(18)
    check = 98 - int(digits) * 100 % 97
    return f"{digits}{check:02d}"


@pytest.mark.parametrize(
    "write", [str, lambda c: c.replace(" ", ""), lambda c: c.replace(" ", "-"), lambda c: f" {c}. "]
)
async def test_the_code_opens_however_it_is_written(live: LiveSite, person: Visitor, write: object) -> None:
    code = await filed(person)
    answer = await ask(await live.visitor(session=False), write(code))  # type: ignore[operator]
    assert answer.status_code == 200
    for words in ("Diterima", "Ditangani", "Batas jawaban", "Dilaporkan"):
        assert words in answer.text
    assert WHAT not in answer.text


@pytest.mark.parametrize("level", ["anonymous", "confidential"])
async def test_a_sealed_report_shows_state_month_and_replies_only(
    live: LiveSite, person: Visitor, level: str
) -> None:
    code = await filed(person, level)
    case = await case_of(live)
    async with live.talk.open_uow() as uow:
        message = ThreadMessage("0" * 32, case.id, Author.OFFICER, "Kami sudah mengecek.", live.talk.now)
        await uow.thread.add(message)
        await uow.commit()
    answer = await ask(person, code)
    shown = re.findall(r"<dt>(.*?)</dt>", answer.text)
    assert shown == ["Dilaporkan pada"]
    assert "November 2026" in answer.text and "Kami sudah mengecek." in answer.text
    for secret in (WHAT, "Dinas", "Sangatta", "sangatta", case.number, "Ditangani"):
        assert secret not in answer.text, secret


async def with_file(live: LiveSite, number: str) -> None:
    """An officer answers with a photo."""
    desk = await officer_in(live, Role.ADMIN)
    files = {"file": ("sesudah.jpg", jpeg_with_place())}
    sent = await desk.post(f"/meja/kasus/{number}/balas", {"words": "Lampu sudah menyala."}, files=files)
    assert sent.status_code == 303, sent.text


def file_form(page: str) -> dict[str, str] | None:
    """The fields of the button that shows an officer's file."""
    found = re.search(r'action="/status/berkas".*?</form>', page, re.S)
    return dict(re.findall(r'name="(\w+)" value="([^"]+)"', found[0])) if found else None


async def test_the_photo_of_what_was_done_is_shown_to_who_has_the_code(
    live: LiveSite, person: Visitor
) -> None:
    code = await filed(person)
    case = await case_of(live)
    await with_file(live, case.number)
    stranger = await live.visitor(session=False)
    form = file_form((await ask(stranger, code)).text)
    assert form is not None
    photo = await stranger.http.post("/status/berkas", data=form)
    assert (photo.status_code, photo.headers["content-type"]) == (200, "image/jpeg")
    assert photo.content.startswith(b"\xff\xd8") and CANARY.encode() not in photo.content
    assert "sandbox" in photo.headers["content-security-policy"]
    assert "no-store" in photo.headers["cache-control"]


async def test_no_other_file_of_a_case_is_shown_by_code(live: LiveSite, person: Visitor) -> None:
    code = await filed(person)
    case = await case_of(live)
    await with_file(live, case.number)
    form = file_form((await ask(person, code)).text)
    assert form is not None
    await person.http.post("/status/tambah", data={"token": form["token"]}, files={"file": ("a.jpg", jpeg())})
    async with live.talk.open_uow() as uow:
        files = {file.id for file in await uow.attachments.of_case(case.id)}
    (theirs,) = files - {form["file"]}
    for wrong in ({"file": theirs}, {"file": "0" * 32}, {"file": ""}, {"token": "salah"}):
        answer = await person.http.post("/status/berkas", data={**form, **wrong})
        assert answer.status_code == 404, wrong


@pytest.mark.parametrize("level", ["anonymous", "confidential"])
async def test_of_a_sealed_report_no_file_leaves_the_desk(
    live: LiveSite, person: Visitor, level: str
) -> None:
    code = await filed(person, level)
    await with_file(live, (await case_of(live)).number)
    page = (await ask(person, code)).text
    assert "Lampu sudah menyala." in page and file_form(page) is None


async def test_a_typing_error_is_told_and_costs_nothing(person: Visitor) -> None:
    code = await filed(person)
    for _ in range(8):
        answer = await ask(person, mistyped(code))
        assert answer.status_code == 422 and "keliru ketik" in answer.text
    assert (await ask(person, code)).status_code == 200


@pytest.mark.parametrize("code", ["", "abc", "1" * 200, "٤٨٢١", "<script>alert(1)</script>", "1234\x005678"])
async def test_what_is_no_code_is_told(person: Visitor, code: str) -> None:
    answer = await ask(person, code)
    assert answer.status_code == 422 and "keliru ketik" in answer.text
    assert "<script>alert" not in answer.text


async def test_guessing_slows_down_the_guesser_and_nobody_else(live: LiveSite, person: Visitor) -> None:
    code = await filed(person)
    for _ in range(5):
        answer = await ask(person, stranger_of(code))
        assert answer.status_code == 404 and "tidak menemukan laporan" in answer.text
    answer = await ask(person, stranger_of(code))
    assert answer.status_code == 429 and "Coba lagi dalam" in answer.text
    assert int(answer.headers["retry-after"]) > 0
    live.talk.wait(hours=2)
    assert (await ask(person, code)).status_code == 200


async def test_the_code_stands_in_no_address_and_no_page_but_the_receipt(
    live: LiveSite, person: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    import logging

    caplog.set_level(logging.DEBUG)
    code = await filed(person)
    plain = code.replace(" ", "")
    for answer in (await ask(person, code), await ask(person, mistyped(code))):
        assert plain not in str(answer.url) and plain not in answer.text and code not in answer.text
        assert not any(plain in value for value in answer.headers.values())
    caplog.handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert not any(plain in one or code in one for one in ours)
    assert (await person.http.get("/status", params={"code": code})).text.count(code) == 0


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


@pytest.mark.parametrize("level", ["open", "anonymous"])
async def test_a_holder_of_the_code_adds_words_and_a_file(
    live: LiveSite, person: Visitor, level: str
) -> None:
    token = token_of((await ask(person, await filed(person, level))).text)
    other = await live.visitor(session=False)
    answer = await other.http.post(
        "/status/tambah",
        data={"token": token, "text": "sekarang tambah dalam"},
        files={"file": (f"{CANARY}.jpg", jpeg_with_place())},
    )
    assert answer.status_code == 200 and "sudah masuk" in answer.text
    case = await case_of(live)
    async with live.talk.open_uow() as uow:
        thread = await uow.thread.of_case(case.id)
    assert [message.text for message in thread] == ["sekarang tambah dalam"]
    from backend.persistence.tables import attachments

    [row] = await rows(live, attachments)
    assert row.case_id == case.id
    desk = await officer_in(live, Role.VERIFIER)
    page = (await desk.get(f"/meja/kasus/{case.number}")).text
    assert "sekarang tambah dalam" in page and "Belum diperiksa" in page, "it is looked at like the others"
    shown = await desk.get(f"/meja/kasus/{case.number}/berkas/{row.id}")
    assert shown.headers["content-type"] == "image/jpeg" and CANARY.encode() not in shown.content


async def test_an_addition_that_cannot_be_taken_is_told(person: Visitor) -> None:
    token = token_of((await ask(person, await filed(person))).text)
    for data, file, status in (
        ({"text": "  "}, b"", 422),
        ({"text": "a" * 4001}, b"", 422),
        ({"text": "ini"}, b"bukan foto", 415),
    ):
        answer = await person.http.post(
            "/status/tambah", data={"token": token, **data}, files={"file": ("a.jpg", file)}
        )
        assert answer.status_code == status and 'role="alert"' in answer.text


@pytest.mark.parametrize("token", ["", "abc", "0" * 64])
async def test_a_token_of_ones_own_making_opens_nothing(person: Visitor, token: str) -> None:
    answer = await person.http.post("/status/tambah", data={"token": token, "text": "halo"})
    assert answer.status_code == 404


async def test_the_token_of_the_page_is_not_one_of_the_chat(live: LiveSite, visitor: Visitor) -> None:
    code = await filed(visitor)
    token = token_of((await ask(visitor, code)).text)
    async with live.talk.open_uow() as uow:
        conversation = await uow.conversations.find("web", str(next(iter(visitor.http.cookies.values()))))
    assert conversation and live.talk.services.refs.open(conversation, token) is None


async def test_a_photo_alone_is_an_addition(person: Visitor) -> None:
    token = token_of((await ask(person, await filed(person))).text)
    answer = await person.http.post(
        "/status/tambah", data={"token": token}, files={"file": ("a.jpg", jpeg())}
    )
    assert answer.status_code == 200
