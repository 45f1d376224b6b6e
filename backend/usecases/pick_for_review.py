"""Which sentences of a turn a person should look at, masked before they are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.review.masking import masked
from backend.usecases.ports import ReviewItem

LONGEST_TEXT = 600
SHORTEST_TEXT = 2


def pick_for_review(
    understanding: Sequence[Mapping[str, Any]], texts: Mapping[str, str], now: datetime
) -> tuple[ReviewItem, ...]:
    """Items for every message the engine was unsure of (`unsure` says why). The caller never asks about anonymous, confidential
    or sensitive talks. The same masked sentence has the same id, so that it waits only once."""
    items = []
    for read in understanding:
        text = masked(texts.get(str(read.get("message")), "")).strip()
        if not read.get("unsure") or len(text) < SHORTEST_TEXT:
            continue
        issues = read.get("issue_ranking") or []
        intent = str(read.get("topic") and f"tanya/{read['topic']}" or read.get("intent") or "")
        items.append(
            ReviewItem(
                id=hashlib.sha256(text.lower().encode()).hexdigest()[:32],
                text=text[:LONGEST_TEXT],
                reason=str(read["unsure"]),
                intent=intent,
                issue=str(issues[0]["code"]) if intent == "keluhan" and issues else None,
                confidence=float(read.get("confidence") or 0.0),
                at=now,
                ranking=tuple(
                    (str(one["intent"]), float(one["confidence"])) for one in (read.get("ranking") or [])[:3]
                ),
                language=str(read.get("language") or "id"),
            )
        )
    return tuple(items)
