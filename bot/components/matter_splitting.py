"""Two matters in one message: where it changes the subject, by what the issue model makes of the parts. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.components.features import features
from bot.components.linear_model import LinearModel
from bot.components.normalising import normalised

# Both parts must be read this surely, each on its own words: most messages dwell on one matter with many words.
SURE = 0.9
FEWEST_WORDS = 3
FEWEST_WORDS_IN_ALL = 7
MOST_BOUNDARIES = 4
LONGEST_READ = 600
# A bare comma is none: behind it mostly stands what came of the matter.
_JOINT = r"(?:dan|terus|trus|trs|lalu|sama|plus|juga|oh iya|oiya|selain itu|satu lagi|sekalian)"
_BOUNDARY = re.compile(
    rf"\s*[.;!?\n]+\s*(?:{_JOINT}\s+)*|\s*,?\s+{_JOINT}\s+(?:(?:juga|lagi)\s+)?", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2,}")

Judge = Callable[[str], tuple[str, float]]  # words → code and confidence


@dataclass(frozen=True)
class Matter:
    """A part of a message, `start` to `end`, that is about an issue of its own."""

    code: str
    confidence: float
    start: int
    end: int


def judge(model: LinearModel) -> Judge:
    """The issue model's first answer to some words."""

    def judged(words: str) -> tuple[str, float]:
        shares = model.probabilities(features(normalised(words)))
        best = int(shares.argmax())
        return model.classes[best], float(shares[best])

    return judged


def two_matters(text: str, judged: Judge) -> tuple[Matter, Matter] | None:
    """The two parts of a message that are surely about different issues, in the order told; None when it has one matter."""
    if len(_WORD.findall(text)) < FEWEST_WORDS_IN_ALL:
        return None
    pairs = [
        (Matter(*judged(text[:end]), 0, end), Matter(*judged(text[start:]), start, len(text)))
        for end, start in _boundaries(text[:LONGEST_READ])
    ]
    clear = [
        pair
        for pair in pairs
        if min(part.confidence for part in pair) >= SURE and pair[0].code != pair[1].code
    ]
    if not clear:
        return None
    return max(clear, key=lambda pair: min(part.confidence for part in pair))


def _boundaries(text: str) -> Iterator[tuple[int, int]]:
    """Ends of left and starts of right parts, both long enough to be a matter."""
    found = 0
    for match in _BOUNDARY.finditer(text):
        left, right = text[: match.start()], text[match.end() :]
        if min(len(_WORD.findall(left)), len(_WORD.findall(right))) >= FEWEST_WORDS:
            yield match.start(), match.end()
            found += 1
        if found == MOST_BOUNDARIES:
            return
