"""A candidate on live traffic: which conversations it serves, how its answers compare, and when it is stopped. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHARES = (10, 50)
LEAST_TURNS = 20
MORE_FAILURES = 3  # turns; fewer are chance
FAILURE_MARGIN = 0.02
SLOWER, SLOWER_MS = 1.5, 5.0
# An engine that loads beside everything else on a small machine takes its time; one that was up and is gone does not come back.
LONGEST_START_S, LONGEST_AWAY_S = 180.0, 60.0


@dataclass(frozen=True)
class Side:
    """How one of the two models did: turns, how many failed, in how many it was unsure, and its median milliseconds."""

    n: int = 0
    failed: int = 0
    unsure: int = 0
    ms: float | None = None

    @property
    def failure_share(self) -> float:
        return self.failed / self.n if self.n else 0.0

    @property
    def unsure_share(self) -> float:
        return self.unsure / self.n if self.n else 0.0


def is_chosen(number: int, share: int) -> bool:
    """Whether a conversation with this (random, but its own) number is among `share` per cent. Who is in stays in when it grows.

    >>> [share for share in (0, 10, 50, 100) if is_chosen(20_000, share)]
    [50, 100]
    """
    return number % 65_536 < 65_536 * share / 100


def label_of(read: Mapping[str, Any]) -> str:
    """The label that a reading amounts to.

    >>> label_of({"intent": "keluhan", "issue_ranking": [{"code": "sampah"}]}), label_of({"intent": "tanya", "topic": "biaya"})
    ('keluhan/sampah', 'tanya/biaya')
    """
    intent = str(read.get("intent") or "")
    issues = read.get("issue_ranking") or []
    if intent == "keluhan" and issues:
        return f"{intent}/{issues[0]['code']}"
    return f"{intent}/{read['topic']}" if read.get("topic") else intent


def said(answer: Mapping[str, Any]) -> tuple[object, ...]:
    """What an answer would do: the responses it says and the effects it asks for, not its wording."""
    replies: Sequence[Mapping[str, Any]] = answer.get("replies") or ()
    effects: Sequence[Mapping[str, Any]] = answer.get("effects") or ()
    names = tuple(name for reply in replies for name in reply.get("responses") or ())
    return names, tuple(str(effect.get("kind")) for effect in effects)


def reason_to_stop(live: Side, candidate: Side, away_s: float = 0.0, *, was_up: bool = True) -> str | None:
    """Why the trial ends by itself: `not_served`, `failing`, `slower`, or None. `was_up`: the candidate's engine has answered before.

    >>> reason_to_stop(Side(100, 1, 5, 8.0), Side(100, 2, 5, 9.0)) is None
    True
    >>> reason_to_stop(Side(), Side(), 90), reason_to_stop(Side(), Side(), 90, was_up=False)
    ('not_served', None)
    >>> reason_to_stop(Side(100, 1, 5, 8.0), Side(100, 9, 5, 9.0)), reason_to_stop(Side(100, 0, 5, 8.0), Side(100, 0, 5, 18.0))
    ('failing', 'slower')
    """
    if away_s > (LONGEST_AWAY_S if was_up else LONGEST_START_S):
        return "not_served"
    more = candidate.failed - live.failed >= MORE_FAILURES
    if more and candidate.failure_share - live.failure_share > FAILURE_MARGIN:
        return "failing"
    if candidate.n - candidate.failed < LEAST_TURNS or live.ms is None or candidate.ms is None:
        return None
    return "slower" if candidate.ms > live.ms * SLOWER + SLOWER_MS else None
