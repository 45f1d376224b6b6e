"""langdetect, restricted to the languages that occur here, with profiles of our own, and without its dice.

Its package knows Indonesian, English and Tagalog; Javanese, Sundanese, Banjar and Ngaju profiles are built from
`bot/data/languages`, in langdetect's own JSON form. langdetect draws n-grams at random until it is convinced; here every
n-gram of the message counts once, so the same words give the same answer.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import langdetect
import numpy as np
from langdetect.detector import Detector
from langdetect.detector_factory import DetectorFactory
from langdetect.utils.lang_profile import LangProfile
from langdetect.utils.ngram import NGram

from bot.components.vectoriser import Floats

KNOWN_TO_LANGDETECT = ("en", "id", "tl")
PROFILES = Path(langdetect.__file__).resolve().parent / "profiles"
LONGEST_READ = 600
LONGEST_NGRAM = NGram.N_GRAM

Profile = dict[str, Any]


def profile_of(name: str, sentences: Iterable[str]) -> Profile:
    """A profile as langdetect's files have it: `{"freq": {n-gram: count}, "n_words": [unigrams, bigrams, trigrams], "name"}`."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update(_ngrams(sentence))
    n_words = [sum(n for gram, n in counts.items() if len(gram) == length) for length in (1, 2, 3)]
    return {"freq": dict(sorted(counts.items())), "n_words": n_words, "name": name}


def packaged_profile(name: str) -> Profile:
    """One of the profiles that come with langdetect."""
    profile: Profile = json.loads((PROFILES / name).read_text(encoding="utf-8"))
    return profile


class Langdetect:
    """langdetect over the given profiles (name → profile)."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self.languages = tuple(sorted(profiles))
        self._factory = DetectorFactory()
        for index, name in enumerate(self.languages):
            self._factory.add_profile(LangProfile(**profiles[name]), index, len(self.languages))
        self._logs: dict[str, Floats] = {}

    def likelihoods(self, text: str) -> Floats:
        """Mean log-likelihood of the message's n-grams per language, in the order of `languages`; zeros without letters."""
        detector = Detector(self._factory)
        detector.append(text[:LONGEST_READ])
        detector.cleaning_text()
        grams: Sequence[str] = detector._extract_ngrams()
        if not grams:
            return np.zeros(len(self.languages), np.float32)
        result: Floats = np.mean([self._log(gram) for gram in grams], axis=0)
        return result

    def _log(self, gram: str) -> Floats:
        if gram not in self._logs:
            shares = np.array(self._factory.word_lang_prob_map[gram], dtype=np.float32)
            self._logs[gram] = np.log(shares + Detector.ALPHA_DEFAULT / Detector.BASE_FREQ)
        return self._logs[gram]


def _ngrams(sentence: str) -> Iterable[str]:
    """The n-grams that langdetect would take from a sentence."""
    reader = NGram()
    for sign in f" {sentence} ":
        reader.add_char(sign)
        if reader.capitalword:
            continue
        for length in range(1, LONGEST_NGRAM + 1):
            gram = reader.get(length)
            if gram and gram.strip():
                yield gram
