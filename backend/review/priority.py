"""What a person should look at first: how unsure the assistant was, how often it is said, what a mistake would do. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LEAST_CONFIDENCE = 0.5
LEAST_MARGIN = 0.15
LEAST_ISSUE_CONFIDENCE = 0.4
# What a wrong reading of this intent costs; everything else costs 1.
HARM = {
    "darurat": 4.0,
    "keluhan": 2.0,
    "identitas": 3.0,
    "batal": 2.0,
    "hapus_data": 3.0,
    "bicara_petugas": 1.5,
}
# A person has already said that it was wrong: nothing is as certain.
# What somebody did says more than what the assistant felt: such a reason replaces one that stands already.
TOLD_BY_SOMEBODY = frozenset(
    {"repeated", "corrected", "officer_changed", "officer_merged", "reopened", "not_ours"}
)
CERTAINLY_WRONG = frozenset({"corrected", "officer_changed", "officer_merged", "reopened", "not_ours"})


def reason_of(read: Mapping[str, Any]) -> str | None:
    """Why a person should look at this understanding; None if it needs nobody."""
    if read.get("unsure"):
        return str(read["unsure"])
    shares = [float(one.get("confidence") or 0.0) for one in read.get("ranking") or []]
    if read.get("asked"):
        return None  # an answer to a question of ours is read by the form
    if float(read.get("confidence") or 0.0) < LEAST_CONFIDENCE:
        return "low_confidence"
    if len(shares) > 1 and shares[0] - shares[1] < LEAST_MARGIN:
        return "small_margin"
    issues = read.get("issue_ranking") or []
    if read.get("intent") == "keluhan" and issues and issues[0]["confidence"] < LEAST_ISSUE_CONFIDENCE:
        return "unsure_issue"
    return None


def uncertainty(reason: str, confidence: float, shares: Sequence[float]) -> float:
    """0 (sure) to 1; `shares` are the confidences of the ranking, best first."""
    if reason in CERTAINLY_WRONG:
        return 1.0
    margin = shares[0] - shares[1] if len(shares) > 1 else confidence
    return round(max(1.0 - confidence, 1.0 - margin, 0.05) if reason != "small_margin" else 1.0 - margin, 4)


def harm(intent: str, flags: Mapping[str, Any]) -> float:
    """What a mistake costs; a possible emergency most."""
    if flags.get("emergency"):
        return HARM["darurat"]
    return HARM.get(intent.partition("/")[0], 1.0)
