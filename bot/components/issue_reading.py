"""What the issue model makes of a message. Pure.

A ranking of codes with calibrated confidence; whether the first is sure enough to be taken without asking (`auto`: above
it cross-validation was right 95 times in 100); and whether the message is like no matter that was ever told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.components.features import Features
from bot.components.linear_model import LinearModel

MOST_RANKED = 6
AUTO, STRANGE_BELOW = "auto", "strange"


def issues_of(seen: Features, model: LinearModel) -> dict[str, Any]:
    """`issue_ranking` and `issue_sure` of a message with these features."""
    shares = model.probabilities(seen)
    best = shares.argsort()[::-1][:MOST_RANKED]
    ranking = [{"code": model.classes[n], "confidence": round(float(shares[n]), 4)} for n in best]
    return {"issue_ranking": ranking, "issue_sure": bool(shares[best[0]] >= model.thresholds[AUTO])}


def is_strange(matter: Mapping[str, Any], model: LinearModel) -> bool:
    """Whether the reading of `issues_of` is like that of no matter ever told: probably none of ours."""
    return bool(matter["issue_ranking"][0]["confidence"] < model.thresholds[STRANGE_BELOW])
