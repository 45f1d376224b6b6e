"""What identifies a person is masked: NIK and KK, phone numbers, e-mail addresses, links, plates and long numbers.

Pure and simple on purpose: a word too many masked costs an officer a question, a number left costs the reporter trust.
"""

from __future__ import annotations

import re
import unicodedata

_DASH = r"[\s.\-–]?"  # noqa: RUF001
# In this order: the more special first, since every mask hides the digits from the next pattern.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[EMAIL]", re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")),
    ("[TAUTAN]", re.compile(r"\b(?:https?://|www\.|wa\.me/|t\.me/)\S+", re.IGNORECASE)),
    ("[KODE]", re.compile(rf"(?<!\d)\d(?:{_DASH}\d){{19}}(?!\d)")),
    ("[NIK]", re.compile(rf"(?<!\d)\d(?:{_DASH}\d){{15}}(?!\d)")),
    (
        "[TELEPON]",
        re.compile(rf"(?<!\d)(?:\+\s?62|62|\(?0){_DASH}(?:8|[2-7]\d)(?:[\s.\-()]{{0,2}}\d){{6,11}}(?!\d)"),
    ),
    ("[AKUN]", re.compile(r"(?<![\w@])@[A-Za-z_][\w.]{2,}")),
    (
        "[PLAT]",
        re.compile(r"\b(?:KT|KH|DA|KB|KU|B|L|N|AG|AD|AB|D|F|DK|DD|DB|BK|BM|BG)\s?\d{3,4}\s?[A-Z]{1,3}\b"),
    ),
    ("[NOMOR]", re.compile(r"(?<![\d.])\d{9,}(?!\d)")),
)


def masked(text: str) -> str:
    """The text with a mask for each identifier; everything else as it was, in Unicode's composed form.

    >>> masked("hub budi_s@contoh.id ya")
    'hub [EMAIL] ya'
    """
    text = unicodedata.normalize("NFKC", text)
    for mask, pattern in _PATTERNS:
        text = pattern.sub(mask, text)
    return text


def has_identifier(text: str) -> bool:
    """True when masking would change the text: the training export refuses such a sentence."""
    return masked(text) != unicodedata.normalize("NFKC", text)
