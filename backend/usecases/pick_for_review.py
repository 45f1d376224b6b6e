"""Which sentences of a turn a person should look at, masked before they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from backend.review import priority
from backend.review.folding import fold_key
from backend.review.masking import masked
from backend.usecases.ports import ReviewItem

LONGEST_TEXT = 600
SHORTEST_TEXT = 2
LONGEST_CONTEXT, LONGEST_CONTEXT_TEXT = 6, 300


def pick_for_review(
    understanding: Sequence[Mapping[str, Any]], texts: Mapping[str, str], now: datetime
) -> tuple[ReviewItem, ...]:
    """Items for every message whose understanding gives a reason. The caller never asks about anonymous, confidential or
    sensitive talks. The same masked sentence, or nearly the same, has the same id, so that it waits once and is counted."""
    items = []
    for read in understanding:
        text = masked(texts.get(str(read.get("message")), "")).strip()
        reason = priority.reason_of(read)
        if reason is None or len(text) < SHORTEST_TEXT:
            continue
        issues = read.get("issue_ranking") or []
        intent = str(read.get("topic") and f"tanya/{read['topic']}" or read.get("intent") or "")
        ranking = tuple((str(one["intent"]), float(one["confidence"])) for one in read.get("ranking") or [])
        confidence = float(read.get("confidence") or 0.0)
        items.append(
            ReviewItem(
                id=fold_key(text),
                text=text[:LONGEST_TEXT],
                reason=reason,
                intent=intent,
                issue=str(issues[0]["code"]) if intent == "keluhan" and issues else None,
                confidence=confidence,
                at=now,
                ranking=guesses(ranking, issues),
                language=str(read.get("language") or "id"),
                harm=priority.harm(intent, read.get("flags") or {}),
                uncertainty=priority.uncertainty(reason, confidence, [share for _, share in ranking]),
            )
        )
    return tuple(items)


def guesses(
    ranking: Sequence[tuple[str, float]], issues: Sequence[Mapping[str, Any]]
) -> tuple[tuple[str, float], ...]:
    """The three best labels: a complaint is told with its issues, one label each."""
    spread: list[tuple[str, float]] = []
    for intent, share in ranking:
        if intent == "keluhan":
            spread += [
                (f"keluhan/{one['code']}", share * float(one["confidence"]) ** 0.5) for one in issues[:3]
            ]
        elif intent not in ("nlu_fallback", "tanya"):
            spread.append((intent, share))
    if not ranking or ranking[0][0] == "nlu_fallback":
        spread += [(f"keluhan/{one['code']}", float(one["confidence"]) / 2) for one in issues[:2]]
    best: dict[str, float] = {}
    for label, share in spread:
        best[label] = max(share, best.get(label, 0.0))
    return tuple(sorted(best.items(), key=lambda pair: -pair[1])[:3])


def with_provenance(
    item: ReviewItem, context: Sequence[tuple[str, str]], sender: str, talk: str
) -> ReviewItem:
    """The item with whose it is (pseudonyms) and what was said around it, masked."""
    around = tuple((who, masked(words)[:LONGEST_CONTEXT_TEXT]) for who, words in context)
    # The repeated question is told by what stands before: the same words again.
    said = [fold_key(words) for who, words in around[:-1] if who == "warga"]
    reason = "repeated" if item.reason == "fallback" and item.id in said else item.reason
    return replace(item, context=around[-LONGEST_CONTEXT:], sender=sender, talk=talk, reason=reason)


def work_label(
    text: str,
    label: str,
    guess: str,
    reason: str,
    now: datetime,
    language: str = "id",
    source: str = "work",
) -> ReviewItem | None:
    """A candidate from an officer's work, or a person's correction: the own words, masked, with the issue that was chosen as first guess.
    None if too little is left of it. A person still has to approve it."""
    words = masked(text).strip()[:LONGEST_TEXT]
    if len(words) < SHORTEST_TEXT:
        return None
    intent, _, issue = guess.partition("/")
    return ReviewItem(
        id=fold_key(words),
        text=words,
        reason=reason,
        intent=intent,
        issue=issue or None,
        confidence=0.0,
        at=now,
        ranking=((label, 0.9), (guess, 0.1)) if label != guess else ((label, 0.9),),
        language=language,
        harm=priority.HARM["keluhan"],
        uncertainty=1.0,
        source=source,
    )
