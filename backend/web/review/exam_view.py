"""An exam as people read it: what every part asks, what changed for certain, and the places of the pictures' points. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_ROWS = 14
MOST_SENTENCES = 40
MOST_CONFUSED = 10
WIDTH, SIDE = 300.0, 240.0


@dataclass(frozen=True)
class Row:
    """One line of the report: shares before and after, and whether the change is `better`, `worse` or `same`."""

    name: str
    n: int
    live: float
    candidate: float
    low: float
    high: float
    verdict: str

    @property
    def points(self) -> float:
        return (self.candidate - self.live) * 100


@dataclass(frozen=True)
class Cell:
    """One square of the picture of confusions: its column and row, how often, and its share of the darkest."""

    column: int
    row: int
    n: int
    shade: float


@dataclass(frozen=True)
class Confusions:
    """Who is taken for whom: names down the side and along the top, the filled squares, and the same as lines."""

    wanted: tuple[str, ...]
    given: tuple[str, ...]
    cells: tuple[Cell, ...]
    lines: tuple[Mapping[str, Any], ...]


def rows_of(changes: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The changes, each with its verdict: better or worse only when chance is no likely reason."""
    return [
        Row(
            one["name"],
            one["n"],
            one["live"],
            one["candidate"],
            one["low"],
            one["high"],
            "better" if one["low"] > 0 else "worse" if one["high"] < 0 else "same",
        )
        for one in changes
    ]


def changed(classes: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The classes that changed, the greatest fall first."""
    some = [one for one in classes if one["gained"] or one["lost"]]
    return rows_of(sorted(some, key=lambda one: float(one["candidate"]) - float(one["live"])))[:MOST_ROWS]


def confusions(told: Sequence[Mapping[str, Any]], name: Callable[[str], str]) -> Confusions:
    """The most frequent confusions as a picture and as lines."""
    lines = [dict(one) for one in told[:MOST_CONFUSED]]
    wanted = tuple(dict.fromkeys(name(one["wanted"]) for one in lines))
    given = tuple(dict.fromkeys(name(one["given"]) for one in lines))
    most = max((one["n"] for one in lines), default=1)
    cells = tuple(
        Cell(given.index(name(one["given"])), wanted.index(name(one["wanted"])), one["n"], one["n"] / most)
        for one in lines
    )
    return Confusions(wanted, given, cells, tuple(lines))


@dataclass(frozen=True)
class Reliability:
    """Whether being sure means being right: tenths as (sure, right, how many, x, y), and what is asked again."""

    points: tuple[tuple[float, float, int, float, float], ...]
    answered: int
    right_share: float
    asked_again: int

    @property
    def line(self) -> str:
        """The points of the curve for SVG."""
        return " ".join(f"{x:.1f},{y:.1f}" for *_, x, y in self.points)


def reliability(told: Mapping[str, Any] | None) -> Reliability | None:
    """The curve of the candidate; None of an exam that has none."""
    if not told or not told.get("candidate", {}).get("answered"):
        return None
    one = told["candidate"]
    points = tuple((sure, right, n, sure * WIDTH, (1 - right) * SIDE) for sure, right, n in one["curve"] if n)
    return Reliability(points, one["answered"], one["right"] / one["answered"], one["asked_again"])


def summary(exam: Mapping[str, Any]) -> dict[str, int]:
    """How many sentences were asked in all, how many are right now that were not, and the reverse."""
    sets = [one for one in exam.get("sets", []) if one["name"] != "bahasa daerah"]
    return {name: sum(int(one[name]) for one in sets) for name in ("n", "gained", "lost")}
