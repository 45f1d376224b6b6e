"""What the intent model makes of a message, and when it admits not knowing. Pure.

The classes are base intents and the topics of `tanya`; a matter told is the one class `keluhan`, its issue is another
model's work.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.components.extraction.reading import Found, laid
from bot.components.extraction.yes_no import yes_or_no
from bot.components.features import Features, features
from bot.components.linear_model import LinearModel
from bot.components.signs import signs

COMPLAINT = "keluhan"
FALLBACK = "nlu_fallback"
MOST_RANKED = 6
QUESTION = "tanya"
# Intents that open an intake: a wrong one costs more than asking, so they need more confidence.
OPENING = frozenset({COMPLAINT, "aspirasi", "minta_informasi", "mau_lapor"})
# What an opening is mistaken for in long messages; all of them take the message in.
RELATED = OPENING | {QUESTION, "cek_status", "belum_selesai", "tambah_info", "darurat"}
LEAST_RELATED = 0.8
LEAST_FOR_STRANGE = 0.9
LEAST, LEAST_TO_OPEN = "least_confidence", "least_confidence_to_open"


def intent_class(full_name: str) -> str:
    """The class that an example with this full intent name teaches."""
    return COMPLAINT if full_name.startswith(COMPLAINT + "/") else full_name


def intent_features(typed: str, plain: str, facts: Sequence[Found]) -> Features:
    """Words, pieces, lexicon hits and signs of a message."""
    return (*features(plain), signs(typed, plain, facts, yes_or_no(laid(typed))))


def intent_of(seen: Features, model: LinearModel, *, strange: bool = False) -> dict[str, Any]:
    """`intent`, `intent_ranking` and `topic` of a message with these features.

    `strange`: it is like no matter ever told; then only a very sure reading is taken for one.
    """
    confidence: dict[str, float] = {}
    topic: tuple[float, str | None] = (0.0, None)
    for name, share in zip(model.classes, model.probabilities(seen).tolist(), strict=True):
        base, _, detail = name.partition("/")
        confidence[base] = confidence.get(base, 0.0) + share
        if base == QUESTION and share > topic[0]:
            topic = (share, detail)
    ordered = sorted(confidence.items(), key=lambda pair: (-pair[1], pair[0]))
    ranking = [{"name": name, "confidence": round(share, 4)} for name, share in ordered[:MOST_RANKED]]
    taken = next((name for name, _ in ordered if _is_taken(name, confidence, model, strange=strange)), None)
    if taken is None or not model.knows(seen):
        unsure = {"name": FALLBACK, "confidence": round(1.0 - ordered[0][1], 4)}
        return {"intent": unsure, "intent_ranking": [unsure, *ranking], "topic": None}
    intent = {"name": taken, "confidence": round(confidence[taken], 4)}
    return {"intent": intent, "intent_ranking": ranking, "topic": topic[1] if taken == QUESTION else None}


def _is_taken(name: str, confidence: dict[str, float], model: LinearModel, *, strange: bool) -> bool:
    """Whether a reading is sure enough.

    The openings of an intake lie close together in long messages; there it counts how sure it is that one of them is right, or,
    for the first of all, one of those that go on with a matter.
    """
    if name not in OPENING:
        best = max(confidence.values())
        return confidence[name] == best >= model.thresholds[LEAST]
    if name == COMPLAINT and strange:
        return confidence[name] >= LEAST_FOR_STRANGE
    if name != max(OPENING, key=lambda one: confidence.get(one, 0.0)):
        return False
    if sum(confidence.get(one, 0.0) for one in OPENING) >= model.thresholds[LEAST_TO_OPEN]:
        return True
    is_first = confidence[name] == max(confidence.values())
    return is_first and sum(confidence.get(one, 0.0) for one in RELATED) >= LEAST_RELATED
