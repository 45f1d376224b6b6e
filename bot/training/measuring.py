"""Figures of a classification: accuracy, precision and recall per class, calibration, what is mistaken for what. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One judged answer: what was wanted, the names offered (best first) and how sure the first was, 0 to 1."""

    wanted: str
    offered: tuple[str, ...]
    confidence: float

    @property
    def right(self) -> bool:
        return bool(self.offered) and self.offered[0] == self.wanted


@dataclass(frozen=True)
class ClassFigures:
    """Precision, recall and F1 of one class, 0 to 1, and how many examples of it there were."""

    name: str
    precision: float
    recall: float
    f1: float
    n: int


def accuracy(answers: Sequence[Answer], within: int = 1) -> float:
    """Share of answers whose first `within` names hold the wanted one."""
    return share(answer.wanted in answer.offered[:within] for answer in answers)


def share(truths: Iterable[bool]) -> float:
    """Share of true values; 0 of none."""
    values = list(truths)
    return sum(values) / len(values) if values else 0.0


def per_class(answers: Sequence[Answer]) -> list[ClassFigures]:
    """Figures of every wanted class, by name."""
    wanted = Counter(answer.wanted for answer in answers)
    given = Counter(answer.offered[0] for answer in answers if answer.offered)
    right = Counter(answer.wanted for answer in answers if answer.right)
    return [_figures(name, right[name], given[name], n) for name, n in sorted(wanted.items())]


def _figures(name: str, right: int, given: int, n: int) -> ClassFigures:
    precision = right / given if given else 0.0
    recall = right / n
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return ClassFigures(name, precision, recall, f1, n)


def macro_f1(answers: Sequence[Answer]) -> float:
    """Mean F1 of the wanted classes."""
    figures = per_class(answers)
    return sum(one.f1 for one in figures) / len(figures) if figures else 0.0


def mistakes(answers: Sequence[Answer]) -> list[tuple[str, str, int]]:
    """(wanted, taken for, how often), the most frequent first."""
    counts = Counter(
        (answer.wanted, answer.offered[0]) for answer in answers if answer.offered and not answer.right
    )
    return [
        (wanted, taken, n)
        for (wanted, taken), n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def calibration(answers: Sequence[Answer], bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean confidence, share of right answers, how many) of each filled tenth of the confidence."""
    filled: dict[int, list[Answer]] = {}
    for answer in answers:
        filled.setdefault(min(bins - 1, int(answer.confidence * bins)), []).append(answer)
    return [
        (sum(a.confidence for a in some) / len(some), share(a.right for a in some), len(some))
        for _, some in sorted(filled.items())
    ]


def calibration_error(answers: Sequence[Answer]) -> float:
    """Mean distance between confidence and rightness, weighted by how often a confidence occurs."""
    return sum(abs(sure - right) * n for sure, right, n in calibration(answers)) / max(1, len(answers))


def above(answers: Sequence[Answer], threshold: float) -> tuple[float, float]:
    """Of the answers surer than the threshold: the share that is right, and their share of all."""
    sure = [answer for answer in answers if answer.confidence >= threshold]
    return share(answer.right for answer in sure), len(sure) / max(1, len(answers))


def sliced(answers: Sequence[Answer], keys: Sequence[str]) -> Mapping[str, list[Answer]]:
    """The answers by key, in the order of the keys' names."""
    slices: dict[str, list[Answer]] = {}
    for key, answer in sorted(zip(keys, answers, strict=True), key=lambda pair: pair[0]):
        slices.setdefault(key, []).append(answer)
    return slices
