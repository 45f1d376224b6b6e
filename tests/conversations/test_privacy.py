"""What is promised to people: nothing readable at rest, no way from an anonymous case to its sender, purges that destroy."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from backend.persistence.database import Database
from backend.persistence.errors import KeyDestroyed
from backend.persistence.tables import (
    attachments,
    case_contacts,
    contacts,
    conversation_activity,
    conversations,
    inbox,
    metadata,
    outbox,
    turns,
)
from tests.conversations.test_pipeline import Postman, count
from tests.support.talk import Talk

pytestmark = pytest.mark.database
CANARIES = ["kanarikata", "sesi-kanari", "alamat-sesi-kanari", "kanari-id", "kanariberkas"]


async def everything(database: Database) -> bytes:
    """All rows of all tables, as a thief of the database would read them."""
    parts = []
    async with database.requests.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name != "case_moves":
                parts += [repr(row).encode() for row in await connection.execute(sa.select(table))]
    return b"\n".join(parts)


async def conversation_of(talk: Talk) -> str | None:
    async with talk.open_uow() as uow:
        return await uow.conversations.find(talk.channel, talk.sender)


async def test_no_plaintext_lies_in_any_table(database: Database) -> None:
    talk = Talk(database, channel="whatsapp", sender="sesi-kanari", senders={"whatsapp": Postman()})
    conversation = await talk.pipeline.senders.open("whatsapp", "sesi-kanari", "alamat-sesi-kanari")
    upload = await talk.pipeline.senders.store_upload(conversation, b"kanariberkas", "photo", "image/jpeg")
    await talk.send("kanarikata kirim", id="kanari-id", attachments=[{"id": upload, "kind": "photo"}])
    await talk.pipeline.settle()
    content = await everything(database)
    for canary in CANARIES:
        assert canary.encode() not in content and canary.encode().hex().encode() not in content, canary


async def test_an_anonymous_report_leaves_nothing_but_its_receipt(database: Database) -> None:
    talk = Talk(database)
    await talk.say("kanarikata satu")
    await talk.say("kirim anonim")
    conversation = await conversation_of(talk)
    assert conversation is not None
    assert [one.kind for one in await talk.history(conversation)] == ["reply", "receipt"]
    async with database.requests.connect() as connection:
        assert set(await connection.scalars(sa.select(inbox.c.body))) == {None}
        assert (await connection.execute(sa.select(conversations.c.state))).scalar_one() is None
        assert await connection.scalar(sa.select(sa.func.count()).select_from(case_contacts)) == 0
        assert await connection.scalar(sa.select(sa.func.count()).select_from(turns)) == 0
        for column in (inbox.c.received_at, outbox.c.created_at, outbox.c.delivered_at):
            for at in await connection.scalars(sa.select(column)):
                assert (at.minute, at.second, at.microsecond) == (0, 0, 0), column
        row = (await connection.execute(sa.text("SELECT * FROM teman_lapor.cases"))).one()
        assert conversation not in repr(row)
        assert (row.filed_at.minute, row.filed_at.second) == (0, 0)


async def test_an_anonymous_conversation_is_gone_within_a_day(database: Database) -> None:
    talk = Talk(database)
    await talk.say("kanarikata")
    await talk.say("kirim anonim")
    conversation = await conversation_of(talk)
    assert await talk.pipeline.timers.purge(talk.now + timedelta(hours=23)) == 0
    await talk.say("pesan lain tidak memperpanjang")
    assert await talk.pipeline.timers.purge(talk.now + timedelta(hours=24)) == 1
    assert await conversation_of(talk) is None
    assert await count(database, outbox) == await count(database, conversations) == 0
    async with talk.open_uow() as uow:
        with pytest.raises(KeyDestroyed):
            await uow.transaction.conversation_key(str(conversation))


async def test_on_a_push_channel_an_anonymous_receipt_is_emptied_on_delivery(database: Database) -> None:
    postman = Postman()
    talk = Talk(database, channel="whatsapp", senders={"whatsapp": postman})
    await talk.send("lampu mati kirim anonim")
    await talk.pipeline.settle()
    assert "code" in postman.parcels[-1].body
    async with database.requests.connect() as connection:
        assert set(await connection.scalars(sa.select(outbox.c.body))) == {None}


async def test_a_draft_is_reminded_once_and_purged_after_three_days(database: Database) -> None:
    talk = Talk(database)
    await talk.say("lampu mati")
    talk.wait(minutes=59)
    assert await talk.pipeline.timers.remind(talk.now) == 0
    talk.wait(minutes=2)
    assert await talk.pipeline.timers.remind(talk.now) == 1
    await talk.pipeline.settle()
    assert talk.engine.requests[-1]["messages"][0]["event"] == "silence_reminder"
    talk.wait(hours=2)
    assert await talk.pipeline.timers.remind(talk.now) == 0
    assert await talk.pipeline.timers.purge(talk.now) == 0
    talk.wait(hours=70)
    assert await talk.pipeline.timers.purge(talk.now) == 1
    assert await count(database, conversations) == 0


async def test_a_file_moves_under_the_key_of_its_case_and_a_draft_takes_it_along(database: Database) -> None:
    talk, lost = Talk(database), Talk(database, sender="b")
    kept, gone = [
        await one.pipeline.senders.store_upload(
            await one.pipeline.senders.open("web", one.sender), b"gambar", "photo", "image/jpeg"
        )
        for one in (talk, lost)
    ]
    await lost.send("draf", attachments=[{"id": gone, "kind": "photo"}])
    await talk.send("kirim anonim", attachments=[{"id": kept, "kind": "photo"}])
    await talk.pipeline.settle()
    talk.wait(hours=80)
    await talk.pipeline.timers.purge(talk.now)
    async with talk.open_uow() as uow:
        assert await uow.attachments.read(kept) == b"gambar"
        assert await uow.attachments.read(gone) is None
    assert await count(database, attachments, attachments.c.conversation_id.is_not(None)) == 0


async def test_forgetting_destroys_the_key_and_still_says_goodbye(database: Database) -> None:
    talk = Talk(database)
    await talk.say("kanarikata")
    await talk.say("kirim")
    async with talk.open_uow() as uow:
        conversation = str(await uow.conversations.find("web", talk.sender))
        before = (await uow.transaction.conversation_key(conversation)).key
    assert await talk.say("hapus data") == "sudah dihapus"
    async with talk.open_uow() as uow:
        assert (await uow.transaction.conversation_key(conversation)).key != before
        assert await uow.conversations.state(conversation) is None
    assert [one.body["text"] for one in await talk.history(conversation)] == ["sudah dihapus"]
    assert await count(database, case_contacts) == 0


async def test_a_message_that_came_while_forgetting_is_not_lost(database: Database) -> None:
    talk = Talk(database)
    await talk.say("halo")
    first = await talk.send("hapus")
    async with talk.open_uow() as uow:
        turn = await uow.turns.claim(talk.now, talk.now.isoformat(), lambda *_: "fake-1")
        await uow.commit()
    await talk.send("halo lagi")
    await talk.pipeline.worker._run(turn)
    await talk.pipeline.settle()
    assert await talk.last(str(first.conversation)) == "dengar: halo lagi"


async def test_who_has_an_open_report_keeps_a_way_to_be_told(database: Database) -> None:
    talk = Talk(database, channel="whatsapp", senders={"whatsapp": Postman()})
    await talk.send("kanarikata kirim")
    await talk.pipeline.settle()
    before = await conversation_of(talk)
    talk.wait(hours=73)
    assert await talk.pipeline.timers.purge(talk.now) == 1
    assert await conversation_of(talk) == before
    assert await count(database, outbox) == 0
    async with talk.open_uow() as uow:
        assert await uow.conversations.address(str(before)) == "alamat-sesi-a"
        case = (await uow.contacts.cases_of(str(before)))[0]
        assert await uow.contacts.recipient(case) == before
        await uow.commit()
    assert await talk.pipeline.timers.purge(talk.now) == 0


async def test_quick_exit_finishes_the_work_and_then_leaves_nothing(database: Database) -> None:
    talk = Talk(database)
    accepted = await talk.send("lampu mati kirim")
    await talk.pipeline.senders.leave("web", talk.sender)
    assert await conversation_of(talk) is None
    assert await talk.pipeline.timers.purge(talk.now) == 0, "what waits is done first"
    await talk.pipeline.settle()
    assert await count(database, metadata.tables["teman_lapor.cases"]) == 1
    assert await talk.pipeline.timers.purge(talk.now) == 1
    assert await talk.history(str(accepted.conversation)) == []
    assert (await talk.send("orang berikutnya")).conversation != accepted.conversation


async def test_copies_are_known_for_eight_days_after_the_purge(database: Database) -> None:
    talk = Talk(database)
    await talk.send("lampu mati", id="pesan-1")
    await talk.pipeline.settle()
    talk.wait(hours=73)
    await talk.pipeline.timers.purge(talk.now)
    copy = await talk.send("lampu mati", id="pesan-1")
    assert (copy.is_new, copy.conversation) == (False, None)
    talk.wait(days=9)
    await talk.pipeline.timers.purge(talk.now)
    assert await count(database, inbox) == await count(database, contacts) == 0


async def test_a_purge_while_messages_arrive_loses_none(database: Database) -> None:
    import asyncio

    talk = Talk(database)
    for n in range(10):
        await talk.say(f"pesan {n}")
        talk.wait(hours=73)
        accepted, _ = await asyncio.gather(talk.send(f"datang {n}"), talk.pipeline.timers.purge(talk.now))
        await talk.pipeline.settle()
        assert await talk.last(str(accepted.conversation)) == f"dengar: datang {n}"
    assert await count(database, conversation_activity) <= 10
