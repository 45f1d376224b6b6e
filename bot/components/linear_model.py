"""A linear classifier for one message at a time: coefficients lie features × classes, so a turn adds a few hundred rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.components.features import Features
from bot.components.vectoriser import Floats, Vectoriser

_NUMBERS, _WORDS = "model.npz", "model.json"


@dataclass(frozen=True)
class LinearModel:
    """What training left: `coefficients` (features × classes), `intercepts`, and a temperature that makes scores honest.

    `thresholds` are numbers that training chose, by name; what they mean is the component's business.
    """

    classes: tuple[str, ...]
    vectoriser: Vectoriser
    coefficients: Floats
    intercepts: Floats
    temperature: float
    thresholds: Mapping[str, float]

    def scores(self, message: Features) -> Floats:
        """One score per class for the features of a message, before the temperature."""
        columns, values = self.vectoriser.row(message)
        if not len(columns):
            return self.intercepts.copy()
        result: Floats = values @ self.coefficients[columns] + self.intercepts
        return result

    def probabilities(self, message: Features) -> Floats:
        """Calibrated confidence per class, adding up to 1."""
        return softmax(self.scores(message) / self.temperature)

    def knows(self, message: Features) -> bool:
        """Whether a single whole word or pair of the message occurred in training."""
        words = self.vectoriser.vocabularies[0]
        return any(feature in words for feature in message[0])

    def save(self, folder: Path) -> None:
        """Write the model into a folder; coefficients are kept with 16 bits."""
        words: dict[str, Any] = {
            "classes": self.classes,
            "vocabularies": [list(vocabulary) for vocabulary in self.vectoriser.vocabularies],
            "temperature": self.temperature,
            "thresholds": dict(self.thresholds),
        }
        (folder / _WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(
            folder / _NUMBERS,
            coefficients=self.coefficients.astype(np.float16),
            intercepts=self.intercepts,
            idf=self.vectoriser.idf,
        )

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """The model that `save` wrote."""
        words = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        with np.load(folder / _NUMBERS, allow_pickle=False) as numbers:
            return cls(
                classes=tuple(words["classes"]),
                vectoriser=Vectoriser(_numbered(words["vocabularies"]), numbers["idf"]),
                coefficients=np.ascontiguousarray(numbers["coefficients"], dtype=np.float32),
                intercepts=numbers["intercepts"],
                temperature=float(words["temperature"]),
                thresholds=words["thresholds"],
            )


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    raised: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return result


def _numbered(vocabularies: Sequence[Sequence[str]]) -> tuple[dict[str, int], ...]:
    numbered, begin = [], 0
    for vocabulary in vocabularies:
        numbered.append({feature: begin + n for n, feature in enumerate(vocabulary)})
        begin += len(vocabulary)
    return tuple(numbered)
