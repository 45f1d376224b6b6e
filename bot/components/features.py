"""What a linear model sees of a message: words, pairs of words, pieces of words, and what the lexicons say of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from bot.components.normalising import WORDS, normalised

MOST_WORDS = 400
PIECE_LENGTHS = (2, 3, 4, 5)
LONGEST_WORD = 30
LONGEST_TERM = 3  # words
# Words that say nothing between two others: pairs are formed across them.
_EMPTY = frozenset(
    "nya yang di ke dari itu ini pak bu bapak ibu admin saya kami dan lah kah kok sih dong ya tolong mohon".split()
)
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[?!]")

# Blocks of features; the first three are made here, others may follow.
Features = tuple[list[str], ...]


def features(plain_text: str) -> Features:
    """Features of a normalised message, in three blocks: words and pairs, pieces of words, lexicon hits."""
    words = _TOKEN.findall(plain_text)[:MOST_WORDS]
    shaped = [_shape(word) for word in words]
    full = ["^", *(word for word in shaped if word not in _EMPTY), "$"]
    pairs = [f"{one} {two}" for one, two in pairwise(full)]
    pieces: list[str] = []
    foreign: list[str] = []
    for word in shaped:
        pieces += pieces_of(word)
        if meaning := dialect().get(word):
            foreign += meaning.split()
    for word in foreign:
        pieces += pieces_of(word)
    return shaped + foreign + pairs, pieces, [f"={issue}" for issue in terms_in(words + foreign)]


@lru_cache(maxsize=50_000)
def pieces_of(word: str) -> tuple[str, ...]:
    """Character n-grams within one word, its edges marked: `<ja`, `jal`, …"""
    if not word.isalpha() or len(word) > LONGEST_WORD:
        return ()
    edged = f"<{word}>"
    return tuple(edged[i : i + n] for n in PIECE_LENGTHS for i in range(len(edged) - n + 1))


def _shape(word: str) -> str:
    """Numbers by their length only: which house it is teaches nothing, that a NIK stands there does."""
    return f"#{min(len(word), 9)}" if word.isdigit() else word


@lru_cache(maxsize=1)
def dialect() -> Mapping[str, str]:
    """Banjar, Javanese, Sundanese, Kutai and English words of the domain → Indonesian."""
    with (WORDS / "dialect.csv").open(encoding="utf-8", newline="") as rows:
        return {row["word"]: row["indonesian"] for row in csv.DictReader(rows)}


@lru_cache(maxsize=1)
def terms() -> Mapping[str, tuple[str, ...]]:
    """Normalised term → the issues that it points to."""
    found: dict[str, tuple[str, ...]] = {}
    with (WORDS / "issue_terms.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            for term in row["terms"].split("|"):
                words = " ".join(_TOKEN.findall(normalised(term)))
                if row["issue"] not in found.get(words, ()):
                    found[words] = (*found.get(words, ()), row["issue"])
    return found


def terms_in(words: list[str]) -> Iterator[str]:
    """The issues that the words of a normalised message point to, as often as they do."""
    known = terms()
    plain = [word for word in words if word != "nya"]
    for start in range(len(plain)):
        for length in range(1, LONGEST_TERM + 1):
            if hits := known.get(" ".join(plain[start : start + length])):
                yield from hits
            if start + length >= len(plain):
                break
