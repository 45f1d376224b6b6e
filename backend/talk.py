"""The web protocol from a terminal: one message a line in, one JSON object a line out (`docs/web-protocol.md`).

Used by people (`make talk`), by tests and by simulated citizens; it knows nothing that a browser would not.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import httpx

ANSWER_WITHIN_S = 30.0
QUIET_S = 0.25


class TalkFailed(Exception):
    """The backend cannot be reached or refused; the message is for the person at the terminal."""


@dataclass
class Client:
    """One citizen on the web channel. `answers` to a message are everything said after it until it is quiet."""

    url: str
    seq: int = 0
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(
            base_url=self.url, timeout=ANSWER_WITHIN_S + 10, headers={"Accept": "application/json"}
        )
        self._told(self.http.post("/api/web/session"))

    def say(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send one message; returns `{"replies": [{"text", "choices"}], "code": str | None}`.

        Raises:
            TalkFailed: refused, or no answer within half a minute.
        """
        if "file" in message:
            message = self._uploaded(Path(message["file"]))
        sent = self._told(
            self.http.post("/api/web/messages", json={"client_id": secrets.token_hex(16), **message})
        )
        mine = int(sent["seq"])
        events = self._answers(mine)
        replies = [
            {"text": one["message"].get("text") or "", "choices": one["message"].get("choices") or []}
            for one in events
        ]
        return {"replies": replies, "code": next((one["code"] for one in events if one.get("code")), None)}

    def _answers(self, mine: int) -> list[dict[str, Any]]:
        deadline = time.monotonic() + ANSWER_WITHIN_S
        found: list[dict[str, Any]] = []
        while time.monotonic() < deadline:
            wait = 0 if found else 5
            news = self._told(self.http.get("/api/web/events", params={"after": self.seq, "wait": wait}))[
                "events"
            ]
            for one in news:
                self.seq = max(self.seq, int(one["seq"]))
                if one["kind"] != "mine" and int(one["seq"]) > mine:
                    found.append(one)
            if found and not news:
                return found
            if found:
                time.sleep(QUIET_S)
        if found:
            return found
        raise TalkFailed("no answer within 30 s; the message is stored and will be answered later")

    def _uploaded(self, path: Path) -> dict[str, Any]:
        with path.open("rb") as file:
            told = self._told(self.http.post("/api/web/uploads", files={"file": (path.name, file)}))
        return {"upload": told["upload"], "kind": told["kind"]}

    def _told(self, answer: httpx.Response) -> dict[str, Any]:
        data: dict[str, Any] = answer.json()
        if answer.is_error:
            raise TalkFailed(data.get("detail") or f"refused with {answer.status_code}")
        return data


def talk(url: str, lines: TextIO, out: TextIO) -> int:
    """Speak line by line until the input ends; plain text, or `{"text"|"choice"|"location"|"file": …}`.

    A refusal is answered with `{"replies": [], "code": null, "error": …}`. Returns 1 when the backend is not there.
    """
    try:
        client = Client(url)
    except (httpx.HTTPError, TalkFailed) as failure:
        print(f"{url} does not answer ({failure}); is `make run` running?", file=sys.stderr)
        return 1
    for line in lines:
        text = line.rstrip("\r\n")
        if not text.strip():
            continue
        try:
            answer = client.say(message_of(text))
        except (TalkFailed, OSError) as failure:
            answer = {"replies": [], "code": None, "error": str(failure)}
        except httpx.HTTPError as failure:
            answer = {"replies": [], "code": None, "error": f"connection: {type(failure).__name__}"}
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
    return 0


def message_of(line: str) -> dict[str, Any]:
    """A line as a message: a JSON object with one of the known keys, anything else is text.

    >>> message_of('{"choice": "q1-1"}'), message_of("{halo")
    ({'choice': 'q1-1'}, {'text': '{halo'})
    """
    if line.lstrip().startswith("{"):
        try:
            value = json.loads(line)
        except ValueError:
            return {"text": line}
        if (
            isinstance(value, dict)
            and len(value) == 1
            and next(iter(value)) in {"text", "choice", "location", "file"}
        ):
            return value
    return {"text": line}
