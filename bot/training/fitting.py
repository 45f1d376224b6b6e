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
from bot.components.vectoriser import Floats, Vectoriser
from bot.training import progress

SEED = 20261123
FOLDS = 3
MOST_LISTENED_TO = 2000
SMOOTHING = 0.3
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
        scores[held_out] = _scores(fitted, [lessons[n].messages[0] for n in held_out])
    temperature = _temperature(scores, np.searchsorted(classes, wanted))
    vectoriser, coefficients, intercepts = models[-1]
    right = float((classes[scores.argmax(axis=1)] == wanted).mean())
    progress.tell(f"{recipe.name}: {right:.1%} right on examples not learnt from")
    names = tuple(str(name) for name in classes)
    model = LinearModel(names, vectoriser, coefficients, intercepts, temperature, thresholds={})
    return model, softmax(scores / temperature)


@dataclass(frozen=True)
class _Lesson:
    """The features of one example and of its twins, the example first."""

    label: str
    messages: tuple[Features, ...]


Fitted = tuple[Vectoriser, Floats, Floats]


def _lessons(examples: Sequence[tuple[str, str]], recipe: Recipe) -> list[_Lesson]:
    """The examples' lessons, then those of the extra ones, which have no twins."""
    own = [
        _Lesson(label, (recipe.see(text), *(recipe.see(twin) for twin in recipe.twins(text, label, number))))
        for number, (text, label) in enumerate(examples)
    ]
    return [*own, *(_Lesson(label, (recipe.see(text),)) for text, label in recipe.extra)]


def _linear(lessons: Sequence[_Lesson], rows: npt.NDArray[np.int64], recipe: Recipe) -> Fitted:
    """A support vector machine and a naive Bayes of the rows, as one matrix: a sum of linear scores is linear."""
    n_examples = len(lessons) - len(recipe.extra)
    taught = [lessons[n] for n in rows] + list(lessons[n_examples:])
    vectoriser = Vectoriser.fitted([lesson.messages[0] for lesson in taught])
    matrix = vectoriser.matrix([message for lesson in taught for message in lesson.messages])
    wanted = np.array([lesson.label for lesson in taught for _ in lesson.messages])
    machine = LinearSVC(C=recipe.regularisation, class_weight="balanced", random_state=SEED).fit(
        matrix, wanted
    )
    bayes = ComplementNB(alpha=SMOOTHING).fit(matrix, wanted)
    weights = bayes.feature_log_prob_.T
    weights = weights - weights.mean(axis=1, keepdims=True)
    # Both learners speak equally loud before their shares are applied.
    some = matrix[:: max(1, matrix.shape[0] // MOST_LISTENED_TO)]
    loudness = np.std(some @ machine.coef_.T) / np.std(some @ weights)
    share = recipe.bayes_share
    coefficients = (1 - share) * machine.coef_.T + share * loudness * weights
    intercepts = (1 - share) * machine.intercept_
    return vectoriser, np.ascontiguousarray(coefficients, np.float32), intercepts.astype(np.float32)


def _scores(model: Fitted, messages: Sequence[Features]) -> Floats:
    vectoriser, coefficients, intercepts = model
    result: Floats = vectoriser.matrix(messages) @ coefficients + intercepts
    return result


def _temperature(scores: Floats, wanted: npt.NDArray[np.int64]) -> float:
    """The temperature at which the right classes are the least surprising."""
    rows = np.arange(len(wanted))
    surprises = [-np.log(softmax(scores / t)[rows, wanted] + 1e-9).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(surprises))])
