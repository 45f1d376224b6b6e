"""The golden talks as a part of the exam: a model plays them with the real rules and actions, and the backend's real answers.

Nothing is stored while they are played, so a talk is played up to its first turn that needs what was stored: a code, a silence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bot.actions import backend_client
from bot.actions.backend_client import Backend

if TYPE_CHECKING:
    from bot.engine.engine import Engine

MOST_STEPS = 4
HOME = "64.08"
NEEDS_STORE = ("{code}", "{typo}")


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
    with backend_client.using(backend):
        return [await play(engine, talk) for talk in talks]


async def play(engine: Engine, talk: Mapping[str, Any]) -> Played:
    """Turn after turn, as the turn worker would have them taken."""
    state: Any = None
    choices: dict[str, str] = {}
    for number, turn in enumerate(talk["turns"], start=1):
        if needs_store(turn):
            break
        wanted = tuple(turn["bot"])
        messages = messages_of(turn, choices, number)
        if messages is None:
            return Played(str(talk["talk"]), number, _said(turn), wanted, ())
        names, state, choices = await _take(engine, talk, number, messages, state)
        if not fits(names, wanted):
            return Played(str(talk["talk"]), number, _said(turn), wanted, tuple(names))
    return Played(str(talk["talk"]))


async def _take(
    engine: Engine, talk: Mapping[str, Any], number: int, messages: list[dict[str, Any]], state: Any
) -> tuple[list[str], Any, dict[str, str]]:
    from bot.engine.contract import turn_from

    names: list[str] = []
    choices: dict[str, str] = {}
    for step in range(MOST_STEPS):
        frozen = {
            "turn": f"t{number}",
            "attempt": 1,
            "conversation": "exam",
            "channel": talk.get("channel", "web"),
            "now": str(talk["now"]).replace(" ", "T"),
            "seed": f"{number:032x}",
            "home": talk.get("home", HOME),
            "rehearsal": True,
            "messages": messages,
            "state": state,
        }
        body = (await engine.take(turn_from(frozen))).body
        state = body["state"]
        for reply in body["replies"]:
            names += reply["responses"]
            choices = {one["label"]: one["id"] for one in reply["choices"]}
        if not body["effects"]:
            break
        results = [_done(effect) for effect in body["effects"]]
        messages = [
            {"id": f"e{step}-{place}", "event": "effect_result", "data": result}
            for place, result in enumerate(results)
        ]
    return names, state, choices


def _done(effect: Mapping[str, Any]) -> dict[str, Any]:
    """What the backend would tell of an effect that succeeded."""
    level = effect["data"].get("identity_level") or "open"
    told = {"kind": effect["kind"], "outcome": "done", "identity_level": level, "case_number": "AAAA-AAAA"}
    return {**told, "agency_name": "…", "due_label": "…", "due_on": "2026-12-01", "state_label": "…"}


def messages_of(
    turn: Mapping[str, Any], choices: Mapping[str, str], number: int
) -> list[dict[str, Any]] | None:
    """The turn as the engine reads it; None when it taps a choice that was not offered."""
    texts = turn.get("user", [])
    found: list[dict[str, Any]] = [{"text": text} for text in ([texts] if isinstance(texts, str) else texts)]
    if "choice" in turn:
        if turn["choice"] not in choices:
            return None
        found.append({"choice": choices[turn["choice"]]})
    if "location" in turn:
        found.append({"location": {"accuracy_m": None, "label": None, **turn["location"]}})
    if "attachment" in turn:
        found.append({"attachments": [{"id": f"a{number}", "kind": "photo"}]})
    return [{"id": f"m{number}-{place}", **one} for place, one in enumerate(found)]


def needs_store(turn: Mapping[str, Any]) -> bool:
    """Whether a turn can be played only where cases and time are real."""
    return "silence" in turn or any(mark in _said(turn) for mark in NEEDS_STORE)


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
