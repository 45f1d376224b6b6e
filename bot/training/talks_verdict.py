"""The golden talks in the verdict on a candidate: how both models play them, and every one that the candidate breaks."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from bot.actions.backend_client import Backend
from bot.training.gate import Sat
from bot.training.talks import Played, golden, play_all

Pairs = list[tuple[Played, Played]]


def played(folder: Path, live: Path, candidate: Path, backend: Backend | None) -> Pairs:
    """Every talk as both models play it; none without a backend to answer questions."""
    talks = golden(folder) if backend is not None else []
    if backend is None or not talks:
        return []
    both = [play_all(archive, talks, backend) for archive in (live, candidate)]
    return list(zip(*both, strict=True))


def as_sat(pair: tuple[Played, Played]) -> Sat:
    """A talk as one answer of the exam."""
    answers = ["" if one.is_right else f"giliran {one.turn}" for one in pair]
    return Sat(pair[0].talk, "", *answers)


def broken(pairs: Pairs) -> list[dict[str, object]]:
    """Reasons to refuse: a talk is no chance, so one that the served model holds and the candidate does not is enough."""
    return [
        {"code": "talk_broken", "name": new.talk, "text": new.said}
        for old, new in pairs
        if old.is_right and not new.is_right
    ]


def told(pairs: Pairs) -> dict[str, object]:
    """What the report shows of the talks."""
    changed = [(old, new) for old, new in pairs if old.is_right != new.is_right]
    return {
        "n": len(pairs),
        "live": sum(old.is_right for old, _ in pairs),
        "candidate": sum(new.is_right for _, new in pairs),
        "broken": [asdict(new) for old, new in changed if old.is_right],
        "mended": [new.talk for old, new in changed if new.is_right],
    }
