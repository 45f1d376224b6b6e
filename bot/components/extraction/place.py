"""Where it is: landmark, street, RT/RW, km, village, district and area phrases, kept whole and as they were typed.

A phrase is a chain of segments. A segment begins with a head word (`depan`, `jl`, `gg`, `rt`, `km`, `desa`, `kec`, `sd` …)
or is the name of a known area, and takes the name words behind it until a word that tells rather than names. What
the phrase means is the backend's question.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.components.extraction.numbers import number_of
from bot.components.extraction.place_words import (
    AREA_WORDS,
    CROSSINGS,
    DENYING,
    EMPTY_PLACES,
    FACILITIES,
    JOINTS,
    KINDS,
    LANDMARKS,
    LEADING_IN,
    LIVING,
    MOST_NAME_WORDS,
    NUMBERED,
    NUMBERS_IN_LETTERS,
    OFFICE_WORDS,
    PUPILS,
    STREETS,
    TELLING,
    TELLING_BEGINNINGS,
    TITLES,
    VERB_LIKE,
    WEAK_LANDMARKS,
)
from bot.components.extraction.reading import Found, Laid, Word
from bot.components.normalising import WORDS

LONGEST_AREA = 4  # words
TURNING = frozenset({",", "di"})
LONGEST_SHORT_FORM = 4  # letters: behind `kel.` comes a name, behind `kelurahan.` a new sentence


def find(text: Laid) -> list[Found]:
    """Place phrases in the order they were said; the value is the phrase as typed."""
    words = text.words
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        end = _chain(words, at)
        if end > at and _follows(words, at, DENYING):
            end = _denied(words, at, end)
        elif end > at and _leads_somewhere(words, at, end):
            spans.append((at, end))
        at = max(end, at + 1)
    # Where the person lives counts only when no other place is said.
    elsewhere = [(at, end) for at, end in spans if not _follows(words, at, LIVING)] or spans
    return [_found(text, at, end) for at, end in elsewhere]


def _found(text: Laid, at: int, end: int) -> Found:
    start, stop = text.words[at].start, text.words[end - 1].end
    return Found("place", text.typed[start:stop], start, stop)


def _follows(words: Sequence[Word], at: int, signal: frozenset[str]) -> bool:
    """Whether one of the words stands right before, with at most `di` or the like between."""
    before = [word.plain for word in words[max(0, at - 3) : at]]
    while before and before[-1] in JOINTS and before[-1] != ",":
        before.pop()
    return bool(before) and before[-1] in signal


def _denied(words: Sequence[Word], at: int, end: int) -> int:
    """Where what was denied ends: after `bukan sangatta utara, di bengalon` the second place is the one that is meant."""
    return next((place for place in range(at + 1, end) if words[place].plain in TURNING), end)


def _chain(words: Sequence[Word], at: int) -> int:
    """Where the chain of segments that begins at `at` ends; `at` itself if none begins there."""
    end = _segment(words, at)
    while end > at:
        joint = end
        while joint < len(words) and words[joint].plain in JOINTS and joint - end < 2:
            joint += 1
        following = _segment(words, joint)
        if following <= joint:
            break
        end = following
    return end


def _segment(words: Sequence[Word], at: int) -> int:
    """The end of the segment that begins at `at`, or `at`."""
    if at >= len(words):
        return at
    word = words[at].plain
    if word in NUMBERED:
        return _numbered(words, at)
    if word in LANDMARKS:
        return _landmark(words, at)
    if word in STREETS or word in AREA_WORDS:
        return _named(words, at, needs_name=True)
    if word in FACILITIES:
        return _facility(words, at)
    return _area(words, at)


def _numbered(words: Sequence[Word], at: int) -> int:
    """`rt 12`, `rt 05/02`, `km 18`, `sp 3`, `blok c no 4`."""
    end = at + 1
    while end < len(words) and words[end].plain in (".", ":", "/", "-"):
        end += 1
    if end >= len(words) or not (
        words[end].plain[0].isdigit()
        or len(words[end].plain) == 1
        or _is_roman(words[end])
        or _is_number(words, end)
    ):
        return at
    end += 1
    while _is_number(words, end) and _is_number(words, end - 1):
        end += 1  # rt dua belas
    while end + 1 < len(words) and words[end].plain in ("/", "-") and words[end + 1].plain[0].isdigit():
        end += 2
    return end


def _landmark(words: Sequence[Word], at: int) -> int:
    """`depan sd 004`, `dekat simpang tiga`, `belakang masjid al ikhlas`: the preposition needs something to point at."""
    inner = at + 1
    while inner < len(words) and words[inner].plain in ("nya", "dari", "sama", "sebelah", "dengan", "pas"):
        inner += 1
    end = _segment(words, inner)
    if end > inner:
        return end
    end = _names(words, inner)
    if words[at].plain in WEAK_LANDMARKS and not any(_is_capital(word) for word in words[inner:end]):
        return at
    return end if end > inner else at


def _named(words: Sequence[Word], at: int, *, needs_name: bool) -> int:
    if words[at].plain == "jalan" and at > 0 and words[at - 1].plain == "lampu" and _is_number(words, at + 1):
        return at  # lampu jalan lima tiang
    if words[at].plain == "kali" and at > 0 and number_of(words[at - 1].plain) is not None:
        return at  # dua kali
    end = at + 1
    while end < len(words) and words[end].plain in (".", ":") and len(words[at].typed) <= LONGEST_SHORT_FORM:
        end += 1
    if end < len(words) and words[end].plain in STREETS and words[at].plain in STREETS:
        end += 1  # jalan poros, jalan gang
    known = _area(words, end)
    named = max(known, _names(words, end))
    return named if named > end or not needs_name else at


def _facility(words: Sequence[Word], at: int) -> int:
    """A school, a market, an office: a place with a number or name behind it, or right after `di`."""
    if words[at].plain == "sekolah" and at > 0 and words[at - 1].plain in PUPILS:
        return at  # anak sekolah
    end = at + 1
    while end < len(words) and words[end].plain in FACILITIES | OFFICE_WORDS:
        end += 1
    known = _area(words, end)
    named = known if known > end else _names(words, end)
    if named > end:
        return named
    is_inside = _is_led_to(words, at)
    return end if is_inside and (at > 0 and words[at - 1].plain in LANDMARKS or end - at > 1) else at


def _is_number(words: Sequence[Word], at: int) -> bool:
    """A number in letters."""
    return at < len(words) and words[at].plain.isalpha() and words[at].plain in NUMBERS_IN_LETTERS


def _is_led_to(words: Sequence[Word], at: int) -> bool:
    return at > 0 and words[at - 1].plain in LANDMARKS | LEADING_IN


def _is_capital(word: Word) -> bool:
    """Written as a name is, in a message that is not all capitals."""
    return word.typed[0].isupper() and not word.typed.isupper()


def _names(words: Sequence[Word], at: int) -> int:
    """The end of the run of naming words that begins at `at`."""
    end = at
    while end < len(words) and end - at < MOST_NAME_WORDS and _is_name(words, end):
        end += 1
        if end + 1 < len(words) and words[end - 1].plain in TITLES and words[end].plain == ".":
            end += 1  # Ir. Sutami
    return end


def _is_name(words: Sequence[Word], at: int) -> bool:
    word = words[at]
    plain = word.plain
    if plain[0].isdigit():
        return len(plain) <= 4 and not _counts_something(words, at)
    if (
        not plain[0].isalpha()
        or plain in TELLING
        or plain.endswith(" nya")
        or plain in NUMBERED
        or plain in LANDMARKS
    ):
        return False
    if plain in STREETS or plain in AREA_WORDS or plain in FACILITIES:
        return False
    return _is_capital(word) or not (
        plain.startswith(TELLING_BEGINNINGS) and plain in VERB_LIKE or _looks_like_a_verb(plain)
    )


def _looks_like_a_verb(plain: str) -> bool:
    return len(plain) > 5 and plain.startswith(TELLING_BEGINNINGS) and plain not in area_names()


def _counts_something(words: Sequence[Word], at: int) -> bool:
    """`3 hari`, `2 tiang`: the number belongs to what follows, not to a name."""
    following = words[at + 1].plain if at + 1 < len(words) else ""
    return following in VERB_LIKE or following in TELLING


def _area(words: Sequence[Word], at: int) -> int:
    """The end of the longest known area name that begins at `at`."""
    if at >= len(words) or not _begins_a_name(words[at].typed.lower()):
        return at
    for length in range(min(LONGEST_AREA, len(words) - at), 0, -1):
        name = " ".join(word.typed.lower() for word in words[at : at + length])
        if name in area_names() or folded(name) in area_names():
            return at + length
    return at


def _leads_somewhere(words: Sequence[Word], at: int, end: int) -> bool:
    """False for `depan rumah` and `dekat situ`, and for a mere kind of place in a message about something else."""
    if all(word.plain in EMPTY_PLACES or word.plain in LANDMARKS for word in words[at:end]):
        return False
    is_answer = end - at == len(words)
    return is_answer or _is_led_to(words, at) or not _is_a_kind(words, at, end)


def _is_a_kind(words: Sequence[Word], at: int, end: int) -> bool:
    """`pabrik sawit`, `jalan hauling`: which one is not said."""
    return (
        words[at].plain in (STREETS | FACILITIES | AREA_WORDS) - CROSSINGS
        and _area(words, at) == at
        and all(
            word.plain in KINDS | FACILITIES | STREETS and not _is_capital(word)
            for word in words[at + 1 : end]
        )
    )


def _is_roman(word: Word) -> bool:
    return 0 < len(word.plain) <= 4 and set(word.plain) <= set("ivx")


def folded(name: str) -> str:
    """How a name sounds: doubled letters once, without h after consonants, e for unclear vowels kept.

    >>> folded("sanggatta utarra")
    'sangata utara'
    """
    out: list[str] = []
    for sign in name.replace("ngg", "ng"):
        if not out or out[-1] != sign:
            out.append(sign)
    return "".join(out)


@lru_cache(maxsize=20_000)
def _begins_a_name(word: str) -> bool:
    return word in _first_words() or folded(word) in _first_words()


@lru_cache(maxsize=1)
def _first_words() -> frozenset[str]:
    return frozenset(name.partition(" ")[0] for name in area_names())


@lru_cache(maxsize=1)
def area_names() -> Mapping[str, str]:
    """Known names, as written and as they sound → level (`regency`, `district`, `village`, `alias`)."""
    names: dict[str, str] = {}
    with (WORDS / "areas.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            names[row["name"]] = row["level"]
            names.setdefault(folded(row["name"]), row["level"])
    return names
