"""What a message says about whose job it is: road status, school level, owner of the hospital (`bot/data/words/attributes.csv`).

Only what was said outright. The values are those of the reference data; hints are the backend's business.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache

from bot.components.extraction.reading import Found, Laid
from bot.components.normalising import WORDS, normalised

_DENIED = re.compile(r"\b(?:bukan|bukannya|selain)(?: (?:di|itu|ini))? $")


def find(text: Laid) -> list[Found]:
    """At most one value per attribute: the one with the longest words, denied ones left out."""
    best: dict[str, tuple[int, Found]] = {}
    for attribute, value, pattern in _patterns():
        for match in pattern.finditer(text.plain):
            length = len(match.group())
            if _DENIED.search(text.plain[: match.start()]) or length <= best.get(attribute, (0, None))[0]:
                continue
            best[attribute] = (length, text.found(attribute, value, match))
    return [found for _, found in best.values()]


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    with (WORDS / "attributes.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(
            (row["attribute"], row["value"], re.compile(rf"(?<!\w)(?:{_either(row['words'])})(?!\w)"))
            for row in csv.DictReader(rows)
        )


def _either(words: str) -> str:
    return "|".join(sorted({re.escape(normalised(word)) for word in words.split("|")}, key=len, reverse=True))
