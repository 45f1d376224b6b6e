"""Two matters in one talk: which sentence is another matter, and where one message changes the subject. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.actions import words
from bot.actions.reading import Reading

SURE_OF_ANOTHER = 0.6
SURE_OF_A_SECOND = 0.15
FEWEST_WORDS = 4
# "Lampu mati" may be PLN or a street lamp: two readings this close are asked about, once.
CLOSE, FAIR = 0.15, 0.25
_TURN = re.compile(
    r"[\s,.;]+(?:selain itu|satu lagi|(?:terus|trus|dan|sama|ada lagi)\s+(?:juga|lagi|satu lagi)|"
    r"sekalian(?:\s+juga)?|lalu juga|oh iya|oiya)[\s,]+",
    re.IGNORECASE,
)


def is_another(reading: Reading, issue: str | None) -> bool:
    """Whether a message told within a draft is surely about something else than `issue`."""
    code, confidence = reading.top_issue
    return bool(
        issue and code and code != issue and confidence >= SURE_OF_ANOTHER and reading.words >= FEWEST_WORDS
    )


def second_in(reading: Reading) -> dict[str, str | None] | None:
    """The second matter of one message as `{"text", "issue"}`, or None; the first text stays whole."""
    parts = _TURN.split(reading.text, maxsplit=1)
    if len(parts) < 2 or len(re.findall(r"\w+", parts[1])) < FEWEST_WORDS or len(reading.issue_ranking) < 2:
        return None
    other = reading.issue_ranking[1]
    if float(other["confidence"]) < SURE_OF_A_SECOND:
        return None
    return {"text": parts[1].strip(), "issue": other["code"]}


def unclear(reading: Reading) -> dict[str, Any] | None:
    """The clarifying question between two kinds of matter that are about equally likely, or None."""
    if len(reading.issue_ranking) < 2:
        return None
    first, second = reading.issue_ranking[:2]
    if float(second["confidence"]) < FAIR or float(first["confidence"]) - float(second["confidence"]) > CLOSE:
        return None
    options = [{"value": one["code"], "label": words.label("issue", one["code"])} for one in (first, second)]
    return {"attribute": "issue", "ask": words.label("question", "issue"), "options": options}
