"""The way of a report through the chat window, in a real browser."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.browser.chat import CODE, Chat
from tests.browser.conftest import DESKTOP, PHONE
from tests.support.live_site import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
async def context(chromium: Any) -> Any:
    return await chromium.new_context(viewport=PHONE, locale="id-ID")


@pytest.fixture
async def chat(context: Any, base_url: str) -> Chat:
    return await Chat.open(context, base_url)


async def test_a_report_ends_with_a_code_that_shows_its_status(chat: Chat) -> None:
    code = await chat.file_a_report()
    assert CODE.match(code)
    assert await chat.page.locator("teman-lapor .receipt").count() == 1

    await chat.page.goto(f"{chat.url}/status")
    await chat.page.get_by_label("Kode laporan").fill(code)
    await chat.page.get_by_role("button", name="Lihat status").click()
    assert "Diterima" in await chat.page.locator("main").inner_text()
    assert code.replace(" ", "") not in chat.page.url
    assert chat.problems == []


async def test_a_reload_keeps_the_conversation(chat: Chat) -> None:
    await chat.say("jalan berlubang di depan pasar")
    before = (await chat.mine.all_inner_texts(), await chat.said.all_inner_texts())
    await chat.page.reload()
    await chat.ready()
    assert (await chat.mine.all_inner_texts(), await chat.said.all_inner_texts()) == before


async def test_what_is_written_without_signal_is_sent_when_it_returns(chat: Chat, context: Any) -> None:
    await chat.say("halo")
    await context.set_offline(True)
    await chat.send("sampah menumpuk di gang mawar")
    await chat.send("baunya sampai ke rumah")
    await chat.page.locator("teman-lapor .bar.on", has_text="tanpa sinyal").wait_for()
    assert await chat.mine.last.locator("svg[aria-label='menunggu terkirim']").count() == 1

    n_said = await chat.said.count()
    await context.set_offline(False)
    await chat.answer_after(n_said)
    await chat.stored()
    await chat.page.locator("teman-lapor .bar:not(.on)").wait_for(state="attached")
    assert await chat.mine.count() == 3


async def test_what_is_written_without_signal_survives_a_reload(chat: Chat, context: Any) -> None:
    await chat.page.route("**/api/web/messages", lambda route: route.abort())
    await chat.send("pipa bocor di rt 12")
    await chat.page.locator("teman-lapor .bar.on").wait_for()
    await chat.page.unroute("**/api/web/messages")
    await chat.page.reload()
    await chat.ready()
    await chat.stored()
    assert await chat.mine.count() == 1


async def test_an_answer_that_was_lost_on_the_way_makes_no_second_message(chat: Chat, live: LiveSite) -> None:
    lost = asyncio.Event()

    async def lose_the_first_answer(route: Any) -> None:
        if lost.is_set():
            await route.continue_()
            return
        await route.fetch()
        lost.set()
        await route.abort()

    await chat.page.route("**/api/web/messages", lose_the_first_answer)
    await chat.say("got tersumbat")
    await chat.stored()
    await asyncio.sleep(0.5)
    assert await chat.mine.count() == 1
    heard = [one["text"] for request in live.engine.requests for one in request["messages"]]
    assert heard == ["got tersumbat"]


async def test_two_tabs_show_the_same_conversation(context: Any, base_url: str) -> None:
    first = await Chat.open(context, base_url)
    second = await Chat.open(context, base_url)
    await first.say("lampu taman mati")
    await second.answer_after(0)
    assert await second.mine.all_inner_texts() == await first.mine.all_inner_texts()
    await second.say("sudah dua malam")
    await first.said.nth(1).wait_for()
    assert await first.mine.count() == 2


async def test_without_event_streams_the_chat_asks_again_and_again(context: Any, base_url: str) -> None:
    await context.add_init_script("delete window.EventSource")
    chat = await Chat.open(context, base_url)
    assert await chat.say("halo")
    assert await chat.say("jembatan miring")
    assert not any("text/event-stream" in problem for problem in chat.problems)


async def test_choices_answer_by_button_and_the_label_stays(chat: Chat, live: LiveSite) -> None:
    await chat.say("pilih")
    assert [await one.inner_text() for one in await chat.choices.all()] == [
        "Terbuka",
        "Rahasia identitas",
        "Anonim",
    ]
    assert "3 dari 4" in await chat.page.locator("teman-lapor .steps").inner_text()
    n_said = await chat.said.count()
    await chat.choices.nth(2).click()
    await chat.answer_after(n_said)
    assert live.engine.requests[-1]["messages"][0]["choice"] == "q1-3"
    assert await chat.choices.count() == 0
    await chat.page.reload()
    await chat.ready()
    assert "Anonim" in await chat.mine.last.inner_text()


async def test_a_summary_is_a_card_and_says_nothing_twice(chat: Chat, live: LiveSite) -> None:
    await chat.say("ringkas")
    card = chat.page.locator("teman-lapor .card.summary")
    shown = await card.inner_text()
    assert shown.count("Lampu jalan mati") == 1
    assert "Saya baca ulang dulu" in shown
    assert "*" not in shown


async def test_bold_is_drawn_and_html_is_text(chat: Chat, live: LiveSite) -> None:
    shown = await chat.say("tebal")
    assert "2 * 3 * 4" in shown
    assert "<b>bukan html</b>" in shown
    assert await chat.said.last.locator("strong").all_inner_texts() == ["penting sekali", "Kode:"]


async def test_emergency_numbers_call_and_other_numbers_do_not(chat: Chat, live: LiveSite) -> None:
    await chat.say("Polisi: 110\nAmbulans: 119\nkm 112\nkode: 119 kali")
    numbers = chat.said.last.locator("a")
    assert [await one.get_attribute("href") for one in await numbers.all()] == ["tel:110", "tel:119"]


async def test_a_long_answer_is_read_from_its_beginning(chat: Chat, live: LiveSite) -> None:
    await chat.say("panjang")
    await chat.page.get_by_role("button", name="Ke bawah").wait_for()
    await chat.at_rest()
    log = await chat.page.locator("teman-lapor .log").bounding_box()
    answer = await chat.said.last.bounding_box()
    assert log["y"] <= answer["y"] <= log["y"] + 40
    await chat.page.get_by_role("button", name="Ke bawah").click()
    await chat.page.get_by_role("button", name="Ke bawah").wait_for(state="hidden")


async def test_dots_are_seen_only_while_an_answer_is_awaited(chat: Chat, live: LiveSite) -> None:
    dots = chat.page.locator("teman-lapor .dots.on")
    assert await dots.count() == 0
    model, live.engine.model = live.engine.model, None
    await chat.send("halo")
    await dots.wait_for()
    live.engine.model = model
    live.talk.pipeline.wakeups.work()
    await chat.answer_after(0)
    await dots.wait_for(state="detached")


async def test_a_lost_session_begins_a_new_conversation(chat: Chat, context: Any) -> None:
    await chat.say("halo")
    await chat.say("banjir di gang melati")
    await context.clear_cookies()
    await chat.send("ada orang?")
    await chat.mine.nth(1).wait_for(state="detached")
    await chat.said.first.wait_for()
    assert await chat.mine.count() == 1
    assert "ada orang?" in await chat.mine.first.inner_text()


async def test_a_browser_without_cookies_is_told_and_not_asked_in_a_loop(context: Any, base_url: str) -> None:
    n_sessions = 0

    async def without_cookie(route: Any) -> None:
        nonlocal n_sessions
        n_sessions += 1
        await route.fulfill(status=200, json={"conversation": {"open": True}})

    page = await context.new_page()
    await page.route("**/api/web/session", without_cookie)
    await page.goto(base_url)
    await page.locator("teman-lapor .bar.on a").wait_for()
    await asyncio.sleep(1)
    assert "kuki" in await page.locator("teman-lapor .bar").inner_text()
    assert n_sessions < 5


async def test_nothing_is_asked_of_anybody_else(chromium: Any, base_url: str) -> None:
    context = await chromium.new_context(viewport=DESKTOP)
    chat = await Chat.open(context, base_url)
    await chat.say("halo")
    assert [one for one in chat.requested if not one.startswith((base_url, "blob:", "data:"))] == []
