"""The words and tables of `docs/nlu-report.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.training.measuring import (
    Answer,
    above,
    accuracy,
    calibration_error,
    macro_f1,
    mistakes,
    per_class,
    sliced,
)
from bot.training.outside import Outside

MOST_MISTAKES = 25


@dataclass(frozen=True)
class Figures:
    """Everything that was measured; answers in the order of their messages."""

    n_examples: int
    frozen_intents: Sequence[Answer]
    frozen_issues: Sequence[Answer]
    styles: Sequence[str]
    languages: Sequence[str]
    fold_intents: Sequence[Answer]
    fold_issues: Sequence[Answer]
    auto: float
    thresholds: Mapping[str, float]
    ms: float
    outside: Outside | None


def document(figures: Figures) -> str:
    """The whole report."""
    parts = [
        "# How well messages are understood\n\nWritten by `make eval`; do not edit. The models are trained on "
        f"{figures.n_examples} examples of `bot/data`; the frozen set in `tests/nlu` was written in another pass and is never learnt "
        "from. An abstention (`nlu_fallback`) counts as wrong.",
        _summary(figures),
        _outside(figures.outside),
        _slices("style", figures.frozen_intents, figures.styles),
        _slices("language", figures.frozen_intents, figures.languages),
        "## Pictures\n\n![Intents](pictures/nlu-intents.png)\n\n![Issues](pictures/nlu-issues.png)\n\n"
        "![Calibration](pictures/nlu-calibration.png)",
        _classes("Intents on the frozen set", figures.frozen_intents),
        _classes("Issues on the frozen set", figures.frozen_issues),
        _mistakes("What is taken for what: issues in cross-validation", figures.fold_issues),
        _mistakes("What is taken for what: intents in cross-validation", figures.fold_intents),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _summary(figures: Figures) -> str:
    right, covered = above(figures.frozen_issues, figures.auto)
    rows = [
        ("intent accuracy, frozen", _percent(accuracy(figures.frozen_intents)), "≥ 93 %"),
        ("intent macro-F1, frozen", f"{macro_f1(figures.frozen_intents):.3f}", "≥ 0.90"),
        ("issue top-1, frozen", _percent(accuracy(figures.frozen_issues)), "≥ 80 %"),
        ("issue top-3, frozen", _percent(accuracy(figures.frozen_issues, 3)), "≥ 94 %"),
        (f"right when surer than {figures.auto:.2f} (auto), frozen", _percent(right), "≥ 95 %"),
        ("… share of messages that sure", _percent(covered), ""),
        ("calibration error of intents, frozen", f"{calibration_error(figures.frozen_intents):.3f}", ""),
        ("calibration error of issues, frozen", f"{calibration_error(figures.frozen_issues):.3f}", ""),
        ("intent accuracy, cross-validation", _percent(accuracy(figures.fold_intents)), ""),
        ("intent macro-F1, cross-validation", f"{macro_f1(figures.fold_intents):.3f}", ""),
        ("issue top-1, cross-validation", _percent(accuracy(figures.fold_issues)), ""),
        ("issue top-3, cross-validation", _percent(accuracy(figures.fold_issues, 3)), ""),
        (
            "… right when surer than auto, cross-validation",
            _percent(above(figures.fold_issues, figures.auto)[0]),
            "",
        ),
        *((f"threshold {name}", f"{value:.2f}", "") for name, value in sorted(figures.thresholds.items())),
    ]
    return "## Summary\n\n" + _table(("measure", "value", "wanted"), rows)


def _outside(figures: Outside | None) -> str:
    if figures is None:
        return "## Outside data\n\nNot on this machine; give their folder with `python -m bot eval --dev <folder>`."
    wanted = {"id": "≥ 98 %", "en": "≥ 98 %", "jv": "≥ 95 %", "su": "≥ 95 %", "bjn": "≥ 80 %"}
    rows = [
        (f"complaints taken in ({figures.n_complaints})", _percent(figures.recognised), "≥ 95 %"),
        (f"agency top-1 ({figures.n_agencies})", _percent(figures.agency_top1), "≥ 70 %"),
        (f"agency top-3 ({figures.n_agencies})", _percent(figures.agency_top3), "≥ 84 %"),
        (
            f"out-of-scope commands that open an intake ({figures.n_out_of_scope})",
            _percent(figures.opened),
            "≤ 3 %",
        ),
        *(
            (f"language {name} ({n}, three words or more)", _percent(value), wanted.get(name, ""))
            for name, (value, n) in figures.languages.items()
        ),
    ]
    text = "Real complaints, voice-assistant commands and sentences of other corpora: measured only, never learnt from."
    return f"## Outside data\n\n{text}\n\n" + _table(("measure", "value", "wanted"), rows)


def _slices(what: str, answers: Sequence[Answer], keys: Sequence[str]) -> str:
    rows = [(name, str(len(some)), _percent(accuracy(some))) for name, some in sliced(answers, keys).items()]
    return f"## Intents by {what} (frozen set)\n\n" + _table((what, "messages", "right"), rows)


def _classes(title: str, answers: Sequence[Answer]) -> str:
    rows = [
        (one.name, str(one.n), f"{one.precision:.2f}", f"{one.recall:.2f}", f"{one.f1:.2f}")
        for one in per_class(answers)
    ]
    return f"## {title}\n\n" + _table(("class", "n", "precision", "recall", "F1"), rows)


def _mistakes(title: str, answers: Sequence[Answer]) -> str:
    rows = [(wanted, taken, str(n)) for wanted, taken, n in mistakes(answers)[:MOST_MISTAKES]]
    return f"## {title}\n\n" + _table(("wanted", "taken for", "times"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _percent(value: float) -> str:
    return f"{value * 100:.1f} %"
