"""A real Chromium on a running site. With `BROWSER_TEST_URL` set, that product is driven instead of the scripted one, and
tests that need the script are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from backend.persistence.database import Database
from tests.support.live_site import LiveSite, live_site

PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1280, "height": 800}


@asynccontextmanager
async def launched() -> AsyncIterator[Any]:
    """A browser while the block runs: the system's, else Playwright's."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@pytest.fixture
async def chromium(base_url: str) -> AsyncIterator[Any]:
    """A browser of this test's own, which ends before the site does."""
    async with launched() as browser:
        yield browser


@pytest.fixture
async def live(database: Database) -> AsyncIterator[LiveSite]:
    """The scripted site."""
    if "BROWSER_TEST_URL" in os.environ:
        pytest.skip("needs the scripted site")
    async with live_site(database) as running:
        yield running


@pytest.fixture
def base_url(request: pytest.FixtureRequest) -> str:
    """Where the site under test is."""
    given = os.environ.get("BROWSER_TEST_URL")
    if given:
        return given.rstrip("/")
    live: LiveSite = request.getfixturevalue("live")
    return live.url
