"""A light load on the whole product over HTTP: people who write at an even pace, and one who asks for the status of a report."""

from __future__ import annotations

import asyncio
import secrets
import ssl
import time
from dataclasses import dataclass, field

import httpx

from tests.cluster.citizens import MATTERS

ANSWER_S = 60.0
PEOPLE = 400
SAID = (*MATTERS, "halo", "terima kasih", "tidak tahu", "berapa lama laporan diproses")


def browser_at(url: str) -> httpx.AsyncClient:
    """Light: one that loads the world's certificates costs as much as some turns, and nothing here speaks TLS."""
    return httpx.AsyncClient(
        base_url=url,
        timeout=40,
        trust_env=False,
        headers={"Accept": "application/json"},
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )


@dataclass
class Crowd:
    """`people` write by turns, so that nobody writes faster than a person may; `accepted` counts acknowledgements."""

    url: str
    n_people: int = PEOPLE
    accepted: int = 0
    refused: int = 0
    acks_s: list[float] = field(default_factory=list)
    people: list[httpx.AsyncClient] = field(default_factory=list)

    async def come(self) -> None:
        """Everybody opens the chat."""
        for _ in range(self.n_people):
            person = browser_at(self.url)
            (await person.post("/api/web/session")).raise_for_status()
            self.people.append(person)

    async def write(self, per_s: float, seconds: float) -> None:
        """`per_s` messages a second for so long, at an even pace however long answers take."""
        began, sending = time.perf_counter(), set()
        for number in range(int(per_s * seconds)):
            await asyncio.sleep(max(0.0, began + number / per_s - time.perf_counter()))
            person = self.people[number % len(self.people)]
            task = asyncio.create_task(self._send(person, SAID[number % len(SAID)]))
            sending.add(task)
            task.add_done_callback(sending.discard)
        await asyncio.gather(*sending)

    async def _send(self, person: httpx.AsyncClient, text: str) -> None:
        """Once more, with the same id, as long as it is not acknowledged: what a browser does."""
        body = {"client_id": secrets.token_hex(12), "text": text}
        began = time.perf_counter()
        while True:
            try:
                answer = await person.post("/api/web/messages", json=body)
                if answer.status_code == httpx.codes.ACCEPTED:
                    break
            except httpx.HTTPError:
                pass
            self.refused += 1
            await asyncio.sleep(1.0)
        self.acks_s.append(time.perf_counter() - began)
        self.accepted += 1

    async def leave(self) -> None:
        """Connections closed."""
        for person in self.people:
            await person.aclose()


@dataclass
class Asker:
    """Somebody with a code, who asks again and again in the chat; a new browser each time, as other people would be."""

    url: str
    code: str
    waits_s: list[float] = field(default_factory=list)
    unanswered: int = 0

    async def ask(self, every_s: float, stop: asyncio.Event) -> None:
        """Until told to stop; a question begins at an even pace, whether the last one was answered or not."""
        asking: set[asyncio.Task[None]] = set()
        while not stop.is_set():
            task = asyncio.create_task(self._once())
            asking.add(task)
            task.add_done_callback(asking.discard)
            await asyncio.sleep(every_s)
        await asyncio.gather(*asking)

    async def _once(self) -> None:
        async with browser_at(self.url) as browser:
            await browser.post("/api/web/session")
            began = time.perf_counter()
            body = {"client_id": secrets.token_hex(12), "text": f"cek status {self.code}"}
            place = (await browser.post("/api/web/messages", json=body)).json()["seq"]
            while time.perf_counter() - began < ANSWER_S:
                params = {"after": place, "wait": 20}
                events = (await browser.get("/api/web/events", params=params)).json()["events"]
                if any(one["kind"] != "mine" for one in events):
                    self.waits_s.append(time.perf_counter() - began)
                    return
        self.unanswered += 1


def share(values: list[float], part: float) -> float:
    """The value that `part` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")
