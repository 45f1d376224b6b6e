"""The report's pictures: who is taken for whom, and whether confidence means what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.training.measuring import Answer, calibration

DPI = 80


def confusion(answers: Sequence[Answer], path: Path, title: str) -> None:
    """Wanted (rows) against given (columns), every row in shares of its examples."""
    from matplotlib.figure import Figure

    names = sorted(
        {answer.wanted for answer in answers} | {answer.offered[0] for answer in answers if answer.offered}
    )
    place = {name: n for n, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for answer in answers:
        if answer.offered:
            counts[place[answer.wanted], place[answer.offered[0]]] += 1
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    side = 2.5 + 0.16 * len(names)
    figure = Figure(figsize=(side, side))
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.set_xlabel("given", fontsize=8)
    axes.set_ylabel("wanted", fontsize=8)
    axes.set_title(title, fontsize=9)
    _save(figure, path)


def reliability(curves: Mapping[str, Sequence[Answer]], path: Path) -> None:
    """Share of right answers over mean confidence, one line per name; the diagonal is honest."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 4.5))
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    for name, answers in curves.items():
        points = calibration(answers)
        axes.plot(
            [sure for sure, _, _ in points],
            [right for _, right, _ in points],
            marker="o",
            markersize=3,
            label=name,
        )
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right")
    axes.legend(fontsize=7)
    _save(figure, path)


def _save(figure: object, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # No software version in the file: the same figures give the same bytes.
    figure.savefig(path, dpi=DPI, bbox_inches="tight", metadata={"Software": None})  # type: ignore[attr-defined]
