"""How the same words sound from different people. Pure; every choice is drawn from the citizen's own random numbers."""

from __future__ import annotations

import random
import re

SHORTENED = {
    "yang": "yg", "tidak": "gk", "sudah": "udh", "dengan": "dgn", "jalan": "jln", "karena": "krn", "sampai": "smpe",
    "depan": "dpn", "belakang": "blkg", "dari": "dr", "belum": "blm", "banyak": "byk", "orang": "org", "saya": "sy",
    "dekat": "dkt", "minggu": "mggu", "tolong": "tlg", "kecamatan": "kec", "hari": "hr", "semua": "smua",
}  # fmt: skip
MIXED = {
    "tidak": "kada", "gak": "kada", "mau": "handak", "yang": "nang", "orang": "urang", "air": "banyu", "bisa": "kawa",
    "sudah": "sudah", "sangat": "banar", "saya": "ulun", "sekarang": "wayah ini", "banyak": "banyak", "jatuh": "gugur",
}  # fmt: skip
INSULTS = ("woi ", "percuma lapor tapi ya sudah lah, ", "mana ini pemerintah, ")
FEWEST_LETTERS = 5
TYPO_SHARE = 0.25


def spoken(text: str, voice: str, dice: random.Random) -> str:
    """`text` in a voice of `manners.py`.

    >>> spoken("Jalan rusak, tolong!", "dictated", random.Random(1))
    'jalan rusak tolong'
    """
    if voice == "typos":
        return " ".join(_mistyped(word, dice) for word in _replaced(text, SHORTENED).split())
    if voice == "caps":
        return f"{text.upper()}!!"
    if voice == "dictated":
        return re.sub(r"[^\w\s]", "", text).lower()
    if voice == "angry":
        return dice.choice(INSULTS) + text + "!!!"
    if voice == "mixed":
        return _replaced(text, MIXED)
    return text


def fragments(text: str) -> list[str]:
    """The text as somebody sends it who presses enter at every comma."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _replaced(text: str, words: dict[str, str]) -> str:
    return re.sub(r"\w+", lambda found: words.get(found[0].lower(), found[0]), text)


def _mistyped(word: str, dice: random.Random) -> str:
    if len(word) < FEWEST_LETTERS or not word.isalpha() or dice.random() > TYPO_SHARE:
        return word
    at = dice.randrange(1, len(word) - 2)
    kind = dice.choice(("swap", "drop", "double"))
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + (word[at + 1 :] if kind == "drop" else word[at] + word[at:])
