"""People's names that lokal-id's detectors leave: after a title, an office or a word of naming, in capitals or not.

A lower-case word is a name if the list of given names knows it, or, right after a word of naming, if no everyday word is it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LONGEST_NAME = 4  # words
# What follows is a name, whatever it looks like.
_NAMING = re.compile(
    r"\b(?:nama\s*(?=:)|nama(?:ku| saya| ulun| aku|nya)(?:\s+(?:adalah|lengkap))?|bernama|atas\s+nama|a\.\s?n\.?|jeneng(?:e|ku)|ngaran(?:ku| ulun)|"
    r"pelapor\s*(?=:)|tertanda|hormat (?:saya|kami)|perkenalkan,? saya|sdri?\.?|saudar[ai]|almarhum(?:ah)?|alm\.?)\s*[:,]?\s+",
    re.IGNORECASE,
)
# What follows may be a name: a listed one, or one with a capital.
_TITLE = re.compile(
    r"\b(?:pak|bu|bapak|ibu|mas|mbak|mba|bang|kak|om|tante|haji|hajah|hj?\.|ust(?:ad|adz|adzah)|kades|petinggi|kepala desa|"
    r"kepala sekolah|kepsek|lurah|camat|dokter|dr\.?|bidan|perawat|suster|guru|bendahara(?:\s+desa)?|operator(?:\s+desa)?|security|satpam|"
    r"ketua rt|ketua rw|anak saya|anaknya|suami saya|istri saya|adik saya|kakak saya|saya|salam|an)\s*,?\s+",
    re.IGNORECASE,
)
# Verbs and words with a possessive are no names.
_EVERYDAY = re.compile(r"(?:di|me[mnl]?|ber|ter|se|pe[mn]?)[a-z]{4,}$|[a-z]{3,}(?:nya|kan|ku|mu)$")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*", re.UNICODE)  # noqa: RUF001
_GAP = re.compile(r"[ \t]+")


def names_in(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand, as (start, end).

    >>> [text[a:b] for text in ["lurah siti aminah minta uang"] for a, b in names_in(text)]
    ['siti aminah']
    """
    for lead in _NAMING.finditer(text):
        yield from _name_at(text, lead.end(), certain=True)
    for lead in _TITLE.finditer(text):
        yield from _name_at(text, lead.end(), certain=False)


def is_everyday(words: str) -> bool:
    """True when every word is one that nobody is called."""
    return all(word.lower() in _listed("no_names.txt") for word in _WORD.findall(words))


def _name_at(text: str, start: int, *, certain: bool) -> Iterator[tuple[int, int]]:
    end, at = start, start
    for number in range(LONGEST_NAME):
        word = _WORD.match(text, at)
        if word is None or not _is_name(word[0], certain=certain and number == 0):
            break
        end = word.start() + len(word[0].rstrip(".'-"))
        gap = _GAP.match(text, word.end())
        if gap is None:
            break
        at = gap.end()
    if end > start:
        yield start, end


def _is_name(word: str, *, certain: bool) -> bool:
    plain = word.rstrip(".'-").lower()
    if plain in _listed("no_names.txt"):
        return False
    if plain in _listed("names.txt") or plain in {"ni", "i", "la", "lu", "luh", "bin", "binti"}:
        return True
    is_capitalised = word[0].isupper() and word[1:2].islower()
    return len(plain) > 2 and (is_capitalised or (certain and not _EVERYDAY.match(plain)))


@cache
def _listed(file: str) -> frozenset[str]:
    return frozenset(Path(__file__).with_name(file).read_text(encoding="utf-8").split())
