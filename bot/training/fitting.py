"""Fits a linear model: two learners of different temper, folded into one matrix, with confidence measured out of fold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from bot.components.features import Features
from bot.components.linear_model import LinearModel, softmax
from bot.components.vectoriser import Floats
from bot.training import progress
from bot.training.counting import Counted, Weighing, counted

SEED = 20261123
FOLDS = 3
MOST_LISTENED_TO = 2000
SMOOTHING = 0.3
# Where the machine may stop: a finer answer takes three times the steps and is right no more often.
TOLERANCE = 0.1
TEMPERATURES = np.geomspace(0.05, 2.0, 60)

Labels = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Recipe:
    """How one model is made.

    `see` gives the features of a typed text, `twins` its noisy twins (text, label, number → texts). `extra` are (text, label)
    that always teach and are never counted. `regularisation` is the C of the machine, `bayes_share` the part that naive
    Bayes has in the scores, from 0 to 1.
    """

    name: str
    see: Callable[[str], Features]
    twins: Callable[[str, str, int], list[str]]
    regularisation: float
    bayes_share: float
    extra: Sequence[tuple[str, str]] = ()


class TooFewExamples(Exception):
    """A class has fewer examples than there are folds; the message names it."""


def fit(examples: Sequence[tuple[str, str]], recipe: Recipe) -> tuple[LinearModel, Floats]:
    """The model of (text, label) examples, and the out-of-fold probabilities (examples × sorted classes) behind its temperature.

    Raises:
        TooFewExamples: some class cannot be in every fold.
    """
    wanted = np.array([label for _, label in examples])
    classes, counts = np.unique(wanted, return_counts=True)
    if counts.min() < FOLDS:
        raise TooFewExamples(f"{classes[counts.argmin()]} has {counts.min()} examples, {FOLDS} are the least")
    progress.tell(f"{recipe.name}: {len(examples)} examples, {len(classes)} classes")
    lessons = _lessons(examples, recipe)
    everything = np.arange(len(examples))
    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(wanted, wanted)
    jobs = [train for train, _ in splits] + [everything]
    with ThreadPoolExecutor(2) as pool:
        models = list(pool.map(lambda rows: _linear(lessons, rows, recipe), jobs))
    scores = np.zeros((len(examples), len(classes)), dtype=np.float32)
    for rows, fitted in zip(jobs[:-1], models[:-1], strict=True):
        held_out = np.setdiff1d(everything, rows)
        scores[held_out] = fitted.scores(lessons.originals[held_out])
    temperature = _temperature(scores, np.searchsorted(classes, wanted))
    final = models[-1]
    right = float((classes[scores.argmax(axis=1)] == wanted).mean())
    progress.tell(f"{recipe.name}: {right:.1%} right on examples not learnt from")
    names = tuple(str(name) for name in classes)
    vectoriser = final.weighing.vectoriser()
    model = LinearModel(names, vectoriser, final.coefficients, final.intercepts, temperature, thresholds={})
    return model, softmax(scores / temperature)


@dataclass(frozen=True)
class _Lessons:
    """All messages that teach: `owners` and `labels` by message, `originals` the message of every example, then of every extra one.

    A twin's owner is its example.
    """

    counted: Counted
    owners: npt.NDArray[np.int64]
    labels: Labels
    originals: npt.NDArray[np.int64]
    n_examples: int


@dataclass(frozen=True)
class _Fitted:
    weighing: Weighing
    coefficients: Floats
    intercepts: Floats

    def scores(self, messages: npt.NDArray[np.int64]) -> Floats:
        result: Floats = self.weighing.matrix(messages) @ self.coefficients + self.intercepts
        return result


def _lessons(examples: Sequence[tuple[str, str]], recipe: Recipe) -> _Lessons:
    """The examples with their twins, then the extra ones, which have none."""
    seen: list[Features] = []
    owners: list[int] = []
    for number, (text, label) in enumerate([*examples, *recipe.extra]):
        twins = recipe.twins(text, label, number) if number < len(examples) else []
        seen += [recipe.see(one) for one in (text, *twins)]
        owners += [number] * (1 + len(twins))
    labels = [label for _, label in (*examples, *recipe.extra)]
    places = np.array(owners)
    return _Lessons(
        counted(seen),
        places,
        np.array(labels)[places],
        np.searchsorted(places, np.arange(len(labels))),
        len(examples),
    )


def _linear(lessons: _Lessons, examples: npt.NDArray[np.int64], recipe: Recipe) -> _Fitted:
    """A support vector machine and a naive Bayes of the examples, as one matrix: a sum of linear scores is linear."""
    taught = np.concatenate([examples, np.arange(lessons.n_examples, len(lessons.originals))])
    weighing = lessons.counted.weighing(lessons.originals[taught])
    rows = np.flatnonzero(np.isin(lessons.owners, taught))
    matrix, wanted = weighing.matrix(rows), lessons.labels[rows]
    machine = LinearSVC(
        C=recipe.regularisation, class_weight="balanced", random_state=SEED, tol=TOLERANCE
    ).fit(matrix, wanted)
    bayes = ComplementNB(alpha=SMOOTHING).fit(matrix, wanted)
    weights = bayes.feature_log_prob_.T
    weights = weights - weights.mean(axis=1, keepdims=True)
    # Both learners speak equally loud before their shares are applied.
    some = matrix[:: max(1, matrix.shape[0] // MOST_LISTENED_TO)]
    loudness = np.std(some @ machine.coef_.T) / np.std(some @ weights)
    share = recipe.bayes_share
    coefficients = (1 - share) * machine.coef_.T + share * loudness * weights
    intercepts = (1 - share) * machine.intercept_
    return _Fitted(weighing, np.ascontiguousarray(coefficients, np.float32), intercepts.astype(np.float32))


def _temperature(scores: Floats, wanted: npt.NDArray[np.int64]) -> float:
    """The temperature at which the right classes are the least surprising."""
    rows = np.arange(len(wanted))
    surprises = [-np.log(softmax(scores / t)[rows, wanted] + 1e-9).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(surprises))])
