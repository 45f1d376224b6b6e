"""Features of all lessons, counted once: every fold takes its rows, chooses its columns and weighs them, as `Vectoriser` would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.components.features import Features
from bot.components.vectoriser import BLOCK_WEIGHTS, LEAST_MESSAGES, Floats, Vectoriser

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """`logs` (messages × features, CSR) is 1 + log of how often a feature occurs; `names` are the features of each block.

    `blocks` says of every column which block it belongs to. Columns of a block are in the order of their names.
    """

    logs: Any
    names: tuple[tuple[str, ...], ...]
    blocks: npt.NDArray[np.int8]

    def weighing(self, originals: Places) -> Weighing:
        """Which features these messages are enough to know, and what each weighs."""
        taught = self.logs[originals]
        occurs = np.bincount(taught.indices, minlength=len(self.blocks))
        least = np.array(LEAST_MESSAGES)[self.blocks]
        kept = np.flatnonzero(occurs >= least)
        idf = np.log((1 + len(originals)) / (1 + occurs[kept])) + 1
        return Weighing(self, kept, idf.astype(np.float32))


@dataclass(frozen=True)
class Weighing:
    """The columns that a fold keeps, and their inverse document frequencies."""

    counted: Counted
    kept: Places
    idf: Floats

    def matrix(self, rows: Places) -> Any:
        """The messages in these rows as a CSR matrix; every block of a row has length 1 before its weight."""
        matrix = self.counted.logs[rows][:, self.kept]
        matrix.data *= self.idf[matrix.indices]
        blocks = self.counted.blocks[self.kept][matrix.indices]
        row_of = np.repeat(np.arange(len(rows)), np.diff(matrix.indptr))
        n_blocks = len(self.counted.names)
        place = row_of * n_blocks + blocks
        squares = np.bincount(place, weights=matrix.data**2, minlength=len(rows) * n_blocks)
        lengths = np.sqrt(np.maximum(squares, 1e-12))
        matrix.data *= (np.array(BLOCK_WEIGHTS)[blocks] / lengths[place]).astype(np.float32)
        return matrix

    def vectoriser(self) -> Vectoriser:
        """What a turn needs to make the same rows."""
        chosen = [name for names in self.counted.names for name in names]
        columns = [
            (self.counted.blocks[place], chosen[place], n) for n, place in enumerate(self.kept.tolist())
        ]
        vocabularies: list[dict[str, int]] = [{} for _ in self.counted.names]
        for block, name, column in columns:
            vocabularies[block][name] = column
        return Vectoriser(tuple(vocabularies), self.idf)


def counted(messages: Sequence[Features]) -> Counted:
    """Count the features of all messages; what occurs in too few of them for any fold is left out."""
    names: list[tuple[str, ...]] = []
    columns: list[dict[str, int]] = []
    n_columns = 0
    for block in range(len(messages[0])):
        spread = Counter(feature for message in messages for feature in set(message[block]))
        own = tuple(sorted(name for name, n in spread.items() if n >= LEAST_MESSAGES[block]))
        columns.append({name: n_columns + n for n, name in enumerate(own)})
        names.append(own)
        n_columns += len(own)
    indices: list[int] = []
    counts: list[int] = []
    ends = [0]
    for message in messages:
        for known, found in zip(columns, message, strict=True):
            seen = Counter(known[feature] for feature in found if feature in known)
            indices += seen.keys()
            counts += seen.values()
        ends.append(len(indices))
    logs = (1 + np.log(np.array(counts, np.float32))).astype(np.float32)
    matrix = sparse.csr_matrix((logs, indices, ends), shape=(len(messages), n_columns), dtype=np.float32)
    blocks = np.repeat(np.arange(len(names), dtype=np.int8), [len(own) for own in names])
    return Counted(matrix, tuple(names), blocks)
