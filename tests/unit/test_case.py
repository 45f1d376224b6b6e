"""The case as a value: history grows and never changes, an anonymous case forgets the minutes."""

import doctest
import importlib
import pkgutil

import pytest

import backend.cases
import backend.review
from backend.cases.case import REPORTER, Actor, IdentityLevel
from backend.cases.workflow import Mover, State
from tests.support.builders import NOW, a_case, later

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (backend.cases, backend.review)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_a_change_leaves_the_old_value_alone() -> None:
    case = a_case()
    moved = case.moved_to(State.IN_VERIFICATION, Actor(Mover.DESK), later(hours=1))
    assert case.state is State.RECEIVED
    assert len(case.events) == 1
    assert [event.seq for event in moved.events] == [1, 2]


def test_since_is_the_time_of_the_last_move_and_not_of_a_note() -> None:
    case = a_case().moved_to(State.IN_VERIFICATION, Actor(Mover.DESK), later(hours=1))
    assert case.noted("text_added", REPORTER, later(hours=5)).since == later(hours=1)


def test_every_time_of_an_anonymous_case_is_a_full_hour() -> None:
    case = a_case(identity_level=IdentityLevel.ANONYMOUS)
    case = case.moved_to(State.IN_VERIFICATION, Actor(Mover.DESK), later(minutes=17))
    case = case.noted("text_added", REPORTER, later(minutes=29))
    assert {(event.at.minute, event.at.second, event.at.microsecond) for event in case.events} == {(0, 0, 0)}


def test_times_of_other_cases_are_kept_exactly() -> None:
    assert a_case().filed_at == NOW


def test_a_split_case_no_longer_follows_another() -> None:
    merged = a_case().following("f" * 32, REPORTER, NOW)
    assert (merged.state, merged.parent_id) == (State.MERGED, "f" * 32)
    split = merged.moved_to(State.IN_VERIFICATION, Actor(Mover.DESK), NOW, "bukan hal yang sama")
    assert split.parent_id is None
