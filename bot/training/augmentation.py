"""Noisy twins of training sentences: the classifiers learn the language, not the spelling of one file.

Every twin is derived from the sentence itself with a seed of its own, so a training is repeatable.
"""

from __future__ import annotations

import random
from collections.abc import Callable

_OPENERS = (
    "min {}|pak {}|assalamualaikum {}|selamat pagi {}|halo admin {}|permisi {}|bu {}|mohon maaf {}|kak {}|"
    "selamat siang min, {}|malam pak {}|izin pak, {}|mohon maaf mau tanya, {}|saya mau menanyakan, {}|izin melaporkan {}|"
    "mau lapor pak, {}|saya warga sini, {}|maaf mengganggu, {}|saya ingin menyampaikan {}|kami mau mengadu, {}|"
    "assalamualaikum wr wb mohon izin bertanya {}|halo saya mau lapor, {}"
).split("|")
_CLOSERS = (
    "{} terima kasih|{} mohon ditindaklanjuti|{} tolong segera|{} makasih|{} trims|{} ya min|{} pak|{} mohon bantuannya|{}!!|{}...|"
    "{} kenapa bisa begitu ya|{} bagaimana solusinya|{} mohon solusi dan tindak lanjutnya terima kasih|{} kapan diperbaiki"
).split("|")
_KEPT_WORDS = 3
_VOWELS = "aeiou"


def noisy_twins(text: str, number: int, *, wrap: bool = True) -> list[str]:
    """One noisy twin of `text`; `number` seeds the noise. Greetings are wrapped around only if `wrap`."""
    chance = random.Random(f"{number}:{len(text)}")  # noqa: S311 - noise, not a secret
    twin = " ".join(_word(word, chance) for word in text.split())
    if chance.random() < 0.5:
        twin = "".join(sign for sign in twin if sign not in ".,;:!?").lower()
    if wrap and len(text.split()) >= _KEPT_WORDS and chance.random() < 0.35:
        twin = chance.choice(_OPENERS).format(twin)
    if wrap and len(text.split()) >= _KEPT_WORDS and chance.random() < 0.25:
        twin = chance.choice(_CLOSERS).format(twin)
    return [twin] if twin.strip() and twin != text else []


def _word(word: str, chance: random.Random) -> str:
    if not word.isalpha() or len(word) < 5 or chance.random() > 0.16:
        return word
    return chance.choice(_SLIPS)(word, chance)


def _without_a_vowel(word: str, chance: random.Random) -> str:
    places = [n for n in range(1, len(word)) if word[n] in _VOWELS]
    if not places:
        return word
    gone = chance.choice(places)
    return word[:gone] + word[gone + 1 :]


def _without_a_letter(word: str, chance: random.Random) -> str:
    gone = chance.randrange(1, len(word))
    return word[:gone] + word[gone + 1 :]


def _swapped(word: str, chance: random.Random) -> str:
    n = chance.randrange(1, len(word) - 1)
    return word[:n] + word[n + 1] + word[n] + word[n + 2 :]


def _doubled(word: str, chance: random.Random) -> str:
    n = chance.randrange(1, len(word))
    return word[:n] + word[n] + word[n:]


_SLIPS: tuple[Callable[[str, random.Random], str], ...] = (
    _without_a_vowel,
    _without_a_vowel,
    _without_a_letter,
    _swapped,
    _doubled,
)
