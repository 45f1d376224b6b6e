"""What the facts in a message say about its kind: an intent is often plain from what a message is full of.

A message that is nearly all place is an answer to *where*, one that begins with a question word asks. These signs are
features of the intent classifier beside its words; they come from the extractors, so they hold for words never seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.components.extraction.reading import Found
from bot.components.features import terms_in
from bot.components.flags import sounds_dangerous

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[?!]")
_LENGTHS = (1, 2, 3, 5, 9, 19)  # words: up to so many is one class
_SHARES = (0.0, 0.35, 0.7)
MOST_HITS = 4
# What a picture of a face or of hands says; words for it there are none.
_MOODS = {"thanks": "🙏😊🥰😍🤗", "angry": "😡🤬😤😠👿", "sad": "😭😢😥😔"}


def signs(typed: str, plain: str, facts: Sequence[Found], yes_no: str | None) -> list[str]:
    """Names of the signs that a message shows; `plain` is its normalised form."""
    words = _TOKEN.findall(plain)
    place, time = _share("place", typed, facts), _share("time", typed, facts)
    found = [
        f"words {sum(len(words) > most for most in _LENGTHS)}",
        f"place {place}",
        f"time {time}",
        f"place {place} time {time}",
        f"answer {yes_no}",
        f"terms {min(len(set(terms_in(words))), MOST_HITS)}",
        *(f"{one.entity} {one.value}" for one in facts if one.entity in ("identity_level", "field")),
        *(f"code {one.confidence}" for one in facts if one.entity == "tracking_code"),
    ]
    found += [f"mood {name}" for name, faces in _MOODS.items() if any(face in typed for face in faces)]
    if "?" in typed:
        found.append("asks")
    if sounds_dangerous(plain):
        found.append("danger")
    if words:
        found += [f"first {words[0]}", f"last {words[-1]}"]
    if len(words) > 1:
        found.append(f"first {words[0]} {words[1]}")
    return found


def _share(entity: str, typed: str, facts: Sequence[Found]) -> int:
    """0 for none of the text, up to 3 for most of it."""
    taken = sum(one.end - one.start for one in facts if one.entity == entity)
    return sum(taken / max(1, len(typed.strip())) > least for least in _SHARES)
