"""What went wrong in one talk: judged from what was said and from the case that was filed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.cases.case import Case
from tests.citizens.citizen import Citizen
from tests.citizens.speaker import Heard

FEWEST_WORDS = 4
MOST_ASKED = 3
QUESTIONS = ("description", "place", "happened", "clarification", "identity")
ORDINARY = ("open",)
GUARDED = ("confidential",)


@dataclass
class Exchange:
    """One turn: what the person sent and what came back."""

    turn: dict[str, Any]
    heard: Heard


@dataclass
class Talk:
    """One citizen's whole talk. `to_code` counts the person's own messages up to the code; None without a code."""

    citizen: Citizen
    exchanges: list[Exchange] = field(default_factory=list)
    to_code: int | None = None
    case: Case | None = None
    files: int = 0
    filed: int = 0


def own_messages(turn: dict[str, Any]) -> int:
    """How many messages the person sent in a turn; silence is none."""
    return len(turn["user"]) if "user" in turn else int("silence" not in turn)


def faults(talk: Talk) -> list[str]:
    """Everything that should not have happened, each as `kind: detail`; kinds are no code, loop, repeated, dead end, lost,
    unwanted."""
    found = [*_repeated(talk.exchanges), *_loops(talk.exchanges), *_dead_ends(talk)]
    if not talk.citizen.manner.files:
        return [*found, *(["unwanted: a report was filed"] if talk.filed else [])]
    if talk.to_code is None or talk.case is None:
        return [*found, "no code: the talk ended without one"]
    return [*found, *_lost(talk, talk.case)]


def _repeated(exchanges: Sequence[Exchange]) -> list[str]:
    found = []
    for before, after in zip(exchanges, exchanges[1:], strict=False):
        twice = set(sentences(before.heard)) & set(sentences(after.heard))
        found += [f"repeated: {one}" for one in sorted(twice)]
    return found


def sentences(heard: Heard) -> list[str]:
    """What was said beside the rows of a card, cut into sentences; short ones (“Baik.”) do not count."""
    rows = set(heard.rows.values())
    lines = [line for line in heard.text.splitlines() if not any(line.endswith(value) for value in rows)]
    parts = re.split(r"(?<=[.?!])\s+|\n", "\n".join(lines))
    return [part for part in parts if len(part.split()) >= FEWEST_WORDS]


def _loops(exchanges: Sequence[Exchange]) -> list[str]:
    """A question three times running although nothing else was said than answers to it."""
    found, name, times = [], "", 0
    for one in exchanges:
        asked = next((q for q in QUESTIONS if one.heard.last.startswith(f"utter_ask_{q}")), "")
        alone = len(one.heard.responses) == 1
        times = times + 1 if asked and asked == name and alone else int(bool(asked))
        name = asked
        if times == MOST_ASKED:
            found.append(f"loop: {asked} asked {MOST_ASKED} times")
    return found


def _dead_ends(talk: Talk) -> list[str]:
    found = []
    for number, one in enumerate(talk.exchanges, start=1):
        open_end = one.heard.choices or "?" in one.heard.text or "ask_" in one.heard.last
        invites = re.search(
            r"\b(?:tulis|ceritakan|kirim|ketik|silakan|balas|(?:me)?lapor\w*|lanjut\w*)\b",
            one.heard.text.lower(),
        )
        if not one.heard.responses:
            found.append(f"dead end: no answer in turn {number}")
        elif not (open_end or invites) and talk.citizen.manner.files and not _has_code(talk, number):
            found.append(f"dead end: turn {number} asks nothing ({one.heard.last})")
    return found


def _has_code(talk: Talk, number: int) -> bool:
    return any("utter_receipt" in name for one in talk.exchanges[:number] for name in one.heard.responses)


def _lost(talk: Talk, case: Case) -> list[str]:
    citizen, facts = talk.citizen, talk.citizen.facts
    found = []
    if case.issue not in facts.issues:
        found.append(f"issue is {case.issue}, not {'/'.join(facts.issues)}")
    kept = _plain(case.description)
    found += [f"description lacks “{said}”" for said in citizen.said_what if not _holds(kept, said)]
    if citizen.said_area and case.place.district_code != facts.district:
        found.append(
            f"district is {case.place.district_code} ({case.place.label}), not {facts.district} {facts.area}"
        )
    if citizen.said_area and case.place.regency_code != facts.home:
        found.append(f"regency is {case.place.regency_code}, not {facts.home}")
    if citizen.manner.where == "pin" and case.place.latitude is None:
        found.append("the pin is gone")
    kept += " " + _plain(f"{case.place.text} {case.place.landmark or ''}")
    if citizen.said_where and not _holds(kept, facts.spot):
        found.append(f"landmark lacks “{facts.spot}”")
    if citizen.said_when and not case.happened.text and not _holds(kept, facts.when):
        found.append(f"time “{facts.when}” is gone")
    if case.identity_level.value not in _levels(citizen):
        found.append(f"identity is {case.identity_level.value}, not {'/'.join(_levels(citizen))}")
    if talk.files != citizen.files_sent:
        found.append(f"{talk.files} files, not {citizen.files_sent}")
    return [f"lost: {one}" for one in found]


def _levels(citizen: Citizen) -> tuple[str, ...]:
    if citizen.manner.identity:
        return (citizen.manner.identity,)
    if citizen.facts.maybe_sensitive:
        return ORDINARY + GUARDED
    return GUARDED if citizen.facts.sensitive else ORDINARY


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _holds(kept: str, said: str) -> bool:
    """Whether the words are kept; messages sent in quick succession stand on lines of their own."""
    return _plain(said) in kept
