"""Writes docs/citizens-report.md: what simulated citizens met, and the promises beside the figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.citizens.facts import all_facts
from tests.citizens.figures import Figures, figures, table
from tests.citizens.verdict import Talk, faults

LEAST_CODED, MOST_MEDIAN, MOST_NINETY = 0.97, 4, 6
HEAD = """# Simulated citizens

Written by `make citizens`; how they are made: `tests/citizens/README.md`. Each person knows facts and has a manner, reads what
the product asks and answers it; nobody follows a script. They talk to the real engine with the real model, the real pipeline and
a real database of their own.
"""


def write(file: Path, talks: Sequence[Talk], model: str, seed: int) -> None:
    """The whole report anew."""
    of = figures(talks)
    used = len({one.citizen.facts.id for one in talks})
    parts = [
        HEAD,
        f"{of.talks} people ({of.filing} want to file), {used} of {len(all_facts())} complaints, seed {seed}, model `{model}`.",
        "",
        _promises(of),
        "",
        "## By behaviour",
        "",
        "Median and 90 % are their own messages up to the code; the columns after them count faults.",
        "",
        table(talks),
        "",
        "## What went wrong",
        "",
        *(_wrong(talks) or ["Nothing."]),
    ]
    file.write_text("\n".join(parts) + "\n", encoding="utf-8")


def kept(of: Figures) -> dict[str, tuple[str, str, bool]]:
    """Every promise as (promised, measured, whether it is kept)."""
    return {
        "code, of those who want to file": (
            f"≥ {LEAST_CODED:.0%}",
            f"{of.share:.1%} ({of.coded}/{of.filing})",
            of.share >= LEAST_CODED,
        ),
        "own messages to the code, median": (
            f"≤ {MOST_MEDIAN}",
            f"{of.median:.0f}",
            of.median <= MOST_MEDIAN,
        ),
        "own messages to the code, 90 %": (f"≤ {MOST_NINETY}", f"{of.ninety:.0f}", of.ninety <= MOST_NINETY),
        **{f"{name}": ("0", str(of.faults[kind]), of.faults[kind] == 0) for kind, name in _NAMES.items()},
    }


_NAMES = {
    "loop": "loops (a question three times running)",
    "repeated": "the same sentence twice in a row",
    "dead end": "dead ends",
    "lost": "lost facts",
    "unwanted": "reports nobody wanted",
}


def _promises(of: Figures) -> str:
    rows = [
        f"| {name} | {want} | {is_} | {'yes' if ok else '**no**'} |"
        for name, (want, is_, ok) in kept(of).items()
    ]
    return "\n".join(["| promise | wanted | measured | kept |", "|---|---|---|---|", *rows])


def _wrong(talks: Sequence[Talk]) -> list[str]:
    return [
        f"* {one.citizen.manner.name} × {one.citizen.facts.id}: {'; '.join(found)}"
        for one in talks
        if (found := faults(one))
    ]
