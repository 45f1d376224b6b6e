"""Two matters in one talk: which sentence is another matter, and where one message changes the subject. Pure."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.actions import words
from bot.actions.draft import DEFAULT_ISSUE, Slots
from bot.actions.reading import Reading

TERMS = Path(__file__).parent.parent / "data" / "words" / "issue_terms.csv"
SURE_OF_ANOTHER = 0.6
SURE_OF_A_SECOND = 0.15
FEWEST_WORDS = 4
MOST_KINDS, POSSIBLE = 4, 0.05
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


@dataclass(frozen=True)
class Two:
    """Two matters of one message: what the first is about, and words and issue of the second."""

    first: str | None
    text: str
    second: str | None


def two_in(reading: Reading) -> Two | None:
    """The two matters of one message, or None; the first text stays whole.

    Either the issue model heard two, or the classifier says which two they are and the words of each part which one is
    told first.
    """
    heard = reading.value("other_matter")
    if heard and (said := " ".join(heard["text"].split())) in " ".join(reading.text.split()):
        return Two(heard["first"], said, heard["code"])
    parts = _TURN.split(reading.text, maxsplit=1)
    if len(parts) < 2 or len(re.findall(r"\w+", parts[1])) < FEWEST_WORDS or len(reading.issue_ranking) < 2:
        return None
    one, other = reading.issue_ranking[:2]
    if float(other["confidence"]) < SURE_OF_A_SECOND:
        return None
    in_order = is_named(parts[0], one["code"]) or not is_named(parts[1], one["code"])
    first, second = (one["code"], other["code"]) if in_order else (other["code"], one["code"])
    return Two(first, parts[1].strip(), second)


def which(reading: Reading, slots: Slots) -> dict[str, Any] | None:
    """The question what it is about, when the person only says what it is not about; None without a likely answer."""
    ranking = (*(slots.get("issue_ranking") or []), *reading.issue_ranking)
    ranked = [one["code"] for one in ranking if float(one["confidence"]) >= POSSIBLE]
    codes = [code for code in dict.fromkeys(ranked) if code not in (slots.get("issue"), DEFAULT_ISSUE)]
    if not codes:
        return None
    options = [
        {"value": code, "label": words.label("issue", code)} for code in (*codes[:MOST_KINDS], DEFAULT_ISSUE)
    ]
    return {"attribute": "issue", "ask": words.label("question", "issue"), "options": options}


def named_in(text: str, but: str | None) -> str | None:
    """The matter that the words name by its longest term, `but` one excepted."""
    said = _plain(text)
    hits = [
        (len(term), code) for code, terms in _terms().items() if code != but for term in terms if term in said
    ]
    return max(hits)[1] if hits else None


def is_named(text: str, code: str | None) -> bool:
    """Whether the words name a matter by one of its terms."""
    said = _plain(text)
    return any(term in said for term in _terms().get(str(code), ()))


def _plain(text: str) -> str:
    """Lower-case words with a blank on either side, so that whole words are found."""
    return " ".join(["", *re.findall(r"[^_\W]+", text.casefold()), ""])


@lru_cache(maxsize=1)
def _terms() -> dict[str, tuple[str, ...]]:
    with TERMS.open(encoding="utf-8", newline="") as file:
        return {
            row["issue"]: tuple(f" {term} " for term in row["terms"].split("|"))
            for row in csv.DictReader(file)
        }


def unclear(reading: Reading) -> dict[str, Any] | None:
    """The clarifying question between two kinds of matter that are about equally likely, or None."""
    if len(reading.issue_ranking) < 2:
        return None
    first, second = reading.issue_ranking[:2]
    if float(second["confidence"]) < FAIR or float(first["confidence"]) - float(second["confidence"]) > CLOSE:
        return None
    options = [{"value": one["code"], "label": words.label("issue", one["code"])} for one in (first, second)]
    return {"attribute": "issue", "ask": words.label("question", "issue"), "options": options}
