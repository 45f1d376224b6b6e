"""Words of strangers in a sheet: no spreadsheet may ever take one for a formula, an order to another program, or a link."""

from __future__ import annotations

import re
import unicodedata

# What a spreadsheet takes for the start of a formula; wide and small forms are folded onto these first.
FORMULA_SIGNS = frozenset("=+-@|%\t\r\n−")  # noqa: RUF001
_QUOTES = frozenset("\"'`´‘’“”«»")  # noqa: RUF001
# A sheet that is cut at another sign than ours begins new cells inside of this one.
_INNER_STARTS = re.compile(r"([;\t\r\n])(?=(.{1,40}))", re.S)
_NOT_IN_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_000


def begins_like_a_formula(text: str) -> bool:
    """Whether the first sign that counts is one of a formula; blanks, quotes and signs that nobody sees do not count.

    >>> [begins_like_a_formula(one) for one in ("=1+1", ' "＋1', "\\u200b@SUM(A1)", "jalan - rusak", "")]
    [True, True, True, False, False]
    """
    for sign in text:
        if sign in FORMULA_SIGNS:
            return True
        if sign in _QUOTES or sign.isspace() or unicodedata.category(sign) in {"Cf", "Cc", "Mn"}:
            continue
        return unicodedata.normalize("NFKC", sign)[:1] in FORMULA_SIGNS
    return False


def safe_cell(text: str) -> str:
    """The text as a cell of a CSV that no spreadsheet calculates, whatever sign it separates cells by.

    >>> safe_cell("=1+1"), safe_cell("  @SUM(A1)"), safe_cell("jalan rusak")
    ("'=1+1", "'  @SUM(A1)", 'jalan rusak')
    >>> safe_cell("rusak;=1+1")
    "rusak;'=1+1"
    """
    plain = writable(text)
    plain = _INNER_STARTS.sub(
        lambda found: found[1] + ("'" if begins_like_a_formula(found[2]) else ""), plain
    )
    return f"'{plain}" if begins_like_a_formula(plain) else plain


def writable(text: str) -> str:
    """The text without what no sheet can hold; one that is too long is cut.

    >>> writable("lampu\\0 mati")
    'lampu mati'
    """
    return without_unwritable(text)[:LONGEST_CELL]


def without_unwritable(text: str) -> str:
    """The text without the signs that neither XML nor UTF-8 knows."""
    return _NOT_IN_XML.sub("", text)
