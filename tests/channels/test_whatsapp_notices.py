"""News of reports on the phone: once, in order, through restarts, at decent hours, to those who left a number and want it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from backend.cases.access import Officer, Role
from backend.cases.case import Actor
from backend.cases.workflow import Mover, State
from backend.channels.whatsapp.templates import register
from backend.conversations.deadlines import Deadlines
from backend.persistence.database import Database
from backend.persistence.desk_scope import scope_of
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.persistence.news_rows import SqlNews
from backend.persistence.tables import cases
from backend.usecases.move_case import MoveOrder, move_case
from backend.usecases.reply_to_reporter import reply_to_reporter
from backend.usecases.watch_deadlines import wait_of
from tests.fake_meta.graph import FakeMeta
from tests.fake_meta.phone import Phone
from tests.fake_meta.server import graph
from tests.support.builders import NOW
from tests.support.whatsapp import Line, live_line

pytestmark = pytest.mark.database

ADMIN = Officer("a" * 32, "Admin induk", Role.ADMIN, "64.08")
BY = Actor(ADMIN.mover, ADMIN.id)
OFFICE = Actor(Mover.AGENCY, "b" * 32)
NUMBER = re.compile(r"laporan ([\w-]+)")


async def nobody_comes() -> None:
    """News waits for the pipeline's own timer, as when the door dies after the officer's commit."""


@asynccontextmanager
async def at_desk(line: Line) -> AsyncIterator[DeskUnitOfWork]:
    """An officer's transaction; commits at the end."""
    database = line.database
    async with DeskUnitOfWork(database.desk, database.keys.vault, scope_of(ADMIN), nobody_comes) as uow:
        yield uow
        await uow.commit()


async def filed(line: Line, phone: Phone, words: str = "kirim") -> str:
    """A report of this phone; its id."""
    before = {row["id"] for row in await line.rows("SELECT id FROM cases")}
    assert "Kode: " in await line.ask(phone, f"hal lain: lampu mati {words}")
    await line.quiet()
    (new,) = {row["id"] for row in await line.rows("SELECT id FROM cases")} - before
    return str(new)


async def moved(line: Line, case_id: str, *states: State) -> None:
    """One officer's step after the other."""
    for state in states:
        async with at_desk(line) as uow:
            case = await uow.cases.by_id(case_id)
            assert case is not None
            note = "sudah kami periksa" if state is State.AWAITING_REPORTER else ""
            order = MoveOrder(case_id, case.version, state, BY, public_note=note)
            await move_case(order, uow, line.talk.services, line.talk.clock())


async def told(line: Line, case_id: str, text: str) -> None:
    """An officer's words to the reporter."""
    async with at_desk(line) as uow:
        await reply_to_reporter(case_id, text, BY, uow, line.talk.services, line.talk.clock())


async def news(phone: Phone, seen: int, n: int, within_s: float = 20.0) -> list[str]:
    """What a phone shows beyond `seen`, once it is `n` messages; a little later it must still be `n`."""
    async with asyncio.timeout(within_s):
        while len(phone.screens) < seen + n:
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    return [screen.text for screen in phone.screens[seen:]]


async def test_on_their_channel_and_level_once_in_order_through_restarts(database: Database) -> None:
    async with graph(FakeMeta()) as meta:
        phones = {words: meta.phone() for words in ("kirim", "kirim rahasia", "kirim anonim")}
        async with live_line(database, meta=meta) as line:
            reports = {words: await filed(line, phone, words) for words, phone in phones.items()}
        seen = {words: len(phone.screens) for words, phone in phones.items()}
        # Nobody works while the officers do.
        for case_id in reports.values():
            await moved(line, case_id, State.IN_VERIFICATION)
            await told(line, case_id, "Kami lihat besok pagi.")
            await moved(line, case_id, State.ASSIGNED)
        async with live_line(database, meta=meta, now=NOW + timedelta(minutes=5)) as line:
            line.talk.crash_at = "sent"  # Meta has it, and we die before we know
            async with asyncio.timeout(20):
                while not any(len(phones[words].screens) > seen[words] for words in phones):
                    await asyncio.sleep(0.05)
        # Its status is still on its way, and comes to the one that lives.
        async with live_line(database, meta=meta, now=NOW + timedelta(minutes=6)) as line:
            for words in ("kirim", "kirim rahasia"):
                heard = await news(phones[words], seen[words], 3)
                assert len(heard) == 3
                for text, part in zip(
                    heard, ("Diverifikasi", "Kami lihat besok pagi.", "Diteruskan"), strict=True
                ):
                    assert part in text, heard
            await line.quiet()
            assert len(phones["kirim anonim"].screens) == seen["kirim anonim"]
        assert meta.refused == []


async def test_nobody_is_woken_at_night(database: Database) -> None:
    async with live_line(database, quiet_hours="21-07", now=NOW.replace(hour=20)) as line:
        phone = line.meta.phone()
        case_id = await filed(line, phone)
        line.talk.wait(hours=2)
        await moved(line, case_id, State.IN_VERIFICATION)
        async with asyncio.timeout(15):
            while not await line.rows("SELECT 1 FROM outbox WHERE error_code = 'quiet_hours'"):
                await asyncio.sleep(0.05)
        assert len(phone.screens) == 1
        assert await line.ask(phone, "halo") == "dengar: halo"
        line.talk.wait(hours=9)
        assert "Kabar laporan" in (await news(phone, 2, 1))[0]


async def test_who_has_said_stop_hears_nothing_until_it_is_wanted_again(line: Line) -> None:
    phone = line.meta.phone()
    case_id = await filed(line, phone)
    await line.ask(phone, "stop")
    await moved(line, case_id, State.IN_VERIFICATION)
    async with asyncio.timeout(15):
        while not await line.rows("SELECT 1 FROM dead_letters WHERE error_code = 'stopped'"):
            await asyncio.sleep(0.05)
    assert len(phone.screens) == 2
    assert await not_told(line) == ["stopped"]
    await line.ask(phone, "mulai kabar")
    await told(line, case_id, "Besok kami datang.")
    assert "Besok kami datang." in (await news(phone, 3, 1))[0]
    await line.quiet()
    assert await not_told(line) == []


async def test_after_a_day_of_silence_an_approved_template_carries_the_words(line: Line) -> None:
    phone = line.meta.phone()
    case_id = await filed(line, phone)
    await approve_templates(line)
    line.talk.wait(hours=30)
    await told(line, case_id, "Lampu sudah diganti.")
    assert "Lampu sudah diganti." in (await news(phone, 1, 1))[0]
    assert phone.screens[-1].kind == "template balasan_petugas"


async def approve_templates(line: Line) -> None:
    """Meta allows every template of the register."""
    for row in register().rows:
        line.meta.templates[row.name, row.language] = "APPROVED"
        async with line.open_uow() as uow:
            await uow.line.template_state(row.name, row.language, "approved", line.talk.clock())
            await uow.commit()


async def answered(line: Line, phone: Phone) -> tuple[str, date]:
    """A report whose office has answered, and the day on which its silent reporter is reminded."""
    case_id = await filed(line, phone)
    await moved(line, case_id, State.IN_VERIFICATION, State.ASSIGNED)
    async with line.open_uow() as uow:
        for state in (State.IN_PROGRESS, State.ANSWERED):
            case = await uow.cases.by_id(case_id)
            assert case is not None
            order = MoveOrder(case_id, case.version, state, OFFICE, public_note="Lampu sudah diganti.")
            case = await move_case(order, uow, line.talk.services, line.talk.clock())
        await uow.commit()
    assert case is not None
    wait = wait_of(case, line.talk.services.reference)
    assert wait is not None
    return case_id, wait.remind_on


async def state_of(line: Line, case_id: str) -> State:
    async with line.open_uow() as uow:
        case = await uow.cases.by_id(case_id)
    assert case is not None
    return case.state


async def test_who_was_silent_for_days_is_reminded_before_the_report_is_closed(line: Line) -> None:
    """A reminder comes when the window has long been shut: it needs a template, and no report ends before it went out."""
    phone = line.meta.phone()
    case_id, remind_on = await answered(line, phone)
    await news(phone, 1, 4)
    seen = len(phone.screens)
    clock = Deadlines(line.open_uow, line.talk.services, (), line.talk.pipeline.wakeups)
    line.talk.wait(days=(remind_on - line.talk.clock().date()).days, hours=1)
    assert await clock.watch(line.talk.clock()) == 1
    async with asyncio.timeout(15):
        while not await line.rows("SELECT 1 FROM outbox WHERE error_code = 'window_closed'"):
            await asyncio.sleep(0.05)
    line.talk.wait(days=5)
    while await clock.watch(line.talk.clock()):
        pass
    assert await state_of(line, case_id) is State.ANSWERED
    await approve_templates(line)
    line.talk.wait(hours=7)
    heard = await news(phone, seen, 1)
    assert "puas" in heard[0] and phone.screens[-1].kind == "template kabar_laporan"


async def test_several_reports_and_people_on_one_number_an_answer_finds_its_own(line: Line) -> None:
    """The quoted message decides, whichever talk is going on; the words reach that report and no other."""
    phone = line.meta.phone()
    first, second = await filed(line, phone), await filed(line, phone, "lagi, ini dari ibu saya, kirim")
    for case_id in (first, second):
        await told(line, case_id, "Di tiang yang mana?")
    await news(phone, 2, 2)
    wanted = await number(line, second)
    asked = next(screen for screen in phone.screens[2:] if wanted in screen.text)
    seen = len(phone.screens)
    await phone.say("pipa bocor depan masjid")  # a new matter has begun meanwhile
    await line.screens(phone, seen + 1)
    await phone.say("tiang nomor 7", quoted=asked.id)
    assert wanted in await line.screens(phone, seen + 2)
    assert await thread(line, second) == ["Di tiang yang mana?", "tiang nomor 7"]
    assert await thread(line, first) == ["Di tiang yang mana?"]


async def test_an_answer_right_after_an_officers_question_needs_no_quoting(line: Line) -> None:
    phone = line.meta.phone()
    other, case_id = await filed(line, phone), await filed(line, phone)
    await moved(line, case_id, State.IN_VERIFICATION, State.AWAITING_REPORTER)
    await news(phone, 2, 2)
    await phone.say("yang di sebelah warung biru")
    answer = (await news(phone, 4, 1))[0]
    assert await number(line, case_id) in answer
    assert await thread(line, case_id) == ["yang di sebelah warung biru"]
    assert await thread(line, other) == []
    await phone.say("dekat tikungan")  # in the same breath
    await news(phone, 5, 1)
    assert len(await thread(line, case_id)) == 2
    line.talk.wait(minutes=1)  # what comes after that is a talk as usual
    assert await line.ask(phone, "jalan berlubang") == "dengar: jalan berlubang"


async def not_told(line: Line) -> list[str]:
    """Why the last news of cases did not arrive."""
    async with line.open_uow() as uow:
        return [one.code for one in await SqlNews(uow.transaction).not_told()]


async def number(line: Line, case_id: str) -> str:
    """The public number of a case."""
    async with line.open_uow() as uow:
        found = await uow.transaction.connection.scalar(
            sa.select(cases.c.number).where(cases.c.id == case_id)
        )
    return str(found)


async def thread(line: Line, case_id: str) -> list[str]:
    """What was written below a report."""
    async with line.open_uow() as uow:
        return [message.text for message in await uow.thread.of_case(case_id)]
