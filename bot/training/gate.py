"""The verdict on a candidate: what got better and worse, how certain that is, and every reason to refuse it. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MARGIN = 0.05  # share of its messages that a class may lose
LEAST_LOST = 2  # messages; one alone is chance
OVERALL_MARGIN = 0.005
SPEED_MARGIN, SPEED_SLACK_MS = 1.5, 2.0
SIZE_MARGIN = 1.3
SURE = 1.96
MOST_SENTENCES = 200


@dataclass(frozen=True)
class Sat:
    """One message of an exam: what was wanted, and what the served model and the candidate made of it."""

    text: str
    wanted: str
    live: str
    candidate: str

    @property
    def change(self) -> int:
        """1 gained, −1 lost, 0 as before."""
        return (self.candidate == self.wanted) - (self.live == self.wanted)


@dataclass(frozen=True)
class Change:
    """Right answers of one class or set: shares of both models, and the interval of the difference (95 %)."""

    name: str
    n: int
    live: float
    candidate: float
    low: float
    high: float
    gained: int
    lost: int

    @property
    def difference(self) -> float:
        return self.candidate - self.live


def change_of(name: str, sat: Sequence[Sat]) -> Change:
    """The change over these messages; the interval is that of paired answers (Wald, with Agresti's two pseudo-messages).

    >>> change_of("x", [Sat("a", "x", "y", "x")]).difference
    1.0
    """
    n = len(sat)
    gained, lost = sum(one.change > 0 for one in sat), sum(one.change < 0 for one in sat)
    if not n:
        return Change(name, 0, 0.0, 0.0, 0.0, 0.0, 0, 0)
    up, down, of = gained + 0.5, lost + 0.5, n + 2
    middle = (up - down) / of
    spread = SURE * math.sqrt(max(0.0, up + down - (up - down) ** 2 / of)) / of
    live = sum(one.live == one.wanted for one in sat) / n
    candidate = sum(one.candidate == one.wanted for one in sat) / n
    return Change(
        name, n, live, candidate, max(-1.0, middle - spread), min(1.0, middle + spread), gained, lost
    )


def by_class(sat: Sequence[Sat]) -> list[Change]:
    """The change of every wanted class, by name."""
    classes: dict[str, list[Sat]] = {}
    for one in sat:
        classes.setdefault(one.wanted, []).append(one)
    return [change_of(name, some) for name, some in sorted(classes.items())]


def fell(change: Change) -> bool:
    """Whether a class lost more than the margin, and more than one message."""
    return change.lost - change.gained >= LEAST_LOST and change.difference < -MARGIN


def refusals(
    sets: Sequence[Change],
    classes: Sequence[Change],
    failed_safety: Sequence[str],
    speed_ms: tuple[float, float],
    size_bytes: tuple[int, int],
) -> list[dict[str, object]]:
    """Every reason to refuse, as `{code, …}`; `speed_ms` and `size_bytes` are (live, candidate)."""
    found: list[dict[str, object]] = [
        {"code": "set_fell", "name": one.name, "live": one.live, "candidate": one.candidate}
        for one in sets
        if one.lost - one.gained >= LEAST_LOST and one.difference < -OVERALL_MARGIN
    ]
    found += [
        {"code": "class_fell", "name": one.name, "n": one.n, "live": one.live, "candidate": one.candidate}
        for one in classes
        if fell(one)
    ]
    found += [{"code": "safety_failed", "text": text} for text in failed_safety]
    if speed_ms[1] > speed_ms[0] * SPEED_MARGIN + SPEED_SLACK_MS:
        found.append({"code": "slower", "live": speed_ms[0], "candidate": speed_ms[1]})
    if size_bytes[1] > size_bytes[0] * SIZE_MARGIN:
        found.append({"code": "larger", "live": size_bytes[0], "candidate": size_bytes[1]})
    return found
