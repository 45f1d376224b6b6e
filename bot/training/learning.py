"""The two models of a training: intents and issues, each with the thresholds that its own cross-validation suggests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone

import numpy as np

from bot.components.extraction.facts import facts_of
from bot.components.features import Features, features
from bot.components.intent_reading import (
    COMPLAINT,
    LEAST,
    LEAST_TO_OPEN,
    OPENING,
    intent_class,
    intent_features,
)
from bot.components.issue_reading import AUTO, STRANGE_BELOW
from bot.components.linear_model import LinearModel
from bot.components.normalising import normalised
from bot.components.vectoriser import Floats
from bot.training.augmentation import noisy_twins
from bot.training.fitting import Recipe, fit
from bot.training.out_of_scope import drawn

OUT_OF_SCOPE = "luar_cakupan"
RIGHT_WHEN_SURE = 0.96
# Below this share of right answers a guess does more harm than asking again.
RIGHT_WHEN_GUESSING = 0.4
LEAST_SPAN = (0.12, 0.45)
# Shares of rightly read messages that are asked again all the same, so that what is none of ours opens no intake.
ASKED_AGAIN_TO_OPEN, STRANGE = 0.025, 0.003
WINDOW = 0.02  # share of the examples over which the rightness of a confidence is measured
# The day matters to no sign; a fixed one keeps a training repeatable.
SOME_DAY = datetime(2026, 11, 23, 9, tzinfo=timezone.utc)

INTENTS = Recipe(
    "intents",
    lambda text: _intent_features(text),
    lambda text, label, number: noisy_twins(text, number, wrap=label == COMPLAINT),
    regularisation=0.5,
    bayes_share=0.2,
)
ISSUES = Recipe(
    "issues",
    lambda text: features(normalised(text)),
    lambda text, label, number: noisy_twins(text, number),
    regularisation=0.15,
    bayes_share=0.4,
)


@dataclass(frozen=True)
class Learnt:
    """A model, and what it said about examples it had not learnt from: `labels` and `shares` (examples × classes)."""

    model: LinearModel
    labels: tuple[str, ...]
    shares: Floats


def intents(examples: Sequence[tuple[str, str]]) -> Learnt:
    """The model of intents, with the confidences below which the assistant says that it is not sure."""
    told = [(text, intent_class(name)) for text, name in examples]
    extra = [(text, OUT_OF_SCOPE) for text in drawn()] if OUT_OF_SCOPE in {name for _, name in told} else []
    model, shares = fit(told, replace(INTENTS, extra=extra))
    sure, right, first = _sureness(model, shares, [label for _, label in told])
    opening = np.isin(first, list(OPENING))
    together = shares[:, np.isin(model.classes, list(OPENING))].sum(axis=1)
    thresholds = {
        LEAST: least_confidence(sure[~opening], right[~opening]),
        LEAST_TO_OPEN: _quantile(together[opening & (right > 0)], ASKED_AGAIN_TO_OPEN),
    }
    return Learnt(replace(model, thresholds=thresholds), tuple(label for _, label in told), shares)


def issues(examples: Sequence[tuple[str, str]]) -> Learnt:
    """The model of issues, with `auto`, above which the first code may be taken without asking, and `strange`, below
    which a message is like no matter that was ever told."""
    told = [(text, name.partition("/")[2]) for text, name in examples if name.startswith(COMPLAINT + "/")]
    model, shares = fit(told, ISSUES)
    sure, right, _ = _sureness(model, shares, [label for _, label in told])
    thresholds = {AUTO: auto_threshold(sure, right), STRANGE_BELOW: _quantile(sure[right > 0], STRANGE)}
    model = replace(model, thresholds=thresholds)
    return Learnt(model, tuple(label for _, label in told), shares)


def auto_threshold(sure: Floats, right: Floats) -> float:
    """The lowest confidence above which at least 96 % of the answers were right; 1 if there is none."""
    order = np.argsort(-sure)
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= RIGHT_WHEN_SURE)
    return float(sure[order][good[-1]]) if len(good) else 1.0


def least_confidence(sure: Floats, right: Floats) -> float:
    """The confidence at which answers begin to be right often enough to be worth a guess."""
    order = np.argsort(sure)
    width = max(20, int(WINDOW * len(order)))
    for begin in range(0, len(order) - width, max(1, width // 4)):
        window = order[begin : begin + width]
        if right[window].mean() >= RIGHT_WHEN_GUESSING:
            return float(np.clip(sure[window[0]], *LEAST_SPAN))
    return LEAST_SPAN[0]


def _quantile(sure: Floats, share: float) -> float:
    """The confidence that this share of the values lies below; 0 of none."""
    return float(np.quantile(sure, share)) if len(sure) else 0.0


def _intent_features(text: str) -> Features:
    return intent_features(text, normalised(text), facts_of(text, SOME_DAY))


def _sureness(
    model: LinearModel, shares: Floats, labels: Sequence[str]
) -> tuple[Floats, Floats, np.ndarray[tuple[int, ...], np.dtype[np.str_]]]:
    """Of every example: confidence of the first answer, 1.0 where it was right, and the answer."""
    first = np.array(model.classes)[shares.argmax(axis=1)]
    return shares.max(axis=1), (first == np.array(labels)).astype(np.float32), first
