"""The product as people meet it: real engine, real database, real browser, the whole way and back for the status."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.browser.chat import CODE, Chat
from tests.browser.conftest import PHONE, launched
from tests.support.product import Running

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.database, pytest.mark.slow]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    ours = Running()
    try:
        ours.start()
        yield ours
    finally:
        ours.stop()


async def test_from_the_first_word_to_the_code_and_back_for_the_status(running: Running) -> None:
    async with launched() as browser:
        context = await browser.new_context(viewport=PHONE, locale="id-ID")
        chat = await Chat.open(context, running.url)
        asked = await chat.say("lampu jln dpn sd 004 sangatta utara mati udh seminggu")
        assert "Sangatta Utara" in asked
        interrupted = await chat.say("emang siapa yg liat laporan sy?")
        assert interrupted != asked
        corrected = await chat.say("eh bukan sangatta utara, itu di bengalon")
        assert "Bengalon" in corrected
        await chat.say("kirim")
        code = (await chat.code.last.inner_text()).strip()
        assert CODE.match(code)
        told = await chat.say(f"sudah sampai mana laporan saya {code}?")
        assert "Diterima" in told
        page = await context.new_page()
        await page.goto(f"{running.url}/status")
        await page.get_by_label(re.compile("kode", re.IGNORECASE)).fill(code)
        await page.get_by_role("button", name=re.compile("lihat|cek|periksa", re.IGNORECASE)).click()
        assert "Diterima" in await page.locator("main").inner_text()
        assert chat.problems == []


async def test_who_comes_back_finds_the_talk_again(running: Running) -> None:
    async with launched() as browser:
        context = await browser.new_context(viewport=PHONE, locale="id-ID")
        chat = await Chat.open(context, running.url)
        await chat.say("sampah numpuk di pasar induk sangatta udah 3 hari")
        before = await chat.said.count()
        await chat.page.reload()
        await chat.ready()
        assert await chat.said.count() == before
        assert "sampah numpuk" in await chat.mine.first.inner_text()
