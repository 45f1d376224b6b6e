"""From the reporter's photo to the field copy: who is served which bytes, what stays on record, and what a crew takes along."""

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from backend.cases.access import Act, Role, has
from backend.cases.case import Case, IdentityLevel
from backend.cases.place import PlaceSource
from backend.cases.workflow import State
from backend.usecases.ports import Attachment
from tests.support.builders import SANGATTA, a_case, digest
from tests.support.desk import AtDesk, officer_in
from tests.support.live_site import LiveSite
from tests.web.test_desk_matrix import KINDS, file_of, people, ways

pytestmark = pytest.mark.database

WORDS = "KANARI-KATA di rumah saya nomor 7 telepon 0812-3456-7890"
PIN = replace(
    SANGATTA,
    text=WORDS,
    landmark="dekat 081234567890 depan KANARI-PATOKAN",
    latitude=0.51234,
    longitude=117.43219,
    accuracy_m=9.0,
    source=PlaceSource.PIN,
)


def photo(colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return out.getvalue()


ORIGINAL = photo()


async def put(live: LiveSite, case: Case, *files: tuple[str, str, bytes]) -> list[str]:
    """The case with its files; their ids."""
    ids = [f"{int(case.id, 16) * 16 + n + 0xA0000:032x}" for n in range(len(files))]
    async with live.site.open_uow() as uow:
        await uow.cases.add(case, digest(int(case.id, 16)))
        for one, (kind, media, content) in zip(ids, files, strict=True):
            stored = Attachment(one, kind, media, len(content), None, case.id)
            await uow.attachments.store(stored, content)  # type: ignore[attr-defined]
        await uow.commit()
    return ids


async def audited(live: LiveSite, case: Case) -> list[tuple[str, str, str]]:
    async with live.site.open_uow() as uow:
        return [(one.action, one.actor, one.reason) for one in await uow.audit.of_case(case.id)]


async def test_from_whole_to_covered_to_reopened(live: LiveSite) -> None:
    case = a_case(1, state=State.ASSIGNED, identity_level=IdentityLevel.CONFIDENTIAL)
    [first, second, paper] = await put(
        live, case, *[("photo", "image/jpeg", ORIGINAL)] * 2, ("document", "application/pdf", b"%PDF-1.4 isi")
    )
    desk, office = await officer_in(live, Role.VERIFIER), await officer_in(live, Role.AGENCY)
    page, file = f"/meja/kasus/{case.number}", f"/meja/kasus/{case.number}/berkas/{first}"
    tool = f"/meja/kasus/{case.number}/foto/{first}"

    assert (await desk.get(file)).content == ORIGINAL
    assert "Belum diperiksa" in (await desk.get(page)).text
    closed = await office.get(file)
    assert closed.status_code == 403 and "memeriksanya" in closed.text
    assert (await office.get(tool)).status_code == 403
    told = (await office.get(page)).text
    assert told.count("belum diperiksa admin induk") == 2 and "tidak bisa ditutup sebagian" in told
    assert (await office.get(f"{page}/berkas/{paper}")).status_code == 403
    assert (await desk.get(f"{page}/berkas/{paper}")).headers["content-disposition"].startswith("attachment")
    assert (await desk.get(f"{page}/foto/{paper}")).status_code == 404, "a document has no field copy"

    assert (await desk.post(tool, {"boxes": "[[0,0,9,9]]"})).status_code == 422
    assert (await desk.post(tool, {"boxes": "[[0.5,0.5,0.25,0.25]]"})).status_code == 303
    for who in (desk, office):
        copy = await who.get(file)
        assert copy.status_code == 200 and copy.content != ORIGINAL
        with Image.open(io.BytesIO(copy.content)) as picture:
            dark, light = picture.getpixel((200, 150)), picture.getpixel((20, 20))
        assert isinstance(dark, tuple) and isinstance(light, tuple) and max(dark) < 60 and min(light) > 240
    assert (await office.get(f"{page}/berkas/{second}")).status_code == 403, (
        "each photo is checked for itself"
    )
    assert "1 bagian ditutup" in (await office.get(page)).text

    assert (await office.post(tool, {"boxes": "[[0,0,0.1,0.1]]"})).status_code == 303, (
        "an office may cover more"
    )
    with Image.open(io.BytesIO((await desk.get(file)).content)) as picture:
        assert max(picture.getpixel((5, 5))) < 60 and max(picture.getpixel((200, 150))) < 60  # type: ignore[arg-type]

    assert (await desk.post(f"{tool}/asli", {"reason": " "})).status_code == 422
    whole = await desk.post(f"{tool}/asli", {"reason": "memastikan pelat nomor"})
    assert whole.content == ORIGINAL and whole.headers["cache-control"] == "no-store"
    assert (await office.post(f"{tool}/asli", {"reason": "ingin lihat"})).status_code == 403
    assert (await desk.post(f"{tool}/ulang", {"reason": "kotak terlalu besar"})).status_code == 303
    assert (await office.get(file)).status_code == 403 and (await desk.get(file)).content == ORIGINAL
    assert "[[0.5, 0.5, 0.25, 0.25]" in (await desk.get(tool)).text, "the earlier boxes are offered again"
    assert [one[0] for one in await audited(live, case)] == [
        "photo_covered",
        "photo_covered",
        "original_opened",
        "photo_reopened",
    ]
    assert ("original_opened", desk.officer.id, "memastikan pelat nomor") in await audited(live, case)


async def test_no_address_serves_a_covered_photo_whole(live: LiveSite) -> None:
    """Every page of every role, and every kind of case: the original comes out in one way only, with a reason."""
    officers = await people(live)
    async with live.site.open_uow() as uow:
        from backend.usecases.cover_photo import cover_photo

        async def burn(boxes: Any) -> bytes:
            return b"salinan"

        for case in KINDS.values():
            now = live.site.clock()
            await cover_photo(case, file_of(case), b"foto", [], burn, "p", uow, now)
        await uow.commit()
    served, asked = set(), 0
    for way in ways(live):
        for role, one in officers.items():
            for kind, case in KINDS.items() if way.of_a_case else [("-", None)]:
                if way.method == "POST" and not way.path.endswith("/asli"):
                    continue
                path = way.filled(case)
                more = {"data": {"csrf": one.csrf, "reason": "uji"}} if way.method == "POST" else {}
                answer = await one.http.request(way.method, path, **more)
                asked += 1
                if answer.content == b"foto":
                    served.add((way.path.rpartition("/")[2], role))
                if answer.status_code == 200 and way.method == "POST":
                    assert has(one.officer, Act.OPEN_ORIGINAL), (role, kind)
    assert {name for name, _ in served} == {"asli"} and asked > 500
    assert {role for _, role in served} == {
        name for name, one in officers.items() if has(one.officer, Act.OPEN_ORIGINAL)
    }


async def test_a_photo_that_is_no_picture_makes_no_copy(live: LiveSite) -> None:
    case = a_case(1)
    [broken] = await put(live, case, ("photo", "image/jpeg", b"bukan gambar"))
    desk = await officer_in(live, Role.VERIFIER)
    answer = await desk.post(f"/meja/kasus/{case.number}/foto/{broken}", {"boxes": "[]"})
    assert answer.status_code == 422 and await audited(live, case) == []


async def packet(one: AtDesk, case: Case) -> str:
    answer = await one.get(f"/meja/kasus/{case.number}/lapangan")
    assert answer.status_code == 200
    return answer.text


async def test_the_packet_carries_facts_and_nothing_of_the_reporter(live: LiveSite) -> None:
    plain = a_case(1, place=PIN, description=WORDS, objection="KANARI-KEBERATAN")
    sealed = a_case(2, place=PIN, description=WORDS, identity_level=IdentityLevel.ANONYMOUS)
    secret = a_case(3, place=PIN, description=WORDS, sensitive=True)
    files = [("photo", "image/jpeg", ORIGINAL)] * 2 + [("voice", "audio/ogg", b"OggS suara")]
    ids = {case.number: await put(live, case, *files) for case in (plain, sealed, secret)}
    admin = await officer_in(live, Role.ADMIN)
    for case in (plain, sealed, secret):
        tool = f"/meja/kasus/{case.number}/foto/{ids[case.number][0]}"
        assert (await admin.post(tool, {"boxes": "[]"})).status_code == 303
        page = await packet(admin, case)
        assert "Lampu jalan" in page and "Kec. Sangatta Utara" in page and case.number in page
        for leak in ("KANARI-KATA", "KANARI-KEBERATAN", "0812", "Pelapor-", "anonim"):
            assert leak not in page, leak
        shown, waiting, sound = (f"berkas/{one}" in page for one in ids[case.number])
        assert shown and not waiting and not sound, "only what was looked at goes along"
        assert "1 foto belum diperiksa" in page and "1 berkas lain" in page
    assert "0.51234, 117.43219" in await packet(admin, plain)
    assert "KANARI-PATOKAN" in await packet(admin, plain), "a landmark helps; its number is masked"
    for case in (sealed, secret):
        page = await packet(admin, case)
        assert "51234" not in page and "43219" not in page
    assert "KANARI-PATOKAN" not in await packet(admin, sealed) and "dibulatkan" in await packet(admin, sealed)
