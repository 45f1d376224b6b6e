"""The language side of a trained archive, for the exam: read out of the file, without Rasa."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

import numpy as np

from bot.components.language import LanguageModel
from bot.components.linear_model import LinearModel
from bot.engine.signature import verify_model
from bot.training.examinee import Examinee
from bot.training.learning import Learnt

INTENTS, ISSUES, LANGUAGES = "IntentClassifier", "IssueClassifier", "LanguageIdentifier"


class ArchiveUnfit(Exception):
    """The archive has not the parts of our pipeline; the message names the one that is missing."""


def examinee_of(archive: Path, key: str | None) -> Examinee:
    """The models of an archive.

    Raises:
        SignatureWrong: `key` is given and the archive is not signed with it.
        ArchiveUnfit: a part is missing.
    """
    if key:
        verify_model(archive, key)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
        found = sorted((Path(folder) / "components").iterdir())

        def part(name: str) -> Path:
            for one in found:
                if name in one.name and any(one.iterdir()):
                    return one
            raise ArchiveUnfit(f"{archive.name} has no {name}")

        return Examinee(
            _learnt(LinearModel.load(part(INTENTS))),
            _learnt(LinearModel.load(part(ISSUES))),
            LanguageModel.load(part(LANGUAGES)),
        )


def _learnt(model: LinearModel) -> Learnt:
    return Learnt(model, (), np.zeros((0, len(model.classes)), np.float32))
