"""Nothing that a person types reaches Rasa as a command, however it is written or hidden."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.text import INVISIBLE, LONGEST_TEXT, neutral

SLASHES = ["/", "\uff0f", "\u2044", "\u2215"]


@pytest.mark.parametrize("slash", SLASHES)
@pytest.mark.parametrize(
    "pattern",
    ["{s}restart", " {s}restart", "\u200b{s}\u200d{s} {s}restart", "\x00{s}restart", "\ufeff\n{s}restart"],
)
def test_no_command_gets_through(slash: str, pattern: str) -> None:
    assert neutral(pattern.replace("{s}", slash)) == ("restart", False)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("lampu mati 24/7 di jl. a/b", "lampu mati 24/7 di jl. a/b"),
        ("a\x00b\ud800c", "abc"),
        ("ｌａｍｐｕ", "lampu"),
        ("lam\u200bpu", "lampu"),
        ("👨\u200d👩\u200d👧 banjir", "👨\u200d👩\u200d👧 banjir"),
        ("  ", ""),
        ("///", ""),
        ("baris satu\r\nbaris dua", "baris satu\nbaris dua"),
    ],
)
def test_words_stay_as_they_are_meant(typed: str, read: str) -> None:
    assert neutral(typed) == (read, False)


def test_long_text_is_cut_and_says_so() -> None:
    text, was_cut = neutral("banjir " * 2000)
    assert len(text) <= LONGEST_TEXT
    assert was_cut
    assert neutral("x" * LONGEST_TEXT) == ("x" * LONGEST_TEXT, False)


def test_a_megabyte_is_read_quickly_and_cut() -> None:
    text, was_cut = neutral("\ufdfa" * 1_000_000)
    assert len(text) == LONGEST_TEXT
    assert was_cut


@given(st.text(st.characters(), max_size=60) | st.text("/\uff0f\u200b\u200d \x00abc\ud800{", max_size=12))
def test_whatever_is_typed_is_harmless(typed: str) -> None:
    text, _ = neutral(typed)
    assert not text.startswith(("/", "\uff0f"))
    assert not unicodedata.normalize("NFKC", text).lstrip().startswith("/")
    assert not INVISIBLE.search(text)
    text.encode("utf-8")
    assert neutral(text)[0] == text
