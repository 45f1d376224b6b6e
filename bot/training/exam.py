"""`python -m bot eval`: trains on the data as they are, measures, and writes `docs/nlu-report.md` with its pictures."""

from __future__ import annotations

import csv
import statistics
from dataclasses import dataclass
from pathlib import Path

from bot.training import outside, pictures, progress
from bot.training.data import examples
from bot.training.examinee import Examinee, Understood, trained
from bot.training.learning import Learnt
from bot.training.measuring import Answer
from bot.training.report import Figures, document

ROOT = Path(__file__).resolve().parent.parent.parent
FROZEN = ROOT / "tests" / "nlu" / "frozen.csv"
ISSUES = ROOT / "backend" / "reference" / "issues.csv"
REPORT = ROOT / "docs" / "nlu-report.md"
PICTURES = ROOT / "docs" / "pictures"


@dataclass(frozen=True)
class Sat:
    """One message of the frozen set and what was made of it."""

    row: dict[str, str]
    heard: Understood


def examine(dev: Path, *, quick: bool) -> int:
    """Measure and report; `quick` prints the report instead of writing it. Returns the exit code."""
    data = examples()
    examinee = trained(data)
    sat = frozen(examinee)
    progress.tell(f"frozen set: {len(sat)} messages")
    figures = Figures(
        n_examples=len(data),
        frozen_intents=[_intent_answer(one) for one in sat],
        frozen_issues=[_issue_answer(one) for one in sat if one.row["issue"]],
        styles=[one.row["style"] for one in sat],
        languages=[one.row["language"] for one in sat],
        fold_intents=_answers(examinee.intents),
        fold_issues=_answers(examinee.issues),
        auto=examinee.issues.model.thresholds["auto"],
        thresholds=examinee.intents.model.thresholds,
        ms=statistics.median(one.heard.ms for one in sat) if sat else 0.0,
        outside=outside.measured(dev, ISSUES, examinee),
    )
    if quick:
        print(document(figures))
        return 0
    pictures.confusion(figures.frozen_intents, PICTURES / "nlu-intents.png", "intents, frozen set")
    pictures.confusion(figures.frozen_issues, PICTURES / "nlu-issues.png", "issues, frozen set")
    pictures.reliability(
        {
            "intents, frozen": figures.frozen_intents,
            "issues, frozen": figures.frozen_issues,
            "intents, cross-validation": figures.fold_intents,
            "issues, cross-validation": figures.fold_issues,
        },
        PICTURES / "nlu-calibration.png",
    )
    REPORT.write_text(document(figures), encoding="utf-8")
    progress.tell(f"{REPORT.relative_to(ROOT)} written")
    return 0


def frozen(examinee: Examinee, path: Path = FROZEN) -> list[Sat]:
    """Every message of the frozen test set, understood."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [Sat(row, examinee.understand(row["text"])) for row in csv.DictReader(lines)]


def _intent_answer(one: Sat) -> Answer:
    return Answer(one.row["intent"].removesuffix("/"), (one.heard.intent,), one.heard.confidence)


def _issue_answer(one: Sat) -> Answer:
    codes = tuple(code for code, _ in one.heard.issues)
    return Answer(one.row["issue"], codes, one.heard.issues[0][1])


def _answers(learnt: Learnt) -> list[Answer]:
    """What a model said about the examples it had not learnt from."""
    order = learnt.shares.argsort(axis=1)[:, ::-1][:, :3]
    return [
        Answer(wanted, tuple(learnt.model.classes[n] for n in best), float(shares.max()))
        for wanted, best, shares in zip(learnt.labels, order.tolist(), learnt.shares, strict=True)
    ]
