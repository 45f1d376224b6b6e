"""Citizens of the drill: each tells one matter until there is a code, then asks for its status, and notes all that was acknowledged."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

PATIENCE_S = 180.0
MOST_ANSWERS = 6
MATTERS = (
    "lampu jalan mati depan sd 004 sangatta utara sudah seminggu",
    "jalan berlubang besar di depan puskesmas sangatta selatan sejak kemarin",
    "sampah menumpuk di pasar teluk lingga sangatta utara sudah tiga hari",
    "air pdam tidak mengalir di gang mawar sangatta utara sejak senin",
    "selokan mampet dekat masjid agung sangatta utara sudah sebulan",
)


class Unanswered(Exception):
    """Nobody answered in time."""


@dataclass
class Citizen:
    """One browser. `sent` are the client ids of acknowledged messages in the order they were written; `waits` how long answers took."""

    url: str
    dice: random.Random
    sent: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    events: list[dict[str, Any]] = field(default_factory=list)
    failure: str = ""
    n_retries: int = 0
    _seq: int = 0
    _http: httpx.AsyncClient | None = None

    async def live(self) -> None:
        """The whole talk. What goes wrong is kept in `failure`."""
        async with httpx.AsyncClient(
            base_url=self.url, timeout=12, headers={"Accept": "application/json"}, trust_env=False
        ) as self._http:
            for part in (self._report, self._look_back):
                try:
                    await part()
                except Unanswered as failure:
                    self.failure += str(failure)

    async def _report(self) -> None:
        heard = await self._say(self.dice.choice(MATTERS))
        for _ in range(MOST_ANSWERS):
            if self.codes:
                break
            await asyncio.sleep(self.dice.uniform(0.2, 1.5))
            heard = await self._say(_answer_to(heard))
        if not self.codes:
            raise Unanswered(f"no code, the last word was: {heard[-1]['message']['text'][:200]}")
        # Two messages without waiting in between: they must stay in this order.
        await self._send("terima kasih banyak")
        await self._say("terima kasih")
        await self._say(f"cek status {min(self.codes)}", until=_is_status)

    async def _look_back(self) -> None:
        """What a browser shows that opens the chat again."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            answer = await self._try("GET", "/api/web/events", params={"after": 0})
            if answer is not None and answer.status_code == httpx.codes.OK:
                self.events = answer.json()["events"]
                return
            await asyncio.sleep(0.5)
        raise Unanswered("the history was not to be had")

    async def _say(
        self, text: str, until: Callable[[dict[str, Any]], bool] | None = None
    ) -> list[dict[str, Any]]:
        """Send, and wait for what answers it: anything but an apology, or the event that `until` knows."""
        began = time.monotonic()
        place = await self._send(text)
        heard: list[dict[str, Any]] = []
        while time.monotonic() - began < PATIENCE_S:
            params = {"after": max(place, self._seq), "wait": 8}
            answer = await self._try("GET", "/api/web/events", params=params)
            if answer is None or answer.status_code != httpx.codes.OK:
                await asyncio.sleep(0.5)
                continue
            for event in answer.json()["events"]:
                self._seq = max(self._seq, int(event["seq"]))
                if event["kind"] != "mine":
                    heard.append(event)
                    self.codes |= {event["code"]} if event.get("code") else set()
            if any(map(until or _is_answer, heard)):
                self.waits.append(time.monotonic() - began)
                return heard
        said = [str(event["message"]["text"])[:160] for event in heard]
        raise Unanswered(f"no answer to: {text}; heard {said}")

    async def _send(self, text: str) -> int:
        """Hand a message in until it is acknowledged; its place."""
        client_id = secrets.token_hex(12)
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert self._http is not None
            if not self._http.cookies:
                await self._try("POST", "/api/web/session")
            body = {"client_id": client_id, "text": text}
            answer = await self._try("POST", "/api/web/messages", json=body)
            if answer is not None and answer.status_code == httpx.codes.ACCEPTED:
                self.sent.append(client_id)
                return int(answer.json()["seq"])
            self.n_retries += 1
            await asyncio.sleep(self.dice.uniform(0.3, 1.0))
        raise Unanswered(f"not accepted: {text}")

    async def _try(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """The answer; None when there was none."""
        assert self._http is not None
        try:
            return await self._http.request(method, path, **more)
        except httpx.HTTPError:
            return None


def _answer_to(heard: list[dict[str, Any]]) -> str:
    """What a person in a hurry answers: sends as soon as that is offered, else takes the first choice or knows nothing."""
    labels = [str(one["label"]) for event in heard for one in event["message"].get("choices") or []]
    for wish in ("kirim sendiri", "kirim"):
        for label in labels:
            if label.lower().startswith(wish):
                return label
    return labels[0] if labels else "tidak tahu"


def _is_answer(event: dict[str, Any]) -> bool:
    return "terganggu" not in str(event["message"]["text"])


def _is_status(event: dict[str, Any]) -> bool:
    """From an engine, or from the backend itself while its host has none."""
    message = event["message"]
    return (message.get("card") or {}).get("kind") == "status" or "Status laporan:" in str(message["text"])
