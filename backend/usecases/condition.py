"""How the service is, for a duty officer: each part good, doubtful or bad, and what to do. Pure; words are keys of sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

GIGABYTE = 1024**3
# Below the first files are refused, texts are kept as long as there is any room; below the second somebody must make room.
LEAST_FREE, DOUBTFUL_FREE = 1 * GIGABYTE, 5 * GIGABYTE
SILENT = timedelta(seconds=20)
WAIT_DOUBTFUL_S, WAIT_BAD_S = 20.0, 60.0
COMMIT_DOUBTFUL_S, COMMIT_BAD_S = 0.5, 5.0


class Level(StrEnum):
    """From good to bad."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"


class QueueLike(Protocol):
    """What waits, and for how long."""

    @property
    def n(self) -> int: ...
    @property
    def oldest_s(self) -> float: ...


class HostLike(Protocol):
    """A host's sign of life."""

    @property
    def name(self) -> str: ...
    @property
    def seen_at(self) -> datetime: ...
    @property
    def engines(self) -> int: ...
    @property
    def engines_up(self) -> int: ...
    @property
    def free_bytes(self) -> int: ...


@dataclass(frozen=True)
class Storing:
    """How the database takes what it is given: seconds of the smallest commit, None when it took none; how many people were told in the
    last five minutes that nothing was stored."""

    commit_s: float | None
    n_refused: int = 0


@dataclass(frozen=True)
class Line:
    """One part: the sentences are `condition_<part>_<level>` and, unless good, `condition_<part>_todo`, with `values`."""

    part: str
    level: Level
    values: Mapping[str, object] = field(default_factory=dict)


def condition(
    hosts: Sequence[HostLike],
    inbox: Mapping[str, QueueLike],
    outbox: Mapping[str, QueueLike],
    dead: Mapping[str, int],
    alarms: Sequence[str],
    now: datetime,
    storing: Storing,
) -> list[Line]:
    """Every part, in the order a person would look."""
    living = [one for one in hosts if now - one.seen_at <= SILENT]
    return [
        _database(storing),
        _assistant(living),
        _hosts(hosts, living),
        _queue("inbox", inbox),
        _queue("outbox", outbox),
        _room(living),
        _given_up(sum(dead.values())),
        _alarms(alarms),
    ]


def worst(lines: Iterable[Line]) -> Level:
    """Of the whole.

    >>> worst([Line("room", Level.GOOD), Line("inbox", Level.BAD)])
    <Level.BAD: 'bad'>
    """
    return max((one.level for one in lines), key=list(Level).index, default=Level.GOOD)


def _database(storing: Storing) -> Line:
    took_s = COMMIT_BAD_S if storing.commit_s is None else storing.commit_s
    is_bad = storing.n_refused > 0 or took_s >= COMMIT_BAD_S
    level = Level.BAD if is_bad else Level.DOUBTFUL if took_s > COMMIT_DOUBTFUL_S else Level.GOOD
    return Line("database", level, {"n": storing.n_refused, "seconds": f"{took_s:.2f}".replace(".", ",")})


def _assistant(living: Sequence[HostLike]) -> Line:
    n_up, n = sum(one.engines_up for one in living), sum(one.engines for one in living)
    level = Level.BAD if n_up == 0 else Level.DOUBTFUL if n_up < n else Level.GOOD
    return Line("assistant", level, {"up": n_up, "all": n})


def _hosts(hosts: Sequence[HostLike], living: Sequence[HostLike]) -> Line:
    silent = [one.name for one in hosts if one not in living]
    level = Level.BAD if not living else Level.DOUBTFUL if silent else Level.GOOD
    return Line("hosts", level, {"n": len(living), "silent": ", ".join(silent)})


def _queue(part: str, queues: Mapping[str, QueueLike]) -> Line:
    n, oldest_s = (
        sum(one.n for one in queues.values()),
        max((one.oldest_s for one in queues.values()), default=0),
    )
    level = (
        Level.BAD if oldest_s > WAIT_BAD_S else Level.DOUBTFUL if oldest_s > WAIT_DOUBTFUL_S else Level.GOOD
    )
    return Line(part, level, {"n": n, "seconds": int(oldest_s)})


def _room(living: Sequence[HostLike]) -> Line:
    free = min((one.free_bytes for one in living), default=0)
    level = Level.BAD if free < LEAST_FREE else Level.DOUBTFUL if free < DOUBTFUL_FREE else Level.GOOD
    return Line("room", level, {"gigabytes": f"{free / GIGABYTE:.1f}".replace(".", ",")})


def _given_up(n: int) -> Line:
    return Line("given_up", Level.DOUBTFUL if n else Level.GOOD, {"n": n})


def _alarms(codes: Sequence[str]) -> Line:
    return Line("alarms", Level.DOUBTFUL if codes else Level.GOOD, {"codes": ", ".join(codes)})
