"""What must never happen in a browser: foreign script runs, a quick exit leaves traces, a stranger's page speaks for someone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sanic import HTTPResponse, Request, Sanic
from sanic.response import html

from backend.app import app_name
from backend.persistence.database import Database
from tests.browser.chat import Chat
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.hostile import lumps
from tests.support.live_site import LiveSite, live_site
from tests.support.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.database]


async def is_broken_in(page: Any) -> bool:
    return bool(await page.evaluate("() => 'jebol' in window"))


async def test_hostile_words_are_only_words_in_the_chat(chromium: Any, base_url: str, live: LiveSite) -> None:
    context = await chromium.new_context(viewport=PHONE)
    chat = await Chat.open(context, base_url)
    parts = list(lumps(2_000))
    for part in parts:
        answer = await chat.say(part)
        assert part[:12] in answer
    await chat.page.reload()
    await chat.ready()
    assert await chat.mine.count() == len(parts)
    assert not await is_broken_in(chat.page)
    assert chat.problems == []


async def test_quick_exit_leaves_nothing_in_any_tab(chromium: Any, base_url: str) -> None:
    context = await chromium.new_context(viewport=PHONE)
    chat, other = await Chat.open(context, base_url), await Chat.open(context, base_url)
    await chat.say("petugas loket minta uang rokok")
    await chat.page.locator("teman-lapor .exit").click()
    for tab in (chat, other):
        await tab.page.wait_for_url("**/kosong.html")
        assert (await tab.page.locator("html").inner_text()).strip() == ""
        assert "lapor" not in (await tab.page.title()).lower()
    assert await context.cookies() == []
    assert await chat.page.evaluate("() => sessionStorage.length + localStorage.length") == 0
    back = await Chat.open(context, base_url)
    assert await back.mine.count() == 0
    assert "rokok" not in await back.page.locator("teman-lapor").inner_text()


async def test_three_times_escape_is_a_quick_exit_without_signal_too(chromium: Any, base_url: str) -> None:
    context = await chromium.new_context(viewport=PHONE)
    chat = await Chat.open(context, base_url)
    await chat.say("halo")
    await chat.page.route("**/api/web/**", lambda route: route.abort())
    await chat.input.focus()
    for _ in range(3):
        await chat.page.keyboard.press("Escape")
    await chat.page.wait_for_url("**/kosong.html")


@pytest.fixture
async def other_site() -> AsyncIterator[tuple[str, dict[str, str]]]:
    """A regency's own site on another host: its address, and where it takes the widget from."""
    app: Sanic[Any, Any] = Sanic(app_name("regency"), configure_logging=False)
    app.config.TOUCHUP = False
    source: dict[str, str] = {"url": ""}

    @app.get("/")
    async def home(request: Request) -> HTTPResponse:
        return html(
            "<!doctype html><html lang=id><title>Kabupaten</title><meta charset=utf-8><h1>Kabupaten</h1>"
            f"<script type=module src='{source['url']}/static/chat.js'></script>"
            "<style>.msg{display:none} teman-lapor{height:500px}</style><teman-lapor></teman-lapor>"
        )

    async with serving(app) as url:
        yield url.replace("localhost", "127.0.0.1"), source


async def test_embedded_in_an_allowed_site_it_talks(
    database: Database, other_site: tuple[str, dict[str, str]]
) -> None:
    from tests.browser.conftest import launched

    origin, source = other_site
    async with live_site(database, embed_origins=origin) as site, launched() as browser:
        source["url"] = site.url
        context = await browser.new_context(viewport=DESKTOP)
        chat = await Chat.open(context, origin)
        assert "jalan berlubang" in await chat.say("jalan berlubang di depan kantor")
        # The site's own styles stop at the shadow; our tokens reach inside it.
        assert await chat.said.last.is_visible()
        colour = await chat.page.locator("teman-lapor header").evaluate(
            "(node) => getComputedStyle(node).backgroundColor"
        )
        assert colour == "rgb(11, 90, 87)"
        [cookie] = [one for one in await context.cookies() if "teman_lapor" in one["name"]]
        assert cookie["name"].startswith("__Host-")
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "None")
        assert cookie.get("partitionKey")
        assert await chat.page.evaluate("() => document.cookie") == ""
        await chat.page.reload()
        await chat.ready()
        assert await chat.mine.count() == 1


async def test_a_site_that_is_not_allowed_gets_nothing(
    chromium: Any, live: LiveSite, other_site: tuple[str, dict[str, str]]
) -> None:
    origin, source = other_site
    source["url"] = live.url
    page = await (await chromium.new_context()).new_page()
    await page.goto(origin)
    outcome = await page.evaluate(
        """async (url) => {
            const tried = [];
            for (const [path, options] of [
                ["/api/web/session", { method: "POST", credentials: "include" }],
                ["/api/web/messages", { method: "POST", credentials: "include", mode: "no-cors", body: "{}" }],
                ["/api/web/events?after=0", { credentials: "include" }],
            ]) {
                try { const answer = await fetch(url + path, options); tried.push(answer.type === "opaque" ? "opaque" : answer.status); }
                catch (failure) { tried.push("refused"); }
            }
            return tried;
        }""",
        live.url,
    )
    assert outcome == ["refused", "opaque", "refused"]
    assert await page.locator("teman-lapor").evaluate("(node) => node.shadowRoot === null")
    assert live.engine.requests == []


async def test_the_pages_cannot_be_framed(
    chromium: Any, live: LiveSite, other_site: tuple[str, dict[str, str]]
) -> None:
    origin, _ = other_site
    page = await (await chromium.new_context()).new_page()
    await page.goto(origin)
    await page.evaluate(
        "(url) => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame); }",
        f"{live.url}/status",
    )
    await asyncio.sleep(1)
    frames = [frame for frame in page.frames if frame != page.main_frame]
    assert not any(["Kode laporan" in await frame.content() for frame in frames])
