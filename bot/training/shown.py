"""What the exam shows people beside its figures: what is taken for what, and whether being sure means being right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.training.examinee import Examinee
from bot.training.gate import Sat
from bot.training.measuring import Answer, calibration

FALLBACK = "nlu_fallback"


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
