"""What a person typed, made harmless: no commands, no invisible characters, no endless text."""

from __future__ import annotations

import re
import unicodedata

LONGEST_TEXT = 4000
# Read this much at most before normalising: NFKC can make one character eighteen.
LONGEST_READ = 20_000

# Zero-width and direction marks, soft hyphen, word joiner, BOM; variation selectors and the emoji joiner stay
# because emoji are made of them.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
EMOJI = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
JOINER_WITHOUT_EMOJI = re.compile(f"(?<![{EMOJI}])\u200d|\u200d(?![{EMOJI}])")
SLASHES = "/\uff0f\u2044\u2215\u29f8"


def neutral(text: str) -> tuple[str, bool]:
    """The text as the engine may see it, at most 4,000 characters, and whether some of it was cut off.

    A leading slash is Rasa's markup for running an intent; none is left, however it was written or hidden.

    >>> neutral(" /\u200b/restart")
    ('restart', False)
    """
    cut = len(text) > LONGEST_READ
    text = CONTROL.sub("", text[:LONGEST_READ])
    text = unicodedata.normalize("NFKC", text)
    text = CONTROL.sub("", INVISIBLE.sub("", JOINER_WITHOUT_EMOJI.sub("", text)))
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    while text.startswith(tuple(SLASHES)):
        text = text.lstrip(SLASHES).lstrip()
    return text[:LONGEST_TEXT], cut or len(text) > LONGEST_TEXT
