"""The desk at work: a report from the list to the answer and back, by the roles that do it, and what none of them may."""

from __future__ import annotations

import io
import re

import httpx
import pytest
from PIL import Image

from backend.cases.access import Role
from backend.cases.case import Case
from backend.cases.workflow import State
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from tests.support.builders import NOW, a_case, digest
from tests.support.desk import AtDesk, officer_in
from tests.support.live_site import LiveSite, Visitor

pytestmark = pytest.mark.database


async def filed(
    visitor: Visitor, level: str = "open", issue: str = "lampu_jalan", **more: str
) -> tuple[str, str]:
    """(number, code) of a report by the form."""
    form = await visitor.http.get("/lapor")
    draft = re.search(r'name="draft" value="([^"]+)"', form.text)
    assert draft
    said = {"what": "lampu jalan mati total sudah seminggu", "where": "Sangatta Utara", "when": "", **more}
    page = await visitor.http.post(
        "/lapor", data={"draft": draft[1], "issue": issue, "identity_level": level, **said}
    )
    code = re.search(r"\d{4}( \d{4}){4}", page.text)
    number = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.text)
    assert code and number, page.text
    return number[0], code[0]


def version(page: httpx.Response) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found, page.text
    return found[1]


async def ordered(who: AtDesk, number: str, move: str, **more: str) -> httpx.Response:
    page = await who.get(f"/meja/kasus/{number}")
    assert page.status_code == 200, page.text
    data = {"move": move, "version": version(page), **more}
    return await who.post(f"/meja/kasus/{number}/pindah", data)


async def case_of(database: Database, number: str) -> Case:
    async with opener(database.requests, database.keys.vault)() as uow:
        case = await uow.cases.by_number(number)
    assert case is not None
    return case


async def state_of(database: Database, number: str) -> State:
    return (await case_of(database, number)).state


async def test_from_the_list_to_the_answer_and_back(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    number, code = await filed(visitor)
    desk, office = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.AGENCY)
    listed = await desk.get("/meja")
    assert number in listed.text and "Lampu jalan mati" in listed.text
    assert "hari kerja lagi" in listed.text
    for who, move, more in (
        (desk, "take_up", {}),
        (desk, "assign", {"agency": "dishub-64.08"}),
        (office, "start", {}),
        (office, "answer", {"words": "Lampu sudah kami ganti.", "evidence": "Berita acara di kantor"}),
    ):
        answer = await ordered(who, number, move, **more)
        assert answer.status_code == 303, (move, answer.text)
    assert await state_of(database, number) is State.ANSWERED
    status = await visitor.http.post("/status", data={"code": code})
    assert "Lampu sudah kami ganti." in status.text and "Berita acara di kantor" in status.text
    token = re.search(r'name="token" value="([^"]+)"', status.text)
    assert token
    await visitor.http.post("/status/tambah", data={"token": token[1], "text": "Masih mati, Pak."})
    assert await state_of(database, number) is State.REPORTER_REPLIED
    page = await office.get(f"/meja/kasus/{number}")
    assert "Masih mati, Pak." in page.text
    assert number in (await office.get("/meja")).text


async def test_the_reporter_hears_every_word_that_is_said_with_a_move(
    live: LiveSite, visitor: Visitor
) -> None:
    number, _ = await filed(visitor)
    desk = await officer_in(live, Role.VERIFIER)
    await ordered(desk, number, "take_up")
    await ordered(desk, number, "ask_reporter", words="Tiang yang mana: dekat gerbang atau pos?")
    told = "\n".join(event["message"]["text"] for event in await visitor.events(0))
    assert "Tiang yang mana: dekat gerbang atau pos?" in told
    assert "Menunggu keterangan Anda" in told


async def test_an_answer_without_evidence_is_kept_on_the_page(live: LiveSite, visitor: Visitor) -> None:
    number, _ = await filed(visitor)
    desk, office = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.AGENCY)
    await ordered(desk, number, "take_up")
    await ordered(desk, number, "assign")
    await ordered(office, number, "start")
    refused = await ordered(office, number, "answer", words="Sudah kami perbaiki kemarin sore.")
    assert refused.status_code == 422
    assert "Jawaban perlu bukti" in refused.text and "Sudah kami perbaiki kemarin sore." in refused.text


async def test_a_photo_is_evidence_and_loses_its_metadata(live: LiveSite, visitor: Visitor) -> None:
    number, _ = await filed(visitor)
    desk, office = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.AGENCY)
    await ordered(desk, number, "take_up")
    await ordered(desk, number, "assign")
    await ordered(office, number, "start")
    picture, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "rahasia-di-exif"
    Image.new("RGB", (40, 30), "teal").save(picture, "JPEG", exif=exif)
    page = await office.get(f"/meja/kasus/{number}")
    data = {"move": "answer", "version": version(page), "words": "Sudah diganti, lihat foto."}
    answer = await office.post(
        f"/meja/kasus/{number}/pindah", data, files={"file": ("bukti.jpg", picture.getvalue(), "image/jpeg")}
    )
    assert answer.status_code == 303, answer.text
    address = re.search(
        rf"/meja/kasus/{number}/berkas/[0-9a-f]{{32}}", (await office.get(f"/meja/kasus/{number}")).text
    )
    assert address
    shown = await office.get(address[0])
    assert shown.headers["content-type"] == "image/jpeg" and b"rahasia-di-exif" not in shown.content
    stranger = await officer_in(live, Role.AGENCY, agency="dinkes-64.08")
    assert (await stranger.get(address[0])).status_code == 404


async def test_an_identifier_needs_a_second_look(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    number, _ = await filed(visitor)
    desk = await officer_in(live, Role.VERIFIER)
    words = {"words": "Silakan hubungi 081234567890 ya."}
    refused = await desk.post(f"/meja/kasus/{number}/balas", words)
    assert refused.status_code == 422 and "<mark>081234567890</mark>" in refused.text
    seal = re.search(r'name="sure" value="([0-9a-f]+)"', refused.text)
    assert seal and "Kirim juga" in refused.text
    other = {"words": "Silakan hubungi 081234567891 ya.", "sure": seal[1]}
    assert (await desk.post(f"/meja/kasus/{number}/balas", other)).status_code == 422, "for those words only"
    sent = await desk.post(f"/meja/kasus/{number}/balas", {**words, "sure": seal[1]})
    assert sent.status_code == 303
    case = await case_of(database, number)
    async with opener(database.requests, database.keys.vault)() as uow:
        lines = [one for one in await uow.audit.of_case(case.id) if one.action == "sent_despite_check"]
    assert [one.details["found"] for one in lines] == ["identifier"]


async def test_words_of_a_note_do_not_leave_unseen(live: LiveSite, visitor: Visitor) -> None:
    number, _ = await filed(visitor)
    desk = await officer_in(live, Role.VERIFIER)
    note = "kontraktor lama belum dibayar sejak bulan Maret, jangan disebut dulu"
    await desk.post(f"/meja/kasus/{number}/catat", {"text": note})
    words = {"words": f"Mohon maaf, {note}. Kami kabari lagi."}
    refused = await desk.post(f"/meja/kasus/{number}/balas", words)
    assert refused.status_code == 422 and "Sama dengan catatan petugas" in refused.text
    looked = await desk.post(
        f"/meja/kasus/{number}/periksa", {"words": "Sehubungan dengan itu, mohon maklum."}
    )
    assert "Supaya lebih mudah dibaca" in looked.text and "Kirim juga" not in looked.text
    unfilled = {"words": "Sudah kami perbaiki pada [tulis tanggal], {batas}."}
    page = await desk.post(f"/meja/kasus/{number}/balas", unfilled)
    assert "Belum diisi" in page.text and "<mark>{batas}</mark>" not in page.text, "what is known is filled"


async def test_two_officers_at_once_and_the_second_sees_what_changed(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    number, _ = await filed(visitor)
    first, second = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.ADMIN)
    old = version(await second.get(f"/meja/kasus/{number}"))
    await ordered(first, number, "take_up")
    late = await second.post(f"/meja/kasus/{number}/pindah", {"move": "assign", "version": old})
    assert late.status_code == 409 and "diubah petugas lain" in late.text
    assert "<b>Mulai diverifikasi</b> · Jabatan verifikator" in late.text
    assert await state_of(database, number) is State.IN_VERIFICATION


async def test_a_note_is_for_officers_only(live: LiveSite, visitor: Visitor) -> None:
    number, code = await filed(visitor)
    desk = await officer_in(live, Role.VERIFIER)
    await desk.post(f"/meja/kasus/{number}/catat", {"text": "catatan-dalam-rahasia"})
    assert "catatan-dalam-rahasia" in (await desk.get(f"/meja/kasus/{number}")).text
    status = await visitor.http.post("/status", data={"code": code})
    assert "catatan-dalam-rahasia" not in status.text
    assert not any("catatan-dalam-rahasia" in str(event) for event in await visitor.events(0))


async def test_identity_needs_a_reason_and_leaves_a_line(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    number, _ = await filed(visitor)
    admin = await officer_in(live, Role.ADMIN)
    assert (await admin.post(f"/meja/kasus/{number}/identitas")).status_code == 422
    shown = await admin.post(f"/meja/kasus/{number}/identitas", {"reason": "Perlu tanya patokan"})
    assert shown.status_code == 200 and "tanpa meninggalkan nomor" in shown.text
    async with opener(database.requests, database.keys.vault)() as uow:
        case = await uow.cases.by_number(number)
        assert case is not None
        (line,) = [one for one in await uow.audit.of_case(case.id) if one.action == "identity_revealed"]
    assert (line.actor, line.reason) == (admin.officer.id, "Perlu tanya patokan")
    hidden, _ = await filed(await live.visitor(), "anonymous")
    refused = await admin.post(f"/meja/kasus/{hidden}/identitas", {"reason": "ingin tahu"})
    assert refused.status_code == 403


async def test_a_sensitive_case_reaches_an_office_only_through_a_named_officer(
    live: LiveSite, visitor: Visitor
) -> None:
    number, _ = await filed(visitor, issue="perempuan_anak")
    admin, office = await officer_in(live, Role.ADMIN), await officer_in(live, Role.AGENCY)
    verifier = await officer_in(live, Role.VERIFIER)
    for who in (office, verifier):
        assert (await who.get(f"/meja/kasus/{number}")).status_code == 404
    await ordered(admin, number, "take_up")
    await ordered(admin, number, "assign", agency="dishub-64.08", officer=office.officer.id)
    assert (await office.get(f"/meja/kasus/{number}")).status_code == 200
    assert (await verifier.get(f"/meja/kasus/{number}")).status_code == 404


async def test_the_search_finds_numbers_codes_and_words(live: LiveSite, visitor: Visitor) -> None:
    number, code = await filed(visitor, what="tiang miring hampir roboh dekat warung")
    await filed(await live.visitor(), what="lampu kedip terus")
    desk = await officer_in(live, Role.VERIFIER)
    for text in (number, number.lower().replace("-", ""), code):
        found = await desk.get("/meja", params={"cari": text})
        assert found.status_code == 303 and found.headers["location"].endswith(number)
    found = await desk.get("/meja", params={"cari": "roboh miring"})
    assert found.text.count('class="what"') == 1 and number in found.text
    assert "Tidak ada laporan yang cocok" in (await desk.get("/meja", params={"cari": "zzzqq"})).text


async def test_pages_of_the_list_hold_every_case_once(live: LiveSite, database: Database) -> None:
    async with opener(database.requests, database.keys.vault)() as uow:
        for n in range(200, 323):
            await uow.cases.add(a_case(n, at=NOW), digest(n))
        await uow.commit()
    desk = await officer_in(live, Role.VERIFIER)
    seen: list[str] = []
    address: str | None = "/meja"
    while address:
        page = await desk.get(address)
        seen += re.findall(r"<code>([0-9A-Z-]+)</code>", page.text)
        more = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = more[1].replace("&amp;", "&") if more else None
    assert len(seen) == len(set(seen)) == 123


async def test_leaders_read_and_change_nothing(live: LiveSite, visitor: Visitor, database: Database) -> None:
    number, _ = await filed(visitor)
    leader = await officer_in(live, Role.LEADER)
    page = await leader.get(f"/meja/kasus/{number}")
    assert page.status_code == 200 and "Tidak ada langkah untuk jabatan Anda" in page.text
    for part in ("pindah", "balas", "catat", "tunjuk", "identitas"):
        answer = await leader.post(
            f"/meja/kasus/{number}/{part}", {"move": "take_up", "version": "1", "words": "x", "reason": "x"}
        )
        assert answer.status_code == 403
    assert await state_of(database, number) is State.RECEIVED
