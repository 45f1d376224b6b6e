"""The tracking code: 18 random digits and two check digits (ISO 7064 MOD 97-10), written in five groups of four.

It has the shape of a prepaid electricity token: it can be typed, read aloud and written on paper, and gives nothing away.
A NIK has 16 digits, so the two are never confused. A code with a wrong check is a typing error, found without a database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from backend.cases.errors import CodeMistyped

LENGTH = 20
_N_RANDOM = 10**18
_SPOKEN = {
    "nol": "0",
    "kosong": "0",
    "satu": "1",
    "dua": "2",
    "tiga": "3",
    "empat": "4",
    "lima": "5",
    "enam": "6",
    "tujuh": "7",
    "delapan": "8",
    "lapan": "8",
    "sembilan": "9",
}
_LOOKALIKE = str.maketrans("oil", "011")
# A run of digits, the letters people type for 0 and 1 among them, or one spoken digit.
_PIECE = re.compile(r"(?<![^\W\d_])[\doil]*\d[\doil]*(?![^\W\d_])|[^\W\d_]+")
_GLUE = re.compile(r"[\s.,:;_/|()\[\]‐-―−-]*")


def mint(randbelow: Callable[[int], int]) -> str:
    """A new code from injected randomness (`secrets.randbelow`).

    >>> mint(lambda limit: 1)
    '00000000000000000195'
    """
    body = f"{randbelow(_N_RANDOM):018d}"
    return body + _check_digits(body)


def _check_digits(body: str) -> str:
    return f"{98 - int(body) * 100 % 97:02d}"


def is_valid(code: str) -> bool:
    """True for 20 ASCII digits whose check fits.

    >>> is_valid("00000000000000000195"), is_valid("00000000000000000196")
    (True, False)
    """
    return len(code) == LENGTH and code.isascii() and code.isdigit() and code[-2:] == _check_digits(code[:-2])


def grouped(code: str) -> str:
    """The way people read it.

    >>> grouped("00000000000000000195")
    '0000 0000 0000 0000 0195'
    """
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def parse(typed: str) -> str:
    """The 20 digits of what somebody typed or dictated; raises `CodeMistyped`.

    Spaces, dots, dashes, full-width digits, spoken Indonesian digits and O for 0 are accepted, words around it ignored.

    >>> parse("kode saya: 0000.0000-0000 ００００ 0195")
    '00000000000000000195'
    """
    runs = _runs(typed)
    whole = [run for run in runs if len(run) == LENGTH]
    for run in whole:
        if is_valid(run):
            return run
    if whole:
        raise CodeMistyped("the check digits do not fit")
    raise CodeMistyped(f"{max((len(run) for run in runs), default=0)} digits instead of {LENGTH}")


def contains_code(text: str) -> bool:
    """True when a text holds a valid code: it must not be kept in a complaint."""
    return any(is_valid(run) for run in _runs(text))


def masked(text: str, mask: str = "[KODE]") -> str:
    """The text without valid codes written in digits.

    >>> masked("kode saya 0000 0000 0000 0000 0195 ya")
    'kode saya [KODE] ya'
    """
    return re.sub(
        r"\d(?:[\s.\-]?\d){19}",
        lambda hit: mask if is_valid(re.sub(r"\D", "", hit.group())) else hit.group(),
        unicodedata.normalize("NFKC", text),
    )


def _runs(typed: str) -> list[str]:
    """Digits that stand together, with nothing but punctuation and spoken digits between them."""
    text = unicodedata.normalize("NFKC", typed).lower()
    runs, end = [""], 0
    for piece in _PIECE.finditer(text):
        digits = _digits(piece.group())
        glued = _GLUE.fullmatch(text[end : piece.start()]) is not None
        if digits and glued:
            runs[-1] += digits
        elif digits:
            runs.append(digits)
        else:
            runs.append("")
        end = piece.end()
    return [run for run in runs if run]


def _digits(piece: str) -> str:
    if piece in _SPOKEN:
        return _SPOKEN[piece]
    digits = piece.translate(_LOOKALIKE)
    has_digit = any(sign.isdigit() for sign in piece)
    return digits if has_digit and digits.isascii() and digits.isdigit() else ""
