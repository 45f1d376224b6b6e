"""No engine is up, and nobody meets deaf ears: status by code, and a report by fixed questions, exactly once, on every channel."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from backend.persistence.database import Database
from backend.persistence.tables import cases, conversation_activity, inbox
from tests.support.talk import Talk

pytestmark = pytest.mark.database


@pytest.fixture
def talk(database: Database) -> Talk:
    """Somebody while every engine is away."""
    ours = Talk(database)
    ours.engine.model = None
    return ours


async def count(database: Database, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    async with database.requests.connect() as connection:
        return int(
            await connection.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0
        )


async def code_of(talk: Talk, conversation: str) -> str:
    return next(str(one.body["code"]) for one in await talk.history(conversation) if one.kind == "receipt")


async def test_who_waits_is_offered_the_fixed_questions(talk: Talk) -> None:
    accepted = await talk.send("lampu jalan mati depan sd 004")
    talk.wait(seconds=20)
    assert await talk.pipeline.timers.tell_engines_are_down(talk.now) == 1
    offered = (await talk.history(accepted.conversation or ""))[-1].body
    assert offered["choices"] == [{"id": "plain-start", "label": "Lapor sekarang"}]


async def test_what_was_told_already_is_not_asked_again(database: Database, talk: Talk) -> None:
    await talk.send("lampu jalan mati")
    assert "Di mana?" in await talk.say("LAPOR SEKARANG")
    assert "Siapa yang boleh tahu" in await talk.say("depan SD 004 Sangatta Utara")
    assert "Isi: lampu jalan mati" in await talk.say("1")
    accepted = await talk.send("kirim")
    code = await code_of(talk, accepted.conversation or "")
    assert await count(database, cases) == 1
    assert await count(database, inbox, inbox.c.status == "waiting") == 0
    assert "Status laporan" in await talk.say(f"cek {code}")
    talk.engine.model = "fake-1"
    await talk.pipeline.settle()
    assert talk.engine.requests == [], "nothing is left that an engine would answer a second time"


async def test_questions_go_on_when_the_engines_are_back(database: Database, talk: Talk) -> None:
    assert "Apa yang terjadi?" in await talk.say("lapor sekarang")
    talk.engine.model = "fake-1"
    assert "Di mana?" in await talk.say("sampah menumpuk di pasar")
    assert "Siapa" in await talk.say("", location={"latitude": 0.5, "longitude": 117.5, "accuracy_m": 9})
    assert "titik yang Anda kirim" in await talk.say("rahasia")
    await talk.send(choice="plain-send")
    assert await count(database, cases, cases.c.identity_level == "confidential") == 1
    assert await talk.say("halo") == "dengar: halo"


async def test_who_files_anonymously_leaves_no_word(database: Database, talk: Talk) -> None:
    for text in ("lapor sekarang", "pungutan liar di kantor", "kantor desa", "3"):
        await talk.say(text)
    accepted = await talk.send("1")
    assert await code_of(talk, accepted.conversation or "")
    assert await count(database, inbox, inbox.c.body.is_not(None)) == 0
    assert await count(database, conversation_activity, conversation_activity.c.plain.is_not(None)) == 0


async def test_a_copy_and_two_at_once_change_nothing(database: Database, talk: Talk) -> None:
    for text in ("lapor sekarang", "jalan rusak", "jalan poros", "1"):
        await talk.say(text)
    await asyncio.gather(*(talk.send("kirim", id="sama") for _ in range(4)), talk.send("kirim"))
    assert await count(database, cases) == 1


async def test_nobody_is_held(database: Database, talk: Talk) -> None:
    await talk.say("lapor sekarang")
    assert "tidak jadi" in await talk.say("batal")
    assert await count(database, conversation_activity, conversation_activity.c.plain.is_not(None)) == 0
    assert await count(database, cases) == 0


async def test_who_is_in_danger_is_sent_to_the_telephone_at_once_and_read_later(talk: Talk) -> None:
    assert "112" in await talk.say("tolong ada anak tenggelam di sungai")
    talk.engine.model = "fake-1"
    await talk.pipeline.settle()
    assert talk.engine.requests[-1]["messages"][0]["text"] == "tolong ada anak tenggelam di sungai"


async def test_a_wrong_code_is_answered_in_the_same_words_as_everywhere(talk: Talk) -> None:
    sentence = talk.services.reference.sentence
    assert await talk.say("cek 0000 0000 0000 0000 0195") == sentence("case_not_found")


async def test_while_an_engine_is_up_it_answers_everything(talk: Talk) -> None:
    talk.engine.model = "fake-1"
    assert await talk.say("lapor sekarang") == "dengar: lapor sekarang"
    assert await talk.say("cek 0000 0000 0000 0000 0195") == "dengar: cek 0000 0000 0000 0000 0195"
