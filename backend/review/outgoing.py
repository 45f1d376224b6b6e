"""Before words leave the house: what in them tells who somebody is, stands in an officers' note, or was never filled in; and what is hard
to read. It only points; the officer decides."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from backend.review.masking import composed, identifiers

# So many words in a row that stand in a note are no accident.
COPIED_WORDS = 6
LONG_SENTENCE = 24
_WORD = re.compile(r"\w+")
_OPEN = re.compile(r"\{\w*\}|\[tulis[^\]]*\]", re.I)
_SENTENCE = re.compile(r"[^.!?\n]+")

Kind = Literal["identifier", "note", "unfilled"]


@dataclass(frozen=True)
class Finding:
    """A part of the words (`text[start:end]` of the composed form); `mask` is that of an identifier, else empty."""

    kind: Kind
    start: int
    end: int
    mask: str = ""


@dataclass(frozen=True)
class Hint:
    """Hard to read: a `long` sentence of `n` words, or an office `word` with what to say instead."""

    text: str
    n: int = 0
    plain: str = ""


def findings(text: str, notes: Sequence[str] = (), known: Collection[str] = ()) -> tuple[Finding, ...]:
    """What must be looked at before `text` is sent, in its order. `known` holds numbers and addresses of offices, which anybody may read.

    >>> [one.kind for one in findings("Telepon 081234567890 pada {batas}")]
    ['identifier', 'unfilled']
    """
    text = composed(text)
    public = {_bare(one) for one in known}
    copied = _copied(text, notes)
    found = [
        Finding("identifier", one.start, one.end, one.mask)
        for one in identifiers(text)
        if _bare(text[one.start : one.end]) not in public
        and not any(start <= one.start and one.end <= end for start, end in copied)
    ]
    found += [Finding("unfilled", match.start(), match.end()) for match in _OPEN.finditer(text)]
    found += [Finding("note", start, end) for start, end in copied]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _bare(text: str) -> str:
    """A number or an address without the signs that people put between."""
    return re.sub(r"[\s.\-()/]", "", text).lower()


def _copied(text: str, notes: Sequence[str]) -> list[tuple[int, int]]:
    """Runs of words that stand word for word in a note."""
    words = [(match[0].lower(), match.start(), match.end()) for match in _WORD.finditer(text)]
    runs = {run for note in notes for run in _runs([word.lower() for word in _WORD.findall(composed(note))])}
    spans: list[tuple[int, int]] = []
    for at in range(len(words) - COPIED_WORDS + 1):
        part = words[at : at + COPIED_WORDS]
        if tuple(word for word, _, _ in part) in runs:
            start, end = part[0][1], part[-1][2]
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return spans


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + COPIED_WORDS]) for at in range(len(words) - COPIED_WORDS + 1)}


def hints(text: str, jargon: Mapping[str, str]) -> tuple[Hint, ...]:
    """What would read better: long sentences first, then office words in the order of the text, each once.

    >>> hints("Akan segera kami tindak lanjuti.", {"segera": "(sebut tanggalnya)"})
    (Hint(text='segera', n=0, plain='(sebut tanggalnya)'),)
    """
    long = [
        Hint(sentence.strip(), n)
        for sentence in _SENTENCE.findall(text)
        if (n := len(_WORD.findall(sentence))) > LONG_SENTENCE
    ]
    if not jargon:
        return tuple(long)
    seen = dict.fromkeys(match[0].lower() for match in _pattern(tuple(jargon)).finditer(text))
    return (*long, *[Hint(word, 0, jargon[word]) for word in seen])


@lru_cache(maxsize=4)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.I)
