"""Sentences that say the same fold into one: small words, repeated letters, signs and order do not count. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SMALL = frozenset(
    "a ah bang bapak bos bu dan dong gan ibu ini itu kak kakak kok lah lho lo mas mbak min minta mohon nah nih nya om pa pak "
    "permisi sih tlg tolong tuh ya yaa yang yg yo yth".split()
)
_MASK = re.compile(r"\[[A-Z]+\]")
_REPEATED = re.compile(r"(.)\1{2,}")


def fold_key(text: str) -> str:
    """32 hex digits that are equal for a sentence and its near-doubles.

    >>> fold_key("Pak, lampu jalan matiii!!") == fold_key("lampu jalan mati min")
    True
    >>> fold_key("lampu jalan mati") == fold_key("lampu jalan rusak")
    False
    """
    return hashlib.sha256(" ".join(sorted(set(_words(text)))).encode()).hexdigest()[:32]


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", _MASK.sub(" ", text)).casefold()
    plain = _REPEATED.sub(r"\1", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    words = re.findall(r"[a-z]+|\d+", plain)
    return [word for word in words if word not in _SMALL] or words or [text.strip()]
