"""The figures of the report, on answers small enough to count by hand; and thresholds chosen as they say."""

import numpy as np
import pytest

from bot.training.learning import auto_threshold, least_confidence
from bot.training.measuring import (
    Answer,
    above,
    accuracy,
    calibration_error,
    macro_f1,
    mistakes,
    per_class,
    sliced,
)

ANSWERS = [
    Answer("a", ("a", "b"), 0.9),
    Answer("a", ("b", "a"), 0.6),
    Answer("b", ("b", "c"), 0.8),
    Answer("c", ("b", "a"), 0.3),
]


def test_accuracy() -> None:
    assert (accuracy(ANSWERS), accuracy(ANSWERS, within=2)) == (0.5, 0.75)
    assert accuracy([]) == 0.0


def test_per_class() -> None:
    a, b, c = per_class(ANSWERS)
    assert (a.precision, a.recall) == (1.0, 0.5)
    assert (b.precision, b.recall) == (pytest.approx(1 / 3), 1.0)
    assert (c.f1, c.n) == (0.0, 1)
    assert macro_f1(ANSWERS) == pytest.approx((2 / 3 + 0.5 + 0) / 3)


def test_mistakes_and_slices() -> None:
    assert mistakes(ANSWERS) == [("a", "b", 1), ("c", "b", 1)]
    assert {key: len(some) for key, some in sliced(ANSWERS, "xyxx").items()} == {"x": 3, "y": 1}


def test_above_a_threshold() -> None:
    assert above(ANSWERS, 0.7) == (1.0, 0.5)
    assert above(ANSWERS, 0.95) == (0.0, 0.0)


def test_perfect_confidence_has_no_error() -> None:
    assert calibration_error([Answer("a", ("a",), 1.0)] * 5) == 0.0
    assert calibration_error([Answer("a", ("b",), 1.0)] * 5) == 1.0


def test_the_auto_threshold_is_the_lowest_that_keeps_its_promise() -> None:
    sure = np.linspace(0, 1, 101, dtype=np.float32)
    right = (sure >= 0.5).astype(np.float32)
    chosen = auto_threshold(sure, right)
    assert right[sure >= chosen].mean() >= 0.96 > right[sure >= chosen - 0.05].mean()
    assert auto_threshold(sure, np.zeros_like(right)) == 1.0


def test_the_least_confidence_lies_where_guesses_begin_to_pay() -> None:
    sure = np.linspace(0, 1, 1001, dtype=np.float32)
    assert least_confidence(sure, (sure >= 0.3).astype(np.float32)) == pytest.approx(0.3, abs=0.05)
