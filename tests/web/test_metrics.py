"""`/metrics`: for whoever has the token, and without anybody's words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from backend.persistence.database import Database
from backend.persistence.errors import DatabaseUnavailable
from tests.support.live_site import LiveSite, live_site

pytestmark = pytest.mark.database
TOKEN = "token untuk uji"  # a test's own
WORDS = "jalan bolong di Sangatta, nama saya Sumarno"


@pytest.fixture
async def watched(database: Database) -> AsyncIterator[LiveSite]:
    async with live_site(database, metrics_token=TOKEN) as running:
        yield running


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer salah", TOKEN[:-1]])
async def test_strangers_find_no_page(watched: LiveSite, given: str) -> None:
    visitor = await watched.visitor(session=False)
    answer = await visitor.http.get("/metrics", headers={"Authorization": given} if given else {})
    assert answer.status_code == 404


async def test_without_a_token_in_the_settings_nobody_does(live: LiveSite) -> None:
    visitor = await live.visitor(session=False)
    assert (await visitor.http.get("/metrics", headers={"Authorization": "Bearer None"})).status_code == 404


async def test_turns_requests_and_queues_are_counted_without_words(watched: LiveSite) -> None:
    visitor = await watched.visitor()
    await visitor.say(WORDS)
    lines: dict[str, str] = {}
    async with asyncio.timeout(10):
        # The answer is out a moment before the turn is counted.
        while 'teman_lapor_turns_total{channel="web",outcome="done"}' not in lines:
            answer = await visitor.http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
            assert answer.status_code == 200
            lines = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if line[0] != "#")
    assert lines['teman_lapor_turns_total{channel="web",outcome="done"}'] == "1.0"
    assert lines['teman_lapor_turn_seconds_count{channel="web"}'] == "1.0"
    assert lines['teman_lapor_part_ready{part="engine"}'] == "1.0"
    door = [name for name in lines if 'route="api/web/messages"' in name and 'status="202"' in name]
    assert door and all('channel="web"' in name for name in door)
    assert lines["teman_lapor_cases_overdue"] == "0.0"
    assert "Sumarno" not in answer.text and "Sangatta" not in answer.text


async def test_what_waits_shows_while_the_engines_are_down(watched: LiveSite) -> None:
    visitor = await watched.visitor()
    watched.engine.model = None
    await visitor.send(text=WORDS)
    answer = await visitor.http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert 'teman_lapor_waiting{box="inbox",channel="web"} 1.0' in answer.text
    assert 'teman_lapor_part_ready{part="engine"} 0.0' in answer.text


async def test_a_database_that_is_away_leaves_the_other_figures(
    watched: LiveSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away() -> float:
        raise DatabaseUnavailable("DiskFullError")

    visitor = await watched.visitor()
    asked = {"Authorization": f"Bearer {TOKEN}"}
    figures = (await visitor.http.get("/metrics", headers=asked)).text
    assert 'teman_lapor_part_ready{part="database"} 1.0' in figures
    monkeypatch.setattr(watched.site.database, "commit_s", away)
    answer = await visitor.http.get("/metrics", headers=asked)
    assert answer.status_code == 200
    assert 'teman_lapor_part_ready{part="database"} 0.0' in answer.text
    assert 'teman_lapor_part_ready{part="engine"} 1.0' in answer.text
