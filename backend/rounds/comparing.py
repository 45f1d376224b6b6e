"""What a turn shows of the served model and of the candidate: labels and responses, words only where the readings differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.conversations.trials import DoneTurn
from backend.persistence.trial_rows import TrialTurn
from backend.review import trial as rules
from backend.review.masking import masked

LONGEST_TEXT = 300


def served(done: DoneTurn, by_candidate: bool) -> TrialTurn:
    """That one of both models answered a person."""
    unsure = any(one.get("unsure") for one in done.answer.understanding)
    ms = done.answer.cpu_ms
    return TrialTurn(
        "served",
        by_candidate=by_candidate,
        unsure=unsure,
        live_ms=None if by_candidate else ms,
        candidate_ms=ms if by_candidate else None,
    )


def difference(done: DoneTurn, told: Mapping[str, Any]) -> TrialTurn:
    """What the candidate would have said, against what was said; the first sentence that it reads otherwise."""
    answer = {"replies": done.answer.replies, "effects": [{"kind": one.kind} for one in done.answer.effects]}
    theirs = {str(one.get("message")): one for one in told.get("understanding") or ()}
    pairs = [(one, theirs.get(str(one.get("message")), {})) for one in done.answer.understanding]
    labels = [(str(one.get("message")), rules.label_of(one), rules.label_of(other)) for one, other in pairs]
    differing = [one for one in labels if one[1] != one[2]]
    message, live, candidate = differing[0] if differing else ("", None, None)
    may_tell = bool(differing) and not done.is_secret
    return TrialTurn(
        "compared",
        by_candidate=True,
        unsure=any(one.get("unsure") for one in theirs.values()),
        same_reading=not differing,
        same_answer=rules.said(answer) == rules.said(told),
        live_label=live if may_tell else None,
        candidate_label=candidate if may_tell else None,
        text=masked(done.texts.get(message, ""))[:LONGEST_TEXT] if may_tell else None,
        live_ms=done.answer.cpu_ms,
        candidate_ms=told.get("cpu_ms"),
    )
