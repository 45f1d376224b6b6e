"""Features → sparse TF-IDF vectors, the same at training and in a turn; no scikit-learn object is needed for a turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.components.features import Features

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]

# Words and pairs, pieces of words, lexicon, signs: how much a block weighs, and in how many messages a feature must occur.
BLOCK_WEIGHTS = (1.0, 0.7, 0.5, 0.7)
LEAST_MESSAGES = (1, 2, 1, 2)


@dataclass(frozen=True)
class Vectoriser:
    """One vocabulary per block (feature → column) and the weight of every column (inverse document frequency)."""

    vocabularies: tuple[Mapping[str, int], ...]
    idf: Floats

    @classmethod
    def fitted(cls, messages: Sequence[Features]) -> Vectoriser:
        """The vocabulary of `messages`, in a fixed order."""
        vocabularies: list[dict[str, int]] = []
        idf: list[float] = []
        for block, least in enumerate(LEAST_MESSAGES[: len(messages[0])]):
            counts = Counter(feature for message in messages for feature in set(message[block]))
            kept = sorted(feature for feature, count in counts.items() if count >= least)
            vocabularies.append({feature: len(idf) + n for n, feature in enumerate(kept)})
            idf += [float(np.log((1 + len(messages)) / (1 + counts[feature])) + 1) for feature in kept]
        return cls(tuple(vocabularies), np.array(idf, dtype=np.float32))

    def row(self, message: Features) -> tuple[Ids, Floats]:
        """Columns and values of one message; every block has length 1 before its weight. Empty if nothing is known."""
        columns: list[int] = []
        values: list[Floats] = []
        for vocabulary, found, weight in zip(self.vocabularies, message, BLOCK_WEIGHTS, strict=False):
            counts = Counter(vocabulary[feature] for feature in found if feature in vocabulary)
            if not counts:
                continue
            block = list(counts)
            value = (1 + np.log(np.array(list(counts.values()), dtype=np.float32))) * self.idf[block]
            columns += block
            values.append(value * np.float32(weight / np.sqrt(value @ value)))
        if not values:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        return np.array(columns, np.int32), np.concatenate(values)

    def matrix(self, messages: Sequence[Features]) -> Any:
        """A scipy CSR matrix, messages × columns."""
        rows = [self.row(message) for message in messages]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        return sparse.csr_matrix(
            (np.concatenate([v for _, v in rows]), np.concatenate([c for c, _ in rows]), ends),
            shape=(len(rows), len(self.idf)),
        )
