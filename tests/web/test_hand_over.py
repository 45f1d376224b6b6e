"""`/meja/serah`: fields to copy, the number that LAPOR! gave, a sheet out and in, and only what is in the officer's view."""

from dataclasses import replace

import pytest

from backend.cases.access import Role
from backend.cases.case import IdentityLevel
from backend.cases.submission import Progress
from backend.cases.workflow import State
from tests.persistence.handover_contract import a_line
from tests.support.builders import a_case, digest
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite
from tests.web.test_photos import ORIGINAL, put

pytestmark = pytest.mark.database


async def filed(live: LiveSite) -> None:
    async with live.talk.open_uow() as uow:
        await uow.cases.add(a_case(1, number="ABCD-2345"), digest(1))
        sealed = a_case(2, number="ABCD-2346", identity_level=IdentityLevel.ANONYMOUS, state=State.ASSIGNED)
        await uow.cases.add(sealed, digest(2))
        await uow.cases.add(a_case(3, number="ABCD-2347", oversight=True), digest(3))
        await uow.commit()


async def test_a_case_is_handed_on_with_its_number(live: LiveSite) -> None:
    await filed(live)
    who = await officer_in(live, Role.VERIFIER)
    page = (await who.get("/meja/serah")).text
    assert (
        "ABCD-2345" in page and "lampu depan pasar lama mati tiga malam" in page and "ABCD-2347" not in page
    )
    assert "Serahkan ke LAPOR!" in page
    wrong = await who.post("/meja/serah/nomor", {"case": "ABCD-2345", "number": "x"})
    assert wrong.status_code == 422 and "5 sampai 12 angka" in wrong.text
    done = await who.post("/meja/serah/nomor", {"case": "ABCD-2345", "number": "#7654321"})
    assert done.status_code == 303
    hidden = await who.post("/meja/serah/nomor", {"case": "ABCD-2347", "number": "7654322"})
    assert hidden.status_code == 422 and "Tidak ada laporan" in hidden.text
    async with live.talk.open_uow() as uow:
        line, case = await uow.handovers.of_case(a_case(1).id), await uow.cases.by_id(a_case(1).id)
        assert line and case and line.by == who.officer.id and case.lapor_tracking_id == "7654321"
    assert 'id="judul-ABCD-2345"' not in (await who.get("/meja/serah")).text


async def test_the_ledger_says_what_when_by_whom_and_what_differs(live: LiveSite) -> None:
    await filed(live)
    who = await officer_in(live, Role.VERIFIER)
    assert "Belum ada laporan yang diserahkan" in (await who.get("/meja/serah/buku")).text
    await who.post("/meja/serah/nomor", {"case": "ABCD-2345", "number": "7654321"})
    async with live.talk.open_uow() as uow:
        hidden = a_line(a_case(3).id, their_number="7654329", progress=Progress.HANDED_ON)
        failed = a_line(a_case(2).id, progress=Progress.REFUSED, last_error="refused: http 422", attempts=2)
        line = await uow.handovers.of_case(a_case(1).id)
        assert line is not None
        await uow.handovers.write(replace(line, differences=("title",), their_state="Diproses"))
        for one in (hidden, failed):
            await uow.handovers.write(one)
        await uow.commit()
    page = (await who.get("/meja/serah/buku")).text
    for words in (
        "7654321",
        "Jabatan verifikator",
        "Diproses",
        "Berbeda di LAPOR!: Judul",
        "Ditolak LAPOR!",
        "http 422",
    ):
        assert words in page, words
    assert "7654329" not in page and "ABCD-2347" not in page, "out of view"
    assert (await who.get("/meja/serah/buku?sebelum=rusak_x")).status_code == 200


async def test_a_sheet_goes_out_and_comes_back(live: LiveSite) -> None:
    await filed(live)
    who = await officer_in(live, Role.VERIFIER)
    taken = await who.get("/meja/serah/lembar")
    assert taken.headers["content-type"].startswith("text/csv") and "ABCD-2346" in taken.text
    filled = taken.text.replace('"ABCD-2345",""', '"ABCD-2345","7000001"').replace(
        '"ABCD-2346",""', '"ABCD-2346","abc"'
    )
    told = await who.post("/meja/serah/lembar", files={"sheet": ("isi.csv", filled.encode())})
    assert "1 nomor tercatat" in told.text and "Baris 3: Nomor LAPOR!" in told.text
    broken = await who.post("/meja/serah/lembar", files={"sheet": ("isi.csv", b"\xff\xfe")})
    assert broken.status_code == 422 and "tidak bisa dibaca" in broken.text


async def test_roles_without_the_act_are_turned_away(live: LiveSite) -> None:
    who = await officer_in(live, Role.AGENCY)
    assert (await who.get("/meja/serah")).status_code == 403


async def test_photos_that_wait_are_counted_and_go_along_once_checked(live: LiveSite) -> None:
    picture = ("photo", "image/jpeg", ORIGINAL)
    first, second = await put(live, a_case(1, number="ABCD-2345"), picture, picture)
    await put(live, a_case(2, number="ABCD-2346", identity_level=IdentityLevel.ANONYMOUS), picture)
    who = await officer_in(live, Role.VERIFIER)
    page = (await who.get("/meja/serah")).text
    assert "2 foto belum ikut karena belum diperiksa" in page and "Foto yang boleh ikut" not in page
    assert f'href="/meja/kasus/ABCD-2345/foto/{first}"' in page
    assert "1 foto tidak ikut: foto bisa menunjukkan siapa pelapornya" in page
    checked = await who.post(f"/meja/kasus/ABCD-2345/foto/{first}", {"boxes": "[]"})
    assert checked.status_code == 303
    page = (await who.get("/meja/serah")).text
    assert "1 foto belum ikut karena belum diperiksa" in page and f"foto/{second}" in page
    assert f'href="/meja/kasus/ABCD-2345/berkas/{first}"' in page and f"foto/{first}" not in page


async def test_an_answer_marked_on_the_case_page_is_copied_by_hand(live: LiveSite) -> None:
    await filed(live)
    who = await officer_in(live, Role.VERIFIER)
    page = (await who.get("/meja/kasus/ABCD-2345")).text
    assert "Tampilkan juga di SP4N-LAPOR!" in page
    words = "Terima kasih, petugas kami jadwalkan besok pagi."
    sent = await who.post("/meja/kasus/ABCD-2345/balas", {"words": words, "lapor": "1"})
    assert sent.status_code == 303
    only = await who.post("/meja/kasus/ABCD-2345/balas", {"words": "Ini antara kita saja."})
    assert only.status_code == 303
    assert "belum ada di LAPOR!" in (await who.get("/meja/kasus/ABCD-2345")).text
    assert words not in (await who.get("/meja/serah")).text, "LAPOR! does not have the case yet"
    await who.post("/meja/serah/nomor", {"case": "ABCD-2345", "number": "7654321"})
    page = (await who.get("/meja/serah")).text
    assert words in page and "antara kita" not in page
    async with live.talk.open_uow() as uow:
        (line,) = await uow.replies_there.of_case(a_case(1).id)
    wrong = await who.post("/meja/serah/jawaban", {"case": "ABCD-2347", "message": line.message_id})
    assert wrong.status_code == 404
    done = await who.post("/meja/serah/jawaban", {"case": "ABCD-2345", "message": line.message_id})
    assert done.status_code == 303
    assert words not in (await who.get("/meja/serah")).text
    assert "ada juga di LAPOR!" in (await who.get("/meja/kasus/ABCD-2345")).text
