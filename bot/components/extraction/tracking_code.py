"""The tracking code in any typed or spoken form: 20 digits with spaces, dots, dashes, full width, or said one by one.

Whether the check digits fit is the backend's question; here only the shape counts, also of a code with a digit too many
or too few when the person says that it is a code.
"""

from __future__ import annotations

import re
import unicodedata

from bot.components.extraction.reading import Found

LENGTH = 20
NEARLY = (17, 23)
_SPOKEN = {
    "nol": "0", "kosong": "0", "satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5", "enam": "6",
    "tujuh": "7", "delapan": "8", "lapan": "8", "sembilan": "9",
}  # fmt: skip
_LOOKALIKE = str.maketrans("oil", "011")
_PIECE = re.compile(r"(?<![^\W\d_])[\doilOIL]*\d[\doilOIL]*(?![^\W\d_])|[^\W\d_]+")
_GLUE = re.compile(r"[\s.,:;_/|()\[\]‐-―−-]*")
# Two to four groups of four digits and nothing else: a code that was not copied whole; what begins with 08 is a phone.
_TORN = re.compile(r"\s*(?!08)\d{4}(?:[ .\-]\d{4}){1,3}\s*")
_SAID_TO_BE_ONE = re.compile(r"\b(?:kode|code|no(?:mor|mer)?|resi|tiket)\b", re.IGNORECASE)


def find(text: str) -> list[Found]:
    """Every run of digits that is a code, its value as 20 bare digits."""
    return [
        Found("tracking_code", digits, start, end, 1.0 if len(digits) == LENGTH else 0.5)
        for digits, start, end in _runs(text)
        if len(digits) == LENGTH
        or _TORN.fullmatch(text)
        or (
            NEARLY[0] <= len(digits) <= NEARLY[1] and _SAID_TO_BE_ONE.search(text[max(0, start - 40) : start])
        )
    ]


def _runs(text: str) -> list[tuple[str, int, int]]:
    runs: list[tuple[str, int, int]] = []
    for piece in _PIECE.finditer(text):
        digits = _digits(piece.group())
        if not digits:
            continue
        if runs and _GLUE.fullmatch(text, runs[-1][2], piece.start()):
            before, start, _ = runs.pop()
            runs.append((before + digits, start, piece.end()))
        else:
            runs.append((digits, piece.start(), piece.end()))
    return runs


def _digits(piece: str) -> str:
    plain = unicodedata.normalize("NFKC", piece).lower()
    if plain in _SPOKEN:
        return _SPOKEN[plain]
    digits = plain.translate(_LOOKALIKE)
    has_digit = any(sign.isdigit() for sign in plain)
    return digits if has_digit and digits.isascii() and digits.isdigit() else ""
