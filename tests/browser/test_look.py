"""How the pages are for people: readable by machines that read aloud, on the smallest screens, without a mouse, without scripts."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from PIL import Image

from backend.cases.access import Role
from tests.browser.chat import CODE, Chat
from tests.browser.conftest import DESKTOP, PHONE
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.database]

PAGES = ("/lapor", "/status", "/privasi", "/tinjau", "/tidak-ada")
SMALLEST = {"width": 320, "height": 480}
ZOOMED = {"width": 640, "height": 400}  # 1280 × 800 at 200 %
FULL_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def violations(page: Any) -> list[str]:
    """What axe finds; Playwright's own script is let past the page's policy."""
    found = await Axe().run(page, options=FULL_RULES)
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


@pytest.fixture(params=["light", "dark"])
async def context(chromium: Any, request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    # axe is put into the page by evaluation, which the policy forbids to everybody else.
    made = await chromium.new_context(
        viewport=PHONE, color_scheme=request.param, reduced_motion="reduce", bypass_csp=True
    )
    yield made
    await made.close()


async def test_axe_finds_nothing_in_the_chat(context: Any, base_url: str, live: LiveSite) -> None:
    chat = await Chat.open(context, base_url)
    assert await violations(chat.page) == []
    for words in ("pilih", "ringkas", "minta lokasi", "tebal", "panjang langkah"):
        await chat.say(words)
        assert await violations(chat.page) == []
    await chat.file_a_report()
    assert await violations(chat.page) == []
    await chat.page.set_viewport_size(DESKTOP)
    assert await violations(chat.page) == []


async def test_axe_finds_nothing_on_the_pages(context: Any, base_url: str) -> None:
    page = await context.new_page()
    for path in PAGES:
        for size in (PHONE, DESKTOP):
            await page.set_viewport_size(size)
            await page.goto(base_url + path)
            assert await violations(page) == [], path


async def test_axe_finds_nothing_on_answers(context: Any, base_url: str, live: LiveSite) -> None:
    page = await context.new_page()
    await page.goto(f"{base_url}/status")
    await page.get_by_label("Kode laporan").fill("1234 5678 9012 3456 7890")
    await page.get_by_role("button", name="Lihat status").click()
    await page.locator("[role=alert]").wait_for()
    assert await violations(page) == []

    await page.goto(f"{base_url}/lapor")
    await page.locator("#what").fill("jembatan kayu di dusun lapuk")
    await page.get_by_role("button", name="Kirim laporan").click()
    code = await page.locator(".code").inner_text()
    assert await violations(page) == []

    await page.goto(f"{base_url}/status")
    await page.get_by_label("Kode laporan").fill(code)
    await page.get_by_role("button", name="Lihat status").click()
    await page.locator(".state").wait_for()
    assert await violations(page) == []

    chat = await Chat.open(context, base_url)
    await chat.say("entah apa ini maksudnya")
    reviewer = await officer_in(live, Role.LANGUAGE)
    await context.add_cookies([reviewer.browser_cookie(base_url)])
    await page.goto(f"{base_url}/tinjau")
    await page.get_by_text("entah apa ini maksudnya").wait_for()
    assert await violations(page) == []


@pytest.mark.parametrize("size", [SMALLEST, PHONE, ZOOMED, DESKTOP], ids=lambda size: str(size["width"]))
async def test_everything_fits(chromium: Any, base_url: str, live: LiveSite, size: dict[str, int]) -> None:
    context = await chromium.new_context(viewport=size)
    chat = await Chat.open(context, base_url)
    for words in ("pilih", "ringkas", "panjang", "jalan" + "bolong" * 40):
        await chat.say(words)
        assert await chat.no_sideways_scroll()
    await chat.file_a_report()
    assert await chat.no_sideways_scroll()
    for name in (".exit", "textarea", ".go"):
        box = await chat.page.locator(f"teman-lapor {name}").bounding_box()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        assert box["y"] + box["height"] <= size["height"]
    for path in PAGES:
        await chat.page.goto(base_url + path)
        assert await chat.page.evaluate("() => document.scrollingElement.scrollWidth <= innerWidth"), path


async def test_fingers_find_every_button(chromium: Any, base_url: str, live: LiveSite) -> None:
    context = await chromium.new_context(viewport=PHONE)
    chat = await Chat.open(context, base_url)
    await chat.say("ringkas")
    await chat.at_rest()  # what offers to roll down comes and goes while it rolls
    small = []
    for path in ("", *PAGES):
        if path:
            await chat.page.goto(base_url + path)
        boxes = await chat.page.locator("button:visible, .top a:visible, .button:visible").evaluate_all(
            "(nodes) => nodes.map((node) => [node.innerText, node.offsetWidth, node.offsetHeight])"
        )
        assert boxes
        small += [(path, *box) for box in boxes if box[1] < 40 or box[2] < 44]
    assert small == []


async def test_a_report_by_keyboard_alone(chromium: Any, base_url: str, live: LiveSite) -> None:
    context = await chromium.new_context(viewport=DESKTOP)
    chat = await Chat.open(context, base_url)
    keyboard = chat.page.keyboard
    for _ in range(20):
        await keyboard.press("Tab")
        if await (await chat.focused).evaluate("(node) => node?.tagName === 'TEXTAREA'"):
            break
    await keyboard.type("pilih")
    await keyboard.press("Enter")
    await chat.choices.first.wait_for()
    assert await (await chat.focused).evaluate("(node) => node?.tagName === 'TEXTAREA'")
    for _ in range(10):
        await keyboard.press("Shift+Tab")
        if "Anonim" in await (await chat.focused).evaluate("(node) => node?.innerText ?? ''"):
            break
    n_said = await chat.said.count()
    await keyboard.press("Enter")
    await chat.answer_after(n_said)
    # The pressed button is gone, the keyboard is not lost.
    assert await (await chat.focused).evaluate("(node) => node?.tagName === 'TEXTAREA'")
    await keyboard.type("kirim")
    await keyboard.press("Enter")
    await chat.code.wait_for()


async def test_answers_are_read_aloud_once_and_history_is_not(chromium: Any, base_url: str) -> None:
    context = await chromium.new_context(viewport=PHONE)
    chat = await Chat.open(context, base_url)
    log = chat.page.locator("teman-lapor .log")
    assert await log.get_attribute("role") == "log"
    assert await log.get_attribute("aria-live") == "polite"
    await chat.say("halo")
    busy = await chat.page.evaluate(
        """async () => {
            const made = document.createElement("teman-lapor");
            document.body.append(made);
            return made.shadowRoot.querySelector(".log").getAttribute("aria-busy");
        }"""
    )
    assert busy == "true"


async def test_a_photo_is_shown_made_small_and_can_be_taken_back(
    chromium: Any, base_url: str, live: LiveSite
) -> None:
    context = await chromium.new_context(viewport=PHONE)
    chat = await Chat.open(context, base_url)
    photo = io.BytesIO()
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(photo, "JPEG", quality=90)
    file = {"name": "jalan.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    picker, preview = (
        chat.page.locator("teman-lapor input[type=file]"),
        chat.page.locator("teman-lapor .preview"),
    )

    await picker.set_input_files(file)
    await preview.get_by_text("jalan.jpg").wait_for()
    assert await violations_free_preview(preview)
    await preview.get_by_role("button", name="Hapus berkas ini").click()
    await preview.wait_for(state="hidden")

    sizes: list[int] = []
    chat.page.on(
        "request",
        lambda one: sizes.append(len(one.post_data_buffer or b"")) if one.url.endswith("/uploads") else None,
    )
    await picker.set_input_files(file)
    await preview.get_by_text("jalan.jpg").wait_for()
    await chat.send("ini fotonya")
    await chat.answer_after(0)
    await chat.stored()
    assert sizes
    assert sizes[0] < len(file["buffer"]) / 2
    heard = [one for request in live.engine.requests for one in request["messages"]]
    assert any(one.get("attachments", [{}])[0].get("kind") == "photo" for one in heard)
    assert await chat.mine.first.locator("img").is_visible()


async def violations_free_preview(preview: Any) -> bool:
    box = await preview.locator("img").bounding_box()
    return bool(box and box["width"] >= 40)


async def test_a_text_called_photo_is_refused_in_plain_words(
    chromium: Any, base_url: str, live: LiveSite
) -> None:
    context = await chromium.new_context(viewport=PHONE)
    chat = await Chat.open(context, base_url)
    file = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"ini bukan foto"}
    await chat.page.locator("teman-lapor input[type=file]").set_input_files(file)
    await chat.page.locator("teman-lapor .preview:visible").wait_for()
    await chat.page.locator("teman-lapor .go").click()
    await chat.page.locator("teman-lapor .problem").wait_for()
    assert "belum bisa diterima" in await chat.said.last.inner_text()
    assert await chat.say("tidak apa-apa")


async def test_a_file_too_large_is_told_before_it_is_sent(
    chromium: Any, base_url: str, live: LiveSite
) -> None:
    context = await chromium.new_context(viewport=PHONE)
    chat = await Chat.open(context, base_url)
    file = {"name": "v.mp4", "mimeType": "video/mp4", "buffer": bytes(17 * 1024 * 1024)}
    await chat.page.locator("teman-lapor input[type=file]").set_input_files(file)
    await chat.page.locator("teman-lapor .problem").wait_for()
    assert "16 MB" in await chat.said.last.inner_text()
    assert not any(one.endswith("/uploads") for one in chat.requested)


async def test_my_place_is_shared_only_when_i_press(chromium: Any, base_url: str, live: LiveSite) -> None:
    context = await chromium.new_context(
        viewport=PHONE,
        permissions=["geolocation"],
        geolocation={"latitude": 0.5123, "longitude": 117.5456, "accuracy": 12},
    )
    chat = await Chat.open(context, base_url)
    await chat.say("minta lokasi")
    n_said = await chat.said.count()
    await chat.page.get_by_role("button", name="Bagikan lokasi saya").click()
    await chat.answer_after(n_said)
    location = live.engine.requests[-1]["messages"][0]["location"]
    assert (location["latitude"], location["longitude"]) == (0.5123, 117.5456)
    assert "Lokasi saya" in await chat.mine.last.inner_text()

    refused = await Chat.open(await chromium.new_context(viewport=PHONE), base_url)
    await refused.page.get_by_role("button", name="Kirim lokasi saya").click()
    await refused.page.locator("teman-lapor .problem").wait_for()
    assert "patokannya" in await refused.said.last.inner_text()


async def test_without_scripts_a_report_is_filed_and_found(chromium: Any, base_url: str) -> None:
    context = await chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(base_url)
    await page.locator("teman-lapor a", has_text="formulir").click()
    await page.locator("#what").fill("tumpukan sampah di belakang pasar sudah dua minggu")
    await page.locator("#where").fill("belakang pasar induk Sangatta Utara")
    await page.locator("#when").fill("dua minggu lalu")
    await page.get_by_text(re.compile("^Anonim")).click()
    await page.get_by_role("button", name="Kirim laporan").click()
    code = await page.locator(".code").inner_text()
    assert CODE.match(code)

    await page.goto(f"{base_url}/status")
    await page.get_by_label("Kode laporan").fill(code)
    await page.get_by_role("button", name="Lihat status").click()
    shown = await page.locator("main").inner_text()
    assert "Diterima" in shown
    assert "sampah" not in shown
    assert "Dinas" not in shown
    await page.locator("#text").fill("tambahan: ada tikus juga")
    await page.get_by_role("button", name="Kirim tambahan").click()
    assert "sudah masuk" in await page.locator("main").inner_text()


async def test_motion_stops_for_those_who_ask(chromium: Any, base_url: str) -> None:
    context = await chromium.new_context(viewport=PHONE, reduced_motion="reduce")
    chat = await Chat.open(context, base_url)
    moving = await chat.page.locator("teman-lapor .dots i").first.evaluate(
        "(node) => getComputedStyle(node).animationName"
    )
    assert moving == "none"
