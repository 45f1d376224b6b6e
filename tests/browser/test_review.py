"""The reviewers' pages in a real browser: keys, live progress, the exam, promotion and the way back; read by axe as well."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.cases.access import Role
from backend.persistence.database import Database
from backend.rounds.trial import TrialRunner
from backend.usecases.review_sentence import review_sentence
from tests.browser.conftest import DESKTOP
from tests.browser.test_look import violations
from tests.persistence.contract import a_review_item
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite, live_site
from tests.support.toy_training import LIVE, ToyTraining, toy_training
from tests.support.toy_trial import CANDIDATE, ToyCrew, TwoEngines

pytestmark = [pytest.mark.browser, pytest.mark.database]

GUESSES = (("keluhan/lampu_jalan", 0.41), ("keluhan/listrik", 0.33), ("marah", 0.1))
CONTEXT = (("warga", "pagi min"), ("asisten", "Pagi! Ada yang bisa dibantu?"), ("warga", "x"))


@dataclass
class Place:
    """A site with a training side, and a page on it that has logged in."""

    live: LiveSite
    toy: ToyTraining
    engines: TwoEngines
    page: Any
    scheme: str

    async def look(self, name: str) -> None:
        """A picture of the whole page where `REVIEW_PICTURES` names a folder; for people."""
        folder = os.environ.get("REVIEW_PICTURES")
        if folder:
            for width in (1280, 390):
                await self.page.set_viewport_size({"width": width, "height": 800})
                await self.page.screenshot(path=f"{folder}/{name}-{self.scheme}-{width}.png", full_page=True)
            await self.page.set_viewport_size(DESKTOP)

    async def put(self, n: int, text: str) -> str:
        talk = (*CONTEXT[:2], ("warga", text))
        item = a_review_item(n, text=text, ranking=GUESSES, context=talk, sender="s")
        async with self.live.talk.open_uow() as uow:
            await uow.review.add(item)
            await uow.commit()
        return item.id

    async def item(self, item_id: str) -> tuple[str, str | None]:
        async with self.live.talk.open_uow() as uow:
            found = await uow.review.by_id(item_id)
        assert found is not None
        return found.status, found.label


@pytest.fixture(params=["light", "dark"])
async def place(
    chromium: Any, database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Place]:
    toy = toy_training(database, tmp_path, lambda: live_clock[0]())
    live_clock: list[Any] = []
    engines, open_uow = TwoEngines(), toy.worker.open_uow
    identifier = database.keys.vault.identifier
    trials = TrialRunner(
        open_uow, engines, ToyCrew(toy.serving), toy.worker.models, identifier, lambda: live_clock[0]()
    )
    async with live_site(database, training=toy.desk, engine=engines, trials=trials) as live:
        live_clock.append(live.talk.clock)
        work = asyncio.gather(toy.worker.run(), trials.run())
        context = await chromium.new_context(viewport=DESKTOP, color_scheme=request.param, bypass_csp=True)
        page = await context.new_page()
        reviewer = await officer_in(live, Role.LANGUAGE)
        await context.add_cookies([reviewer.browser_cookie(live.url)])
        await page.goto(f"{live.url}/tinjau")
        await page.wait_for_selector("h1:has-text('Apa maksud')")
        yield Place(live, toy, engines, page, request.param)
        await context.close()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


@pytest.fixture
def base_url() -> str:
    """These tests bring their own site."""
    return ""


async def test_an_officer_decides_with_keys_alone(place: Place) -> None:
    ids = [await place.put(n, f"lampune byar pet nang gang {n}") for n in (1, 2, 3, 4)]
    page = place.page
    await page.reload()
    assert await violations(page) == []
    await place.look("kalimat")
    await page.keyboard.press("1")
    await page.wait_for_selector("text=Tersimpan")
    assert await place.item(ids[0]) == ("approved", "keluhan/lampu_jalan")
    await page.keyboard.press("u")
    await page.wait_for_selector("text=Keputusan terakhir dibatalkan")
    assert (await place.item(ids[0]))[0] == "pending"
    await page.keyboard.press("0")
    await page.wait_for_selector("text=Ditandai bukan untuk kami")
    await page.keyboard.press("/")
    await page.keyboard.type("Jalan rusak")
    words = place.live.talk.services.reference.issues["jalan_rusak"].label
    await page.fill("#words", words)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("text=Tersimpan")
    assert await place.item(ids[1]) == ("approved", "keluhan/jalan_rusak")
    await page.keyboard.press("l")
    await page.wait_for_selector("text=Dilewati")
    await page.keyboard.press("?")
    assert await page.locator("#keys ul").is_visible()
    assert await violations(page) == []


async def test_one_key_and_one_request_decide_a_sentence(place: Place) -> None:
    ids = [await place.put(n, f"lampune byar pet nang gang {n}") for n in range(1, 10)]
    page, asked = place.page, []
    await page.reload()
    page.on("request", lambda request: asked.append((request.method, request.resource_type)))
    for _ in ids:
        async with page.expect_navigation():
            await page.keyboard.press("1")
    documents = [method for method, kind in asked if kind == "document"]
    assert documents == ["POST", "GET"] * len(ids), "one key: the decision, and the next sentence"
    assert "Tidak ada yang menunggu" in await page.inner_text("main")
    assert [await place.item(one) for one in ids] == [("approved", "keluhan/lampu_jalan")] * len(ids)


async def test_words_are_marked_with_keys_and_with_the_mouse(place: Place) -> None:
    item = await place.put(1, "lampu depan pasar lama mati sejak kemarin sore")
    page = place.page
    await page.reload()
    for key in ("e", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "t"):
        await page.keyboard.press(key)
    await page.wait_for_selector(".chip:has-text('Tempat: depan pasar lama')")
    words = page.locator(".word")
    begin, end = await words.nth(5).bounding_box(), await words.nth(7).bounding_box()
    await page.mouse.move(begin["x"] + 2, begin["y"] + begin["height"] / 2)
    await page.mouse.down()
    await page.mouse.move(end["x"] + end["width"] - 2, end["y"] + end["height"] / 2, steps=5)
    await page.mouse.up()
    await page.click("[data-mark=waktu]")
    await page.wait_for_selector(".chip:has-text('Waktu: sejak kemarin sore')")
    await place.look("tandai")
    assert await violations(page) == []
    await page.keyboard.press("1")
    await page.wait_for_selector("text=Tersimpan")
    async with place.live.talk.open_uow() as uow:
        marked = await uow.review.marked()
    assert {(kind, words) for _, kind, words in marked} == {
        ("tempat", "depan pasar lama"),
        ("waktu", "sejak kemarin sore"),
    }
    assert (await place.item(item))[0] == "approved"


async def test_training_is_watched_examined_used_and_taken_back(place: Place) -> None:
    place.toy.steps.lines, place.toy.steps.pause = 8, 0.4
    await place.put(1, "lampune byar pet")
    page = place.page
    await page.reload()
    await page.keyboard.press("1")
    await page.wait_for_selector("text=Tersimpan")
    await page.click("nav >> text=Pelatihan")
    await page.wait_for_selector("text=1 kalimat baru siap dipelajari")
    await place.look("pelatihan")
    assert await violations(page) == []
    await page.click("text=Mulai pelatihan")
    await page.wait_for_selector("#log:has-text('langkah 1')")
    await place.look("berjalan")
    assert await violations(page) == []
    await page.wait_for_selector("text=Lulus: tidak ada yang memburuk", timeout=30_000)
    assert await page.locator(".chart svg").count() == 4
    assert "59 dari 60 percakapan contoh" in await page.inner_text("main")
    await place.look("ujian")
    assert "lampune byar pet" in await page.inner_text("main")
    assert await violations(page) == []
    await page.click("text=Langsung pakai untuk semua")
    await page.wait_for_selector("h1:has-text('Versi asisten')")
    await place.look("versi")
    assert await page.inner_text("#live") == place.toy.steps.name.removesuffix(".tar.gz")
    assert await violations(page) == []
    await page.click("text=Kembali ke versi sebelumnya")
    await page.wait_for_selector(f"#live:has-text('{LIVE.removesuffix('.tar.gz')}')")
    assert place.toy.serving.name == LIVE
    await page.click("text=Hasil ujian")
    await page.wait_for_selector("h2:has-text('Pernah dipakai, lalu dikembalikan')")
    assert await page.inner_text("#status") == "Pernah dipakai"
    await place.look("dikembalikan")
    assert await violations(page) == []
    await page.click("text=Pakai lagi untuk semua")
    await page.wait_for_selector(f"#live:has-text('{place.toy.steps.name.removesuffix('.tar.gz')}')")
    assert await violations(page) == []


async def test_two_who_differ_end_it_together(place: Place) -> None:
    items = [await place.put(n * 10, f"lampune byar pet nang gang {n}") for n in (1, 2)]
    page = place.page
    await page.reload()
    for _ in items:
        async with page.expect_navigation():
            await page.keyboard.press("1")
    async with place.live.talk.open_uow() as uow:
        for item in items:
            done = await review_sentence(
                item, "keluhan/listrik", "", "rekan", uow, place.live.talk.clock() + timedelta(minutes=1)
            )
            assert done.status == "disputed"
        await uow.commit()
    await page.reload()
    await place.look("kalimat-beda")
    await page.click("text=2 kalimat: Anda dan rekan beda pendapat")
    await page.wait_for_selector("h1:has-text('Beda pendapat')")
    await place.look("beda-pendapat")
    assert await violations(page) == []
    await page.click("button:has-text('Ikut pendapat rekan') >> nth=0")
    await page.wait_for_selector("text=sekarang sependapat")
    await page.click("button:has-text('Sisihkan')")
    await page.wait_for_selector("text=Disisihkan")
    assert {await place.item(one) for one in items} == {("approved", "keluhan/listrik"), ("skipped", None)}
    assert "Tidak ada beda pendapat" in await page.inner_text("main")
    assert await violations(page) == []


async def test_a_round_is_queued_behind_another_and_both_are_stopped(place: Place) -> None:
    place.toy.steps.lines, place.toy.steps.pause = 400, 0.1
    page = place.page
    await page.goto(f"{place.live.url}/tinjau/pelatihan")
    await page.click("text=Mulai pelatihan")
    await page.wait_for_selector("#log:has-text('langkah 1')", timeout=15_000)
    first = page.url
    await page.goto(f"{place.live.url}/tinjau/pelatihan")
    await page.click("text=Mulai pelatihan")
    assert "Menunggu giliran" in await page.inner_text("main") and page.url != first
    await page.click("text=Hentikan")
    await page.wait_for_selector("#status:has-text('Dibatalkan')")
    await page.goto(first)
    await page.click("text=Hentikan")
    await page.wait_for_selector("#status:has-text('Dibatalkan')", timeout=20_000)
    assert place.toy.serving.name == LIVE


async def test_a_refusal_says_why(place: Place) -> None:
    place.toy.steps.exam["refusals"] = [
        {"code": "class_fell", "name": "salam", "n": 10, "live": 1.0, "candidate": 0.7},
        {"code": "safety_failed", "text": "tolong ada kebakaran"},
    ]
    page = place.page
    await page.goto(f"{place.live.url}/tinjau/pelatihan")
    await page.click("text=Mulai pelatihan")
    await page.wait_for_selector("text=Tidak lulus, karena", timeout=30_000)
    await place.look("ditolak")
    told = await page.inner_text("[role=alert]")
    assert "“Salam” memburuk" in told and "tolong ada kebakaran" in told
    assert await page.locator("text=Langsung pakai").count() == 0
    assert await violations(page) == []


async def test_a_new_version_is_tried_step_by_step_and_stopped(place: Place) -> None:
    page = place.page
    await page.goto(f"{place.live.url}/tinjau/uji")
    assert "Belum ada uji coba" in await page.inner_text("main")
    await page.goto(f"{place.live.url}/tinjau/pelatihan")
    await page.click("text=Mulai pelatihan")
    await page.click("text=Coba diam-diam", timeout=30_000)
    await page.wait_for_selector("button:has-text('Berikan kepada 10 %')", timeout=15_000)
    for words in (
        "lampu mati depan pasar",
        "dadah min",
        "dadah, nomorku 0812" + "34567890",
        "jalan berlubang",
    ):
        await (await place.live.visitor()).say(words)
    await page.wait_for_selector("#angka >> text=nomorku [TELEPON]", timeout=15_000)
    await place.look("uji-diam")
    assert await violations(page) == []
    await page.click("text=Berikan kepada 10 %")
    await page.wait_for_selector("li[aria-current=step]:has-text('10 % percakapan')")
    await page.click("text=Berikan kepada 50 %")
    await page.wait_for_selector("li[aria-current=step]:has-text('50 % percakapan')")
    async with asyncio.timeout(20):
        while not any(one["model"] == CANDIDATE for one in place.engines.requests):
            await (await place.live.visitor()).say("halo")
    await place.look("uji-sebagian")
    assert await violations(page) == []
    await page.click("text=Kembali ke 10 %")
    await page.wait_for_selector("li[aria-current=step]:has-text('10 % percakapan')")
    await page.click("text=Hentikan uji coba")
    await page.wait_for_selector("text=Dihentikan oleh petugas")
    assert await violations(page) == []
    assert place.toy.serving.name == LIVE
