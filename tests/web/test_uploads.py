"""Files from strangers over real HTTP: what is kept carries no trace, what cannot be kept is told in a sentence."""

import io
import re
import zlib
from dataclasses import replace

import pikepdf
import pillow_heif
import pytest
from PIL import Image

from tests.support.live_site import LiveSite, Visitor

CANARY = "KANARI-7731"


def jpeg(size: tuple[int, int] = (400, 300), quality: int = 80, exif: Image.Exif | None = None) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, "JPEG", quality=quality, exif=exif or Image.Exif())
    return out.getvalue()


def jpeg_with_place() -> bytes:
    """A photo whose EXIF tells where, when and with what it was taken, turned by 90°."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x013B] = f"Ponsel {CANARY}", 6, f"Pemilik {CANARY}"
    exif.get_ifd(0x8825).update({1: "N", 2: (0.0, 30.0, 15.0), 3: "E", 4: (117.0, 30.0, 1.0)})
    return jpeg(exif=exif)


def png_bomb(side: int = 20_000) -> bytes:
    """A PNG of 400 megapixels in some kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    header = side.to_bytes(4) + side.to_bytes(4) + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(b"\x00" * ((side // 8 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf() -> bytes:
    """A document with an author, XMP metadata, a script that opens itself, and an attached file."""
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Author"] = f"Pelapor {CANARY}"
    with document.open_metadata() as meta:
        meta["dc:creator"] = [f"Pelapor {CANARY}"]
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{CANARY}')")
    document.attachments["rahasia.txt"] = CANARY.encode()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def heic() -> bytes:
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = CANARY
    Image.new("RGB", (64, 48), "teal").save(out, "HEIF", exif=exif.tobytes())
    return out.getvalue()


async def kept(live: LiveSite, upload: str) -> bytes:
    async with live.talk.open_uow() as uow:
        content = await uow.attachments.read(upload)
    assert content is not None
    return content


async def sent(visitor: Visitor, content: bytes, name: str = "foto.jpg") -> tuple[int, dict[str, str]]:
    answer = await visitor.http.post("/api/web/uploads", files={"file": (name, content)})
    data = answer.json()
    return answer.status_code, data


@pytest.mark.database
async def test_a_photo_keeps_its_pixels_and_nothing_else(live: LiveSite, visitor: Visitor) -> None:
    status, told = await sent(visitor, jpeg_with_place(), f"{CANARY}.jpg")
    assert (status, told["kind"]) == (201, "photo")
    content = await kept(live, told["upload"])
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (300, 400), "it stands upright without its EXIF"
        assert not image.getexif() and not image.info.keys() & {"exif", "xmp", "icc_profile", "comment"}
    assert CANARY.encode() not in content and b"Exif" not in content


@pytest.mark.database
async def test_a_document_loses_its_author_its_scripts_and_its_attachments(
    live: LiveSite, visitor: Visitor
) -> None:
    status, told = await sent(visitor, pdf(), "surat.pdf")
    assert (status, told["kind"]) == (201, "document")
    with pikepdf.open(io.BytesIO(await kept(live, told["upload"]))) as document:
        assert not document.docinfo.keys() and not list(document.attachments)
        assert not {"/Metadata", "/OpenAction", "/AA", "/Names"} & set(document.Root.keys())
        out = io.BytesIO()
        document.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert CANARY.encode() not in out.getvalue()


@pytest.mark.database
async def test_a_phones_heic_becomes_a_jpeg(live: LiveSite, visitor: Visitor) -> None:
    status, told = await sent(visitor, heic(), "IMG_0001.HEIC")
    assert (status, told["kind"]) == (201, "photo")
    content = await kept(live, told["upload"])
    assert content.startswith(b"\xff\xd8") and CANARY.encode() not in content


REFUSED = [
    ("a text called .jpg", b"ini bukan foto, hanya tulisan", 415, "web_upload_kind"),
    ("a page called .jpg", b"<html><script>alert(1)</script></html>", 415, "web_upload_kind"),
    ("SVG", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 415, "web_upload_kind"),
    ("a program", b"MZ\x90\x00" + b"\x00" * 200, 415, "web_upload_kind"),
    ("a zip", b"PK\x03\x04" + b"\x00" * 200, 415, "web_upload_kind"),
    ("nothing", b"", 415, "web_upload_empty"),
    ("half a photo", jpeg()[:900], 415, "web_upload_broken"),
    ("a broken PDF", b"%PDF-1.7\nbukan apa-apa", 415, "web_upload_broken"),
    ("a decompression bomb", png_bomb(), 415, "web_upload_kind"),
    ("sixty megapixels", png_bomb(7_800), 413, "web_upload_too_large"),
    ("17 MB", b"\xff\xd8\xff" + b"\x00" * (16 * 1024 * 1024), 413, "web_upload_too_large"),
    ("20 MB", b"\xff\xd8\xff" + b"\x00" * (20 * 1024 * 1024), 413, "web_too_large"),
]


@pytest.mark.database
async def test_what_cannot_be_kept_is_told_in_a_sentence(visitor: Visitor, subtests: pytest.Subtests) -> None:
    for name, content, status, code in REFUSED:
        with subtests.test(name):
            got, error = await sent(visitor, content)
            assert (got, error["code"]) == (status, code)
            assert len(error["detail"]) > 20
    assert (await visitor.say("masih bisa"))["message"]["text"] == "dengar: masih bisa"


@pytest.mark.database
async def test_an_upload_is_exactly_one_file(visitor: Visitor) -> None:
    two = [("file", ("a.jpg", jpeg())), ("file", ("b.jpg", jpeg()))]
    for files in (two, [("lain", ("a.jpg", jpeg()))]):
        answer = await visitor.http.post("/api/web/uploads", files=files)
        assert answer.status_code == 415 and answer.json()["code"] == "web_upload_empty"
    answer = await visitor.http.post("/api/web/uploads", json={"file": "a"})
    assert answer.status_code == 415


@pytest.mark.database
async def test_a_photo_travels_with_the_report(live: LiveSite, visitor: Visitor) -> None:
    _, told = await sent(visitor, jpeg())
    mine = await visitor.send(upload=told["upload"], kind=told["kind"], text=None)
    assert mine.status_code == 202
    await visitor.say("lubang besar")
    asked = [one for request in live.engine.requests for one in request["messages"]]
    assert {"id": told["upload"], "kind": "photo"} in [
        file for one in asked for file in one.get("attachments", ())
    ]


@pytest.mark.database
async def test_the_photo_of_another_is_not_mine_to_attach(live: LiveSite, visitor: Visitor) -> None:
    _, told = await sent(visitor, jpeg())
    await visitor.say("halo")
    thief = await live.visitor()
    await thief.send(upload=told["upload"], kind="photo")
    await thief.say("kirim")
    while "receipt" not in {event["kind"] for event in await thief.events(after=0)}:
        await thief.events(wait=5)
    async with live.talk.database.requests.connect() as connection:
        from backend.persistence.tables import attachments

        rows = (await connection.execute(attachments.select())).all()
    assert [row.case_id for row in rows] == [None]


async def test_a_disk_nearly_full_refuses_files_in_words_and_keeps_texts(live: LiveSite) -> None:
    pipeline = live.site.pipeline
    pipeline.senders = replace(pipeline.senders, has_room=lambda: False)
    sentence = live.site.services.reference.sentence("web_upload_no_room")
    visitor = await live.visitor()
    status, told = await sent(visitor, jpeg())
    assert status == 507 and told["detail"] == sentence
    assert (await visitor.send(text="lampu mati")).status_code == 202
    form = await live.visitor(session=False)
    draft = re.search(r'name="draft" value="([^"]+)"', (await form.http.get("/lapor")).text)
    assert draft is not None
    fields = {"draft": draft[1], "what": "lampu mati", "where": "", "when": "", "issue": "lainnya"}
    answer = await form.http.post(
        "/lapor",
        data={**fields, "identity_level": "open"},
        files={"photo": ("foto.jpg", jpeg(), "image/jpeg")},
    )
    assert answer.status_code == 422 and "ruang simpan hampir penuh" in answer.text
