"""The figures of many talks, as a table per behaviour and as transcripts of what went wrong. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.citizens.verdict import Talk, faults

KINDS = ("loop", "repeated", "dead end", "lost", "unwanted")


@dataclass(frozen=True)
class Figures:
    """Of one group of talks. `median` and `ninety` count own messages up to the code, of those who got one."""

    talks: int
    filing: int
    coded: int
    median: float
    ninety: float
    faults: Counter[str]
    clean: int

    @property
    def share(self) -> float:
        """Of those who want to file, how many got a code."""
        return self.coded / self.filing if self.filing else 1.0


def figures(talks: Sequence[Talk]) -> Figures:
    """Counts over these talks."""
    filing = [one for one in talks if one.citizen.manner.files]
    counts = sorted(one.to_code for one in filing if one.to_code is not None)
    wrong = [faults(one) for one in talks]
    kinds = Counter(fault.partition(":")[0] for found in wrong for fault in found)
    return Figures(
        talks=len(talks),
        filing=len(filing),
        coded=len(counts),
        median=_quantile(counts, 0.5),
        ninety=_quantile(counts, 0.9),
        faults=kinds,
        clean=sum(not found for found in wrong),
    )


def _quantile(ordered: Sequence[int], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed; NaN of none."""
    return float(ordered[max(0, math.ceil(share * len(ordered)) - 1)]) if ordered else math.nan


def table(talks: Sequence[Talk]) -> str:
    """Markdown: one row per behaviour, and all of them."""
    names = list(dict.fromkeys(one.citizen.manner.name for one in talks))
    rows = [_row(name, [one for one in talks if one.citizen.manner.name == name]) for name in names]
    head = ["behaviour", "people", "code", "median", "90 %", *KINDS, "without fault"]
    lines = [head, ["---"] * len(head), *rows, _row("**all**", talks)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(name: str, talks: Sequence[Talk]) -> list[str]:
    of = figures(talks)
    code = f"{of.coded}/{of.filing}" if of.filing else "–"
    quantiles = [f"{value:.0f}" if not math.isnan(value) else "–" for value in (of.median, of.ninety)]
    return [name, str(of.talks), code, *quantiles, *(str(of.faults[kind]) for kind in KINDS), str(of.clean)]


def transcript(talk: Talk) -> str:
    """The whole talk with its faults, as people read it."""
    lines = [
        f"{talk.citizen.manner.name} × {talk.citizen.facts.id}",
        *(f"! {one}" for one in faults(talk)),
        "",
    ]
    for one in talk.exchanges:
        said = one.turn.get("user") or [str(one.turn)]
        lines += [f"> {text}" for text in said]
        lines += [
            f"  [{' '.join(one.heard.responses)}]",
            *(f"  {text}" for text in one.heard.text.splitlines()),
        ]
        if one.heard.choices:
            lines.append(f"  ({' | '.join(one.heard.choices)})")
    return "\n".join([*lines, "", str(talk.case)])
