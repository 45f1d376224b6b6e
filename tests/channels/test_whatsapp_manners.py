"""What only this channel has: windows and templates, STOP, edits, takings back, files, quoted answers, late messages, hidden numbers."""

from __future__ import annotations

import asyncio
import hashlib
import io
from datetime import timedelta

import pytest
from PIL import Image

from backend.channels.whatsapp.templates import register
from tests.support.whatsapp import Line

pytestmark = pytest.mark.database


def photo(color: str = "teal") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "KANARI-7731"
    Image.new("RGB", (60, 40), color).save(out, "JPEG", exif=exif)
    return out.getvalue()


async def test_an_album_and_its_words_are_one_turn(line: Line) -> None:
    phone = line.meta.phone()
    await asyncio.gather(
        phone.file("image", photo("teal"), "image/jpeg", caption="lampu mati"),
        phone.file("image", photo("navy"), "image/jpeg"),
    )
    await line.screens(phone, 1)
    await line.quiet()
    turns = [one for one in line.engine.requests if one["attempt"] == 1]
    assert len(turns) == 1
    files = [file["id"] for one in turns[0]["messages"] for file in one.get("attachments", ())]
    assert len(files) == 2
    async with line.open_uow() as uow:
        kept = [await uow.attachments.read(one) for one in files]
    assert all(content is not None and b"KANARI" not in content for content in kept)


async def test_a_file_that_is_none_is_told_kindly(line: Line) -> None:
    phone = line.meta.phone()
    await phone.file("document", b"PK\x03\x04 bukan dokumen", "application/zip")
    told = await line.screens(phone, 1)
    assert "dengar" not in told
    assert line.engine.requests == []


async def test_a_file_whose_digest_differs_is_not_taken(line: Line) -> None:
    phone = line.meta.phone()
    media = line.meta.keep(photo(), "image/jpeg")
    await phone.send("image", {"id": media, "sha256": hashlib.sha256(b"lain").hexdigest()})
    await asyncio.sleep(0.5)
    rows = await line.rows("SELECT fetches FROM inbox")
    assert rows[0]["fetches"] >= 1
    assert await line.rows("SELECT 1 FROM attachments") == []


async def test_stop_and_resume(line: Line) -> None:
    phone = line.meta.phone()
    assert "tidak kami kirim lagi" in await line.ask(phone, "STOP")
    assert (await line.rows("SELECT stopped FROM recipients"))[0]["stopped"]
    assert "akan kami kirim lagi" in await line.ask(phone, "mulai kabar")
    assert not (await line.rows("SELECT stopped FROM recipients"))[0]["stopped"]
    assert line.engine.requests == []


async def test_outside_the_window_a_template_goes_out_and_without_one_it_waits(line: Line) -> None:
    phone = line.meta.phone()
    await line.ask(phone, "halo")
    line.talk.wait(hours=30)
    async with line.open_uow() as uow:
        conversation = (await line.rows("SELECT id FROM conversations"))[0]["id"]
        await uow.outbox.put(
            conversation, "notice", {"text": "Kabar laporan.", "sentence": "notice_move"}, line.talk.clock()
        )
        await uow.commit()
    line.talk.pipeline.wakeups.outbox.ring()
    async with asyncio.timeout(10):
        while not await line.rows("SELECT 1 FROM outbox WHERE error_code = 'window_closed'"):
            await asyncio.sleep(0.05)
    assert len(phone.screens) == 1
    row = register().rows[0]
    line.meta.templates[row.name, row.language] = "APPROVED"
    change = {
        "event": "APPROVED",
        "message_template_name": row.name,
        "message_template_language": row.language,
    }
    told = {"field": "message_template_status_update", "value": change}
    await line.meta.post.send(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [told]}]}
    )
    line.talk.wait(hours=7)
    assert await line.screens(phone, 2) == "Kabar laporan."
    assert phone.screens[-1].kind == f"template {row.name}"


async def test_what_waited_goes_out_when_the_person_writes(line: Line) -> None:
    phone = line.meta.phone()
    await line.ask(phone, "halo")
    line.talk.wait(hours=30)
    async with line.open_uow() as uow:
        conversation = (await line.rows("SELECT id FROM conversations"))[0]["id"]
        await uow.outbox.put(
            conversation, "notice", {"text": "Kabar laporan.", "sentence": "notice_move"}, line.talk.clock()
        )
        await uow.commit()
    line.talk.pipeline.wakeups.outbox.ring()
    await asyncio.sleep(0.5)
    await phone.say("ada kabar?")
    await line.screens(phone, 3)
    assert {screen.text for screen in phone.screens[1:]} == {"Kabar laporan.", "dengar: ada kabar?"}


async def test_a_window_that_meta_finds_closed(line: Line) -> None:
    """We think it is open, Meta does not: the template goes out instead."""
    phone = line.meta.phone()
    for row in register().rows:
        line.meta.templates[row.name, row.language] = "APPROVED"
        async with line.open_uow() as uow:
            await uow.line.template_state(row.name, row.language, "approved", line.talk.clock())
            await uow.commit()
    line.meta.window = "answer"
    message = phone.message("text", {"body": "halo"})
    phone.heard_at = line.talk.clock() - timedelta(days=2)
    await line.meta.post.send(line.meta.told({"messages": [message]}, phone))
    assert await line.screens(phone, 1) == "dengar: halo"
    assert phone.screens[0].kind == "template jawaban_tertunda"


async def test_an_edit_before_it_is_read_and_a_taking_back(line: Line) -> None:
    phone = line.meta.phone()
    first = await phone.say("lampu mati dpn SD 004")
    changed = {
        "original_message_id": first,
        "message": {"type": "text", "text": {"body": "lampu mati dpn SD 005"}},
    }
    await phone.send("edit", changed)
    assert await line.screens(phone, 1) == "dengar: lampu mati dpn SD 005"
    taken = phone.message("text", {"body": "jangan dibaca"})
    await phone.send("revoke", {"original_message_id": taken["id"]})
    await line.meta.post.send(line.meta.told({"messages": [taken]}, phone))
    await line.quiet()
    assert all("jangan dibaca" not in screen.text for screen in phone.screens)


async def test_somebody_without_a_number(line: Line) -> None:
    phone = line.meta.phone(user_id="ID.uji1A2b3C", hides_number=True)
    assert await line.ask(phone, "halo") == "dengar: halo"
    sent = line.meta.taken[-1][1]
    assert sent["recipient"] == "ID.uji1A2b3C"
    assert "to" not in sent


async def test_a_message_of_yesterday_does_not_answer_todays_question(line: Line) -> None:
    phone = line.meta.phone()
    old = phone.message("text", {"body": "ya"})
    line.talk.wait(hours=20)
    await line.ask(phone, "halo")
    await line.meta.post.send(line.meta.told({"messages": [old]}, phone))
    told = await line.screens(phone, 2)
    assert "baru sampai sekarang" in told
    assert len({one["turn"] for one in line.engine.requests}) == 1


async def test_no_number_and_no_words_lie_in_the_database(line: Line) -> None:
    phone = line.meta.phone()
    await line.ask(phone, "lampu mati depan rumah kanari")
    dump = ""
    for table in ("inbox", "outbox", "conversations", "recipients", "turns"):
        dump += str(await line.rows(f"SELECT t.*::text FROM {table} t"))
    assert phone.number not in dump
    assert "kanari" not in dump
