"""Which language a message is in: the opinions of langdetect, of a small model of word pieces and of whole words, added up.

`id` includes Malay; what is recognised but not spoken here (Tagalog) is `other`. Fewer than three words, no clear
lead, or a likeness without one word of that language, give None: then the language of the talk so far stands.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.components.langdetecting import KNOWN_TO_LANGDETECT, Langdetect, Profile, packaged_profile
from bot.components.linear_model import softmax
from bot.components.vectoriser import Floats

HOME = "id"
OTHER = {"tl": "other"}
LEAST_WORDS = 3
LEAST_LEAD = 0.02
CLEAR = 0.45  # share of the first language
PIECE_LENGTHS = (1, 2, 3, 4, 5)
LANGDETECT_SHARE = 0.3
WORDS_SHARE = 2.0
WORD_WEIGHT = 8  # a whole word counts like so many pieces
SHARPNESS = 3.0  # margins of a support vector machine → shares
LONGEST_READ = 600
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_MODEL, _NUMBERS = "language.json", "language.npz"


def pieces(text: str) -> Counter[str]:
    """Whole words and their pieces, counted; the first 600 characters are enough."""
    counts: Counter[str] = Counter()
    for word in words_of(text):
        counts.update(_pieces_of(word))
        counts[f"={word}"] += WORD_WEIGHT
    return counts


def words_of(text: str) -> list[str]:
    """The words with letters among the first 600 characters, in lower case."""
    return _WORD.findall(text[:LONGEST_READ].lower())


@lru_cache(maxsize=20_000)
def _pieces_of(word: str) -> tuple[str, ...]:
    edged = f"<{word}>"
    return tuple(edged[at : at + n] for n in PIECE_LENGTHS for at in range(len(edged) - n + 1))


def n_words(text: str) -> int:
    """Words with letters, as people count them."""
    return len(_WORD.findall(text))


@dataclass(frozen=True)
class LanguageModel:
    """What training left.

    `rows` maps a piece to its row of `coefficients` (pieces × languages) and its weight, `owners` a word to the languages
    whose sentences it occurs in (places in `languages`); `profiles` are langdetect's extra ones.
    """

    languages: tuple[str, ...]
    rows: dict[str, int]
    owners: dict[str, list[int]]
    weights: Floats
    coefficients: Floats
    intercepts: Floats
    profiles: dict[str, Profile]

    def shares(self, text: str) -> Floats:
        """Confidence per language, the three opinions together."""
        scores = (
            self.scores(text)
            + LANGDETECT_SHARE * self._langdetect.likelihoods(text)
            + WORDS_SHARE * self.words(text)
        )
        return softmax(SHARPNESS * scores)

    def words(self, text: str) -> Floats:
        """The share of the words that each language owns; a word of several languages is divided among them."""
        words = words_of(text)
        shares = np.zeros(len(self.languages), np.float32)
        for word in words:
            owners = self.owners.get(word, ())
            for owner in owners:
                shares[owner] += 1 / len(owners)
        return shares / np.float32(max(1, len(words)))

    def scores(self, text: str) -> Floats:
        """The opinion of the model of pieces alone."""
        counts = {self.rows[piece]: n for piece, n in pieces(text).items() if piece in self.rows}
        if not counts:
            return self.intercepts
        rows = list(counts)
        values = (1 + np.log(np.array(list(counts.values()), np.float32))) * self.weights[rows]
        result: Floats = (values / np.sqrt(values @ values)) @ self.coefficients[rows] + self.intercepts
        return result

    def language(self, text: str) -> str | None:
        """The code of the message's language, `other`, or None when it cannot be told."""
        if n_words(text) < LEAST_WORDS:
            return None
        shares = self.shares(text)
        second, first = np.sort(shares)[-2:]
        if first - second < LEAST_LEAD:
            return None
        name = self.languages[int(shares.argmax())]
        # Indonesian without its vowels looks a little like anything: what is not clear shows a word that is not Indonesian, too.
        if name != HOME and first < CLEAR and not self._has_word_of(name, text):
            return None
        return OTHER.get(name, name)

    def _has_word_of(self, name: str, text: str) -> bool:
        known, home = self.languages.index(name), self.languages.index(HOME)
        owners = (self.owners.get(word, ()) for word in words_of(text))
        return any(known in one and home not in one for one in owners)

    @property
    def _langdetect(self) -> Langdetect:
        # Built once per model: a frozen dataclass keeps it in its own dictionary.
        if "_built" not in self.__dict__:
            known = {name: packaged_profile(name) for name in KNOWN_TO_LANGDETECT}
            object.__setattr__(self, "_built", Langdetect({**known, **self.profiles}))
        built: Langdetect = self.__dict__["_built"]
        return built

    def save(self, folder: Path) -> None:
        """Write the model and its profiles into a folder."""
        words = {
            "languages": self.languages,
            "pieces": list(self.rows),
            "owners": self.owners,
            "profiles": self.profiles,
        }
        (folder / _MODEL).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(
            folder / _NUMBERS,
            weights=self.weights,
            coefficients=self.coefficients.astype(np.float16),
            intercepts=self.intercepts,
        )

    @classmethod
    def load(cls, folder: Path) -> LanguageModel:
        """The model that `save` wrote."""
        words = json.loads((folder / _MODEL).read_text(encoding="utf-8"))
        with np.load(folder / _NUMBERS, allow_pickle=False) as numbers:
            return cls(
                tuple(words["languages"]),
                _numbered(words["pieces"]),
                words["owners"],
                numbers["weights"],
                np.ascontiguousarray(numbers["coefficients"], np.float32),
                numbers["intercepts"],
                words["profiles"],
            )


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: n for n, name in enumerate(names)}
