"""Canaries: an anonymous reporter's traces are planted through real HTTP, and after the purge none of them is found in any
table, in a dump, in the log, or in the opened cases; not even encoded."""

import base64
import io
import logging
import re
import zlib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pikepdf
import pytest
from PIL import Image

from backend.persistence import backup
from backend.run import quiet_libraries
from tests.conversations.test_privacy import everything
from tests.support.live_site import LiveSite, Visitor
from tests.web.test_form import draft_of

pytestmark = pytest.mark.database
HEADERS = {
    "User-Agent": "KanariAgen/7.31 (Ponsel Kanari X9)",
    "X-Forwarded-For": "203.0.113.77",
    "Forwarded": "for=203.0.113.78",
    "X-Real-IP": "203.0.113.79",
    "Referer": "https://kanari-asal.example/halaman",
    "Accept-Language": "kanari-bahasa",
    "X-Device-Id": "kanari-perangkat-55",
}


def typed() -> dict[str, str]:
    """What the person wrote about themselves: patterns put together at run time, of nobody."""
    return {
        "NIK": "6408" + "0512" + "9000" + "0777",
        "KK": "6408" + "0506" + "1200" + "3331",
        "phone": "0812" + "5550" + "1779",
        "phone abroad": "+62 857 " + "1900 4466",
        "landline": "0549" + " 778" + "1934",
        "e-mail": "kanari.pelapor@contoh-kanari.id",
        "link": "https://wa.me/62812" + "77665544",
        "handle": "@kanari_akun_saya",
        "plate": "KT 7" + "731 ZQX",
        "bank account": "7731" + "9900" + "4417" + "2",
    }


def hidden_in_files() -> dict[str, bytes]:
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x9286] = "KanariMerek", "KanariPemilik", "KanariKomentar"
    exif.get_ifd(0x8825).update({1: "S", 2: (0.0, 31.0, 7.31), 3: "E", 4: (117.0, 33.0, 1.77)})
    photo = io.BytesIO()
    Image.effect_noise((320, 240), 80).convert("RGB").save(
        photo, "JPEG", exif=exif, comment=b"KanariJpegKomentar"
    )
    letter = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Author"] = "KanariPenulis"
    document.docinfo["/Producer"] = "KanariPrinter"
    with document.open_metadata() as meta:
        meta["dc:creator"] = ["KanariPenulisXmp"]
    document.save(letter)
    return {"KanariNamaFoto.jpg": photo.getvalue(), "KanariNamaSurat.pdf": letter.getvalue()}


FILE_WORDS = [
    "KanariMerek", "KanariPemilik", "KanariKomentar", "KanariJpegKomentar", "KanariPenulis", "KanariPrinter",
    "KanariPenulisXmp", "KanariNamaFoto", "KanariNamaSurat",
]  # fmt: skip


def forms(canary: str) -> Iterable[bytes]:
    """How a trace may be written: plain, without separators, hexadecimal, base64 at each of its three offsets, UTF-16."""
    for text in {canary, re.sub(r"[\s.\-]", "", canary)}:
        raw = text.encode()
        yield raw
        yield raw.hex().encode()
        yield text.encode("utf-16-le")
        for offset in range(3):
            encoded = base64.b64encode(b"\x00" * offset + raw)
            middle = encoded[4 if offset else 0 : len(encoded) - 4]
            if len(middle) >= 8:
                yield middle


def found_in(content: bytes, canaries: Iterable[str]) -> list[str]:
    lowered = content.lower()
    return [one for one in canaries if any(form.lower() in lowered for form in forms(one))]


def unpacked(dump: bytes) -> bytes:
    """A dump with its compressed parts opened."""
    parts = [dump]
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", dump):
        try:
            parts.append(zlib.decompressobj().decompress(dump[start.start() :]))
        except zlib.error:
            continue
    return b"\n".join(parts)


async def report_by_chat(live: LiveSite) -> list[str]:
    """An anonymous report in the chat; returns the session's secret."""
    visitor = await live.visitor(HEADERS)
    visitor.http.cookies.set("kanari_kuki", "kanari-nilai-kuki")
    for name, content in hidden_in_files().items():
        told = (await visitor.http.post("/api/web/uploads", files={"file": (name, content)})).json()
        await visitor.send(upload=told["upload"], kind=told["kind"])
    await visitor.send(location={"latitude": -0.517731, "longitude": 117.531977, "accuracy_m": 7.31})
    for word, value in typed().items():
        await visitor.say(f"{word} saya {value} ya")
    receipt = await visitor.say("jalan berlubang kirim anonim")
    while receipt["kind"] != "receipt":
        receipt = (await visitor.events(wait=5) or [receipt])[-1]
    return [*visitor.http.cookies.values(), str(receipt["code"]), str(receipt["code"]).replace(" ", "")]


async def report_by_form(live: LiveSite) -> list[str]:
    """The same through the page without scripts."""
    visitor = await live.visitor(HEADERS, session=False)
    visitor.http.cookies.set("kanari_kuki", "kanari-nilai-kuki")
    (name, content), _ = hidden_in_files().items()
    values = {
        "draft": draft_of((await visitor.http.get("/lapor")).text),
        "what": "jalan berlubang parah. " + ". ".join(f"{word}: {value}" for word, value in typed().items()),
        "where": f"dekat rumah saya, telepon {typed()['phone']}",
        "when": f"tadi, tanya {typed()['e-mail']}",
        "issue": "jalan_rusak",
        "identity_level": "anonymous",
    }
    answer = await visitor.http.post("/lapor", data=values, files={"photo": (name, content)})
    assert answer.status_code == 201
    code = re.search(r'id="code">([\d ]{24})<', answer.text)
    assert code
    await ask_and_add(visitor, code[1])
    return [code[1], code[1].replace(" ", "")]


async def ask_and_add(visitor: Visitor, code: str) -> httpx.Response:
    page = await visitor.http.post("/status", data={"code": code})
    token = re.search(r'name="token" value="([^"]+)"', page.text)
    assert token
    text = f"tambahan dari {typed()['phone']} dan {typed()['e-mail']}"
    answer = await visitor.http.post("/status/tambah", data={"token": token[1], "text": text})
    assert answer.status_code == 200
    return answer


# The scripted engine forgets files that came in earlier turns: those go with the conversation.
@pytest.mark.parametrize(("way", "n_files"), [(report_by_chat, 0), (report_by_form, 1)])
async def test_no_trace_of_an_anonymous_reporter_is_left(
    live: LiveSite,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    way: Any,
    n_files: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    quiet_libraries()
    secrets = await way(live)
    canaries = [
        *typed().values(), *FILE_WORDS, *secrets, "-0.517731", "117.531977",
        "KanariAgen", "203.0.113.7", "kanari-asal", "kanari-bahasa", "kanari-nilai-kuki", "kanari-perangkat",
    ]  # fmt: skip
    assert found_in(caplog.text.encode(), canaries) == []
    live.talk.wait(hours=25)
    await live.talk.pipeline.timers.purge(live.talk.clock() + timedelta(minutes=1))

    database = live.talk.database
    assert found_in(await everything(database), canaries) == []
    await backup.dump_to(database, tmp_path / "cadangan.dump")
    assert found_in(unpacked((tmp_path / "cadangan.dump").read_bytes()), canaries) == []
    assert found_in(caplog.text.encode(), canaries) == []
    async with live.talk.open_uow() as uow:
        cases = [one for n in await case_ids(live) if (one := await uow.cases.by_id(n))]
        thread = [message for case in cases for message in await uow.thread.of_case(case.id)]
        files = [await uow.attachments.read(name) for name in await attachment_ids(live)]
    assert (len(cases), len(files)) == (1, n_files)
    opened = repr(cases) + repr(thread)
    assert "jalan berlubang" in opened
    assert found_in(opened.encode(), canaries) == [], "even opened with every key"
    assert found_in(b"".join(file or b"" for file in files), canaries) == []


async def case_ids(live: LiveSite) -> list[str]:
    from backend.persistence.tables import cases
    from tests.web.test_form import rows

    return [row.id for row in await rows(live, cases)]


async def attachment_ids(live: LiveSite) -> list[str]:
    from backend.persistence.tables import attachments
    from tests.web.test_form import rows

    return [row.id for row in await rows(live, attachments)]


def test_the_search_finds_what_it_looks_for() -> None:
    """A search that can find nothing would prove nothing."""
    canary = typed()["e-mail"]
    for form in (
        canary.encode(),
        canary.encode().hex().encode(),
        base64.b64encode(b"x" + canary.encode() + b"yz"),
        base64.b64encode(b"xy" + canary.encode() + b"z"),
        base64.b64encode(canary.encode() + b"xyz"),
        canary.encode("utf-16-le"),
        canary.upper().encode(),
    ):
        assert found_in(b"vorher " + form + b" nachher", [canary]) == [canary]
    assert found_in(unpacked(b"PGDMP" + zlib.compress(canary.encode())), [canary]) == [canary]
