"""Learns to tell languages apart: langdetect profiles and a model of word pieces, from sentences written for this project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from bot.components.features import dialect
from bot.components.langdetecting import KNOWN_TO_LANGDETECT, profile_of
from bot.components.language import LanguageModel, n_words, pieces, words_of
from bot.training import progress

FOLDER = Path(__file__).resolve().parent.parent / "data" / "languages"
REGULARISATION = 0.3
# More messages of the domain would make everything else look foreign to Indonesian, and Indonesian too likely.
MOST_OF_THE_DOMAIN = 300
SEED = 20261123
WORDS_OF_A_SENTENCE = (3, 25)


def sentences(folder: Path = FOLDER) -> dict[str, list[str]]:
    """Language code → its sentences, one per line of `<code>.txt`."""
    return {
        path.stem: [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for path in sorted(folder.glob("*.txt"))
    }


def learn(by_language: Mapping[str, Sequence[str]], domain_texts: Sequence[str]) -> LanguageModel:
    """The model of these sentences; `domain_texts` are training messages, of which the plainly Indonesian ones help."""
    told = {**by_language, "id": [*by_language.get("id", ()), *plainly_indonesian(domain_texts)]}
    languages = tuple(sorted(told))
    texts = [text for name in languages for text in told[name]]
    labels = np.array([n for n, name in enumerate(languages) for _ in told[name]])
    counted = [pieces(text) for text in texts]
    spread = Counter(piece for counts in counted for piece in counts)
    rows = {piece: n for n, piece in enumerate(sorted(spread))}
    weights = np.array([np.log(len(texts) / spread[piece]) + 1 for piece in rows], np.float32)
    matrix = sparse.csr_matrix(
        (
            [
                (1 + np.log(n)) * weights[rows[p]]
                for counts in counted
                for p, n in counts.items()
                if p in rows
            ],
            [rows[p] for counts in counted for p in counts if p in rows],
            np.cumsum([0, *(sum(p in rows for p in counts) for counts in counted)]),
        ),
        shape=(len(texts), len(rows)),
    )
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    machine = LinearSVC(C=REGULARISATION, class_weight="balanced", random_state=SEED)
    fitted = machine.fit(sparse.diags(1 / np.maximum(lengths, 1e-9)) @ matrix, labels)
    owners: dict[str, set[int]] = {}
    for text, label in zip(texts, labels.tolist(), strict=True):
        for word in words_of(text):
            owners.setdefault(word, set()).add(label)
    own = {n: profile_of(n, by_language[n]) for n in languages if n not in KNOWN_TO_LANGDETECT}
    progress.tell(
        f"languages: {len(texts)} sentences in {len(languages)} languages, {len(own)} profiles of our own"
    )
    return LanguageModel(
        languages,
        rows,
        {word: sorted(found) for word, found in sorted(owners.items())},
        weights,
        np.ascontiguousarray(fitted.coef_.T, np.float32),
        fitted.intercept_.astype(np.float32),
        own,
    )


def plainly_indonesian(texts: Sequence[str]) -> list[str]:
    """Messages without a word of another language, evenly chosen."""
    foreign = dialect()
    plain = [
        text
        for text in texts
        if WORDS_OF_A_SENTENCE[0] <= n_words(text) <= WORDS_OF_A_SENTENCE[1]
        and not any(word in foreign for word in text.lower().split())
    ]
    step = max(1, len(plain) // MOST_OF_THE_DOMAIN)
    return plain[::step][:MOST_OF_THE_DOMAIN]
