"""What the exam shows people beside its figures: what is taken for what, and whether being sure means being right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.components.extraction.facts import facts_of
from bot.training.examinee import Examinee
from bot.training.gate import Sat
from bot.training.learning import SOME_DAY
from bot.training.measuring import Answer, calibration

FALLBACK = "nlu_fallback"
ENTITY_OF = {"tempat": "place", "waktu": "time"}
MOST_MISSED = 8


def reliability(pair: tuple[Examinee, Examinee], rows: Sequence[dict[str, str]]) -> dict[str, object]:
    """How often a confidence is right, by tenths, over the frozen set; and what is asked again rather than guessed."""
    told: dict[str, object] = {}
    for name, model in zip(("live", "candidate"), pair, strict=True):
        answers, n_abstained = [], 0
        for row in rows:
            heard = model.understand(row["text"])
            n_abstained += heard.intent == FALLBACK
            if heard.intent != FALLBACK:
                answers.append(Answer(row["intent"].removesuffix("/"), (heard.intent,), heard.confidence))
        told[name] = {
            "curve": [[round(sure, 3), round(right, 3), n] for sure, right, n in calibration(answers)],
            "answered": len(answers),
            "right": sum(one.right for one in answers),
            "asked_again": n_abstained,
        }
    return told


def confusions(sat: Sequence[Sat]) -> list[dict[str, object]]:
    """What the candidate takes for what, the most frequent first; `before` is how often the served model does."""
    counts = Counter((one.wanted, one.candidate) for one in sat if one.candidate != one.wanted)
    before = Counter((one.wanted, one.live) for one in sat if one.live != one.wanted)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:30]
    return [
        {"wanted": wanted, "given": given, "n": n, "before": before[wanted, given]}
        for (wanted, given), n in ordered
    ]


def marks(rows: Sequence[Mapping[str, str]]) -> list[dict[str, object]]:
    """Of the words that reviewers marked, how many the assistant takes for what they are, by kind, and some that it misses."""
    told: dict[str, list[str]] = {}
    missed: dict[str, list[str]] = {}
    for row in rows:
        told.setdefault(row["kind"], []).append(row["words"])
        if not _is_found(row["text"], row["kind"], row["words"]):
            missed.setdefault(row["kind"], []).append(row["words"])
    return [
        {
            "kind": kind,
            "n": len(words),
            "found": len(words) - len(missed.get(kind, [])),
            "missed": missed.get(kind, [])[:MOST_MISSED],
        }
        for kind, words in sorted(told.items())
    ]


def _is_found(text: str, kind: str, words: str) -> bool:
    """Whether a fact of that kind stands in these words. Of an office there is no fact: its agency comes from issue and place."""
    start = text.find(words)
    stop = start + len(words)
    return start >= 0 and any(
        one.entity == ENTITY_OF.get(kind) and one.start < stop and start < one.end
        for one in facts_of(text, SOME_DAY)
    )
