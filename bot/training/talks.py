"""The golden talks as a part of the exam: a model plays them with the real rules and actions, and the backend's real answers.

Nothing is stored while they are played: what a talk files stands in a register of its own.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bot.actions import backend_client
from bot.actions.backend_client import Backend, HttpBackend
from bot.training.register import TalkRegister

if TYPE_CHECKING:
    from bot.engine.engine import Engine

log = logging.getLogger(__name__)

MOST_STEPS = 4
HOME = "64.08"
BETWEEN = timedelta(seconds=20)
SILENCE = re.compile(r"(\d+)([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Played:
    """A talk up to the first turn that went otherwise than it should; `turn` 0 means that all was as it should be."""

    talk: str
    turn: int = 0
    said: str = ""
    wanted: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        return not self.turn


def golden(folder: Path) -> list[dict[str, Any]]:
    """All talks of a folder; none when it is not there."""
    files = sorted(folder.glob("*.yml")) if folder.is_dir() else []
    return [talk for file in files for talk in yaml.safe_load(file.read_text(encoding="utf-8")) or []]


def play_all(archive: Path, talks: Sequence[Mapping[str, Any]], backend: Backend) -> list[Played]:
    """How a model plays these talks."""
    from bot.engine import logs
    from bot.engine.engine import Engine

    # What Rasa says of every step would fill the log that people watch.
    logs.configure()
    return asyncio.run(_play_all(Engine(archive), talks, backend))


async def _play_all(engine: Engine, talks: Sequence[Mapping[str, Any]], backend: Backend) -> list[Played]:
    try:
        return [await play(engine, talk, backend) for talk in talks]
    finally:
        if isinstance(backend, HttpBackend):
            await backend.close()


async def play(engine: Engine, talk: Mapping[str, Any], backend: Backend) -> Played:
    """Turn after turn, as the turn worker would have them taken."""
    now = datetime.fromisoformat(str(talk["now"]))
    scene = Scene(engine, talk, TalkRegister(backend, now.date().isoformat()), now)
    with backend_client.using(scene.register):
        for number, turn in enumerate(talk["turns"], start=1):
            wanted = tuple(turn["bot"])
            if scene.is_between_people(turn):
                continue
            messages = scene.messages_of(turn, number)
            names = [] if messages is None else await scene.heard(messages, number)
            if messages is None or not fits(names, wanted):
                return Played(str(talk["talk"]), number, _said(turn), wanted, tuple(names))
    return Played(str(talk["talk"]))


@dataclass
class Scene:
    """A talk that is being played: its moment, its state, and the choices of the last reply."""

    engine: Engine
    talk: Mapping[str, Any]
    register: TalkRegister
    now: datetime
    state: Any = None
    choices: dict[str, str] = field(default_factory=dict)
    is_asked: bool = False

    def is_between_people(self, turn: Mapping[str, Any]) -> bool:
        """True for what no model takes: an officer's question, and an answer to it that the backend puts into the report's thread."""
        if "officer" in turn:
            self.register.asked_by_officer(int(turn.get("report", 1)))
            self.is_asked = True
            return True
        was_asked, self.is_asked = self.is_asked, False
        if was_asked and not turn["bot"]:
            self.register.answered()
            return True
        return False

    def messages_of(self, turn: Mapping[str, Any], number: int) -> list[dict[str, Any]] | None:
        """The turn as the engine reads it; None when it taps a choice that was not offered."""
        self.now += BETWEEN
        found: list[dict[str, Any]] = []
        if "silence" in turn:
            self.now += lasting(str(turn["silence"]))
            found.append({"event": "silence_reminder"})
        texts = turn.get("user", [])
        found += [
            {"text": self.register.filled(text)} for text in ([texts] if isinstance(texts, str) else texts)
        ]
        if "choice" in turn:
            if turn["choice"] not in self.choices:
                return None
            found.append({"choice": self.choices[turn["choice"]]})
        if "location" in turn:
            found.append({"location": {"accuracy_m": None, "label": None, **turn["location"]}})
        if "attachment" in turn:
            found.append({"attachments": [{"id": f"a{number}", "kind": "photo"}]})
        return [{"id": f"m{number}-{place}", **one} for place, one in enumerate(found)]

    async def heard(self, messages: list[dict[str, Any]], number: int) -> list[str]:
        """What `take` tells. A turn that this model fails (an older one may lack a response) is a talk gone wrong and named in the report,
        not the end of the exam."""
        try:
            return await self.take(messages, number)
        except Exception as failure:  # noqa: BLE001
            log.warning(
                "a turn of the exam failed talk=%s turn=%d", self.talk["talk"], number, exc_info=failure
            )
            return [type(failure).__name__]

    async def take(self, messages: list[dict[str, Any]], number: int) -> list[str]:
        """Names of the responses of all steps of a turn."""
        from bot.engine.contract import turn_from

        names: list[str] = []
        self.choices = {}
        for step in range(MOST_STEPS):
            body = (await self.engine.take(turn_from(self._frozen(messages, number)))).body
            self.state = body["state"]
            for reply in body["replies"]:
                names += reply["responses"]
                self.choices = {one["label"]: one["id"] for one in reply["choices"]}
            if not body["effects"]:
                break
            results = [self.register.carry_out(effect) for effect in body["effects"]]
            messages = [
                {"id": f"e{step}-{place}", "event": "effect_result", "data": result}
                for place, result in enumerate(results)
            ]
        return names

    def _frozen(self, messages: list[dict[str, Any]], number: int) -> dict[str, Any]:
        return {
            "turn": f"t{number}",
            "attempt": 1,
            "conversation": "exam",
            "channel": self.talk.get("channel", "web"),
            "now": self.now.isoformat(),
            "seed": f"{number:032x}",
            "home": self.talk.get("home", HOME),
            "rehearsal": True,
            "messages": messages,
            "state": self.state,
        }


def lasting(silence: str) -> timedelta:
    """
    >>> lasting("25h")
    datetime.timedelta(days=1, seconds=3600)
    """
    found = SILENCE.fullmatch(silence)
    if found is None:
        raise ValueError(f"{silence} is no duration")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def fits(names: Sequence[str], wanted: Sequence[str]) -> bool:
    """The same names in the same order; a trailing `*` stands for any ending.

    >>> fits(["utter_ask_place_again"], ["utter_ask_place*"]), fits([], ["utter_summary"])
    (True, False)
    """
    return len(names) == len(wanted) and all(
        name.startswith(one[:-1]) if one.endswith("*") else name == one
        for name, one in zip(names, wanted, strict=True)
    )


def _said(turn: Mapping[str, Any]) -> str:
    texts = turn.get("user") or turn.get("choice") or ""
    return texts if isinstance(texts, str) else "\n".join(texts)
