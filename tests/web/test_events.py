"""Events: the history, the long poll, the stream, and the quick exit."""

import asyncio
import json
import time
from typing import Any

import httpx
import pytest

from tests.support.live_site import LiveSite, Visitor

pytestmark = pytest.mark.database


async def streamed(http: httpx.AsyncClient, n: int, headers: dict[str, str], after: int = 0) -> list[Any]:
    """The first n events of a stream."""
    found = []
    accept = {"Accept": "text/event-stream", **headers}
    async with http.stream("GET", "/api/web/events", params={"after": after}, headers=accept) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        number = None
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                number = int(line[4:])
            if line.startswith("data: "):
                event = json.loads(line[6:])
                assert event["seq"] == number
                found.append(event)
            if len(found) == n:
                return found
    return found


async def test_history_rises_and_can_be_read_from_any_place(visitor: Visitor) -> None:
    for text in ("satu", "dua", "tiga"):
        await visitor.say(text)
    events = await visitor.events(after=0)
    numbers = [event["seq"] for event in events]
    assert [event["kind"] for event in events] == ["mine", "reply"] * 3
    assert numbers == sorted(set(numbers))
    assert await visitor.events(after=numbers[2]) == events[3:]
    assert await visitor.events(after=numbers[-1]) == []


async def test_odd_places_are_read_as_the_beginning(visitor: Visitor) -> None:
    await visitor.say("satu")
    for after in ("", "-1", "abc", "9" * 40, "1e3", "\u0661"):
        answer = await visitor.http.get("/api/web/events", params={"after": after})
        assert len(answer.json()["events"]) == 2, after


async def test_a_long_poll_answers_when_there_is_news(visitor: Visitor) -> None:
    await visitor.say("satu")
    began = time.monotonic()
    waiting = asyncio.create_task(visitor.events(wait=20))
    await asyncio.sleep(0.3)
    await visitor.send(text="dua")
    assert (await waiting)[0]["message"]["text"] == "dua"
    assert time.monotonic() - began < 5


async def test_a_long_poll_ends_without_news(visitor: Visitor) -> None:
    await visitor.say("satu")
    began = time.monotonic()
    assert await visitor.events(wait=1) == []
    assert 0.8 < time.monotonic() - began < 4


async def test_a_stream_tells_the_history_and_then_the_news(visitor: Visitor) -> None:
    await visitor.say("satu")
    reading = asyncio.create_task(streamed(visitor.http, 4, {}))
    await asyncio.sleep(0.3)
    await visitor.send(text="dua")
    events = await asyncio.wait_for(reading, 10)
    assert [event["message"]["text"] for event in events] == ["satu", "dengar: satu", "dua", "dengar: dua"]


async def test_a_stream_goes_on_where_the_browser_lost_it(visitor: Visitor) -> None:
    await visitor.say("satu")
    events = await streamed(visitor.http, 1, {"Last-Event-ID": "1"}, after=0)
    assert events[0]["message"]["text"] == "dengar: satu"


async def test_a_stream_may_be_open_before_the_first_message(visitor: Visitor) -> None:
    reading = asyncio.create_task(streamed(visitor.http, 2, {}))
    await asyncio.sleep(0.2)
    await visitor.send(text="pertama")
    events = await asyncio.wait_for(reading, 10)
    assert [event["kind"] for event in events] == ["mine", "reply"]


async def test_nobody_reads_the_events_of_another(live: LiveSite, visitor: Visitor) -> None:
    await visitor.say("rahasia saya")
    assert await (await live.visitor()).events(after=0) == []


async def test_a_receipt_carries_the_code_once_and_the_engine_never_sees_it(
    live: LiveSite, visitor: Visitor
) -> None:
    event = await visitor.say("lampu mati kirim")
    code = event["code"]
    assert event["kind"] == "receipt" and len(code.replace(" ", "")) == 20
    assert code in event["message"]["text"] and "⟦" not in json.dumps(event, ensure_ascii=False)
    await visitor.say("halo lagi")
    asked = json.dumps([dict(request) for request in live.engine.requests])
    assert code not in asked and code.replace(" ", "") not in asked


async def test_quick_exit_leaves_nothing_to_come_back_to(live: LiveSite, visitor: Visitor) -> None:
    await visitor.say("lihat ke belakang")
    kept = dict(visitor.http.cookies)
    answer = await visitor.http.post("/api/web/leave")
    assert answer.status_code == 204 and "storage" in answer.headers["clear-site-data"]
    assert dict(visitor.http.cookies) == {}
    assert (await visitor.http.get("/api/web/events")).status_code == 401
    thief = await live.visitor({"Cookie": "; ".join(f"{k}={v}" for k, v in kept.items())}, session=False)
    assert await thief.events(after=0) == []


async def test_leaving_without_ever_having_written(visitor: Visitor) -> None:
    assert (await visitor.http.post("/api/web/leave")).status_code == 204
