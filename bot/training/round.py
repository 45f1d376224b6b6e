"""`python -m bot round`: one candidate of the tree's data and the reviewed sentences of a folder, in a tree of its own.

The work ends when standard input closes: a trainer never outlives the process that wanted it.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

from bot.training import lint, progress
from bot.training.data import Example, examples
from bot.training.suspects import markup, personal_data
from bot.training.train import ROOT, train

PARTS = ("config.yml", "domain.yml", "bot/data", "bot/components", "bot/training")
REVIEWED = ("bot/data/nlu/reviewed.yml", "bot/data/issues/reviewed.yml")


class RoundRefused(Exception):
    """The reviewed sentences are no training data; the message says why."""


def train_round(reviewed: Path, out: Path, key: str | None, root: Path = ROOT) -> Path:
    """The archive of a candidate. `reviewed` is a folder laid out like the tree, with the two reviewed files or none.

    Raises:
        RoundRefused: a sentence has markup, an identifier or an unknown label, or stands in the frozen test set.
        TrainingFailed: Rasa made no model.
    """
    tree = out / "tree"
    assemble(tree, reviewed, root)
    faults = faults_of(examples(tree / "bot" / "data"))
    if faults:
        raise RoundRefused("; ".join(faults[:5]))
    archive = train(out, key, only_if_missing=False, root=tree)
    shutil.rmtree(tree)
    return archive


def assemble(tree: Path, reviewed: Path, root: Path) -> None:
    """A copy of what a model is made of, with the reviewed files of `reviewed` in the place of the tree's own."""
    shutil.rmtree(tree, ignore_errors=True)
    for part in PARTS:
        source, target = root / part, tree / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        elif source.is_file():
            shutil.copy2(source, target)
    for name in REVIEWED:
        (tree / name).unlink(missing_ok=True)
        if (reviewed / name).is_file():
            shutil.copy2(reviewed / name, tree / name)


def faults_of(data: Sequence[Example]) -> list[str]:
    """What is wrong with the reviewed examples among `data`, one line each."""
    known, issues = {one.intent for one in data if not _is_reviewed(one)}, lint.known_issues()
    faults = []
    for one in filter(_is_reviewed, data):
        base, _, detail = one.intent.partition("/")
        if one.intent not in known or (base == lint.COMPLAINT and detail not in issues):
            faults.append(f"{one.intent} is no label")
        faults += [
            f"{what} in an example of {one.intent}" for what in (*personal_data(one.raw), *markup(one.raw))
        ]
    return faults


def _is_reviewed(example: Example) -> bool:
    return example.file.endswith("reviewed.yml")


def end_with_parent() -> None:
    """Leave at once when standard input closes."""

    def wait() -> None:
        # The bare descriptor: a lock of `sys.stdin` would be held while the interpreter ends.
        while os.read(0, 4096):
            pass
        os._exit(3)

    threading.Thread(target=wait, daemon=True).start()
    progress.tell("begun")
