"""Tasks of the practice mode: each can be solved, and the grade follows the last decision."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from backend.cases.access import Role
from backend.cases.case import Actor, Case
from backend.cases.practice import Grade, Task, graded
from backend.cases.workflow import MOVES, Mover
from backend.reference.loader import load
from backend.reference.practice import practice_tasks
from backend.usecases.assign_draft import Matter, assign_draft
from tests.support.builders import NOW, SANGATTA, a_case

REFERENCE = load()
ME, OTHER = Actor(Mover.DESK, "saya"), Actor(Mover.DESK, "rekan")


def test_ten_tasks_for_two_roles_each_one_possible() -> None:
    tasks, moves = practice_tasks(), {move.name for move in MOVES}
    assert len(tasks) == 10 and {task.role for task in tasks} == {Role.VERIFIER, Role.AGENCY}
    roles = {agency.role for agency in REFERENCE.policy.agencies}
    for task in tasks:
        assert task.issue in REFERENCE.issues, task.id
        assert task.goal in moves | {"note", "reply"}, task.id
        assert not task.wants or task.wants in roles, task.id
        assert bool(task.twin) == (task.goal == "merge"), task.id


@pytest.mark.parametrize("task", [one for one in practice_tasks() if one.wants], ids=lambda one: one.id)
def test_the_right_office_is_the_one_that_the_rules_suggest(task: Task) -> None:
    matter = Matter(task.issue, a_case().report_class, False, SANGATTA, {}, task.words)
    agency = assign_draft(matter, REFERENCE, "64.08", NOW.date()).assignment.agency
    assert agency.rpartition("-")[0] == task.wants


def decided(*steps: tuple[str, Actor]) -> Case:
    case = a_case()
    for what, by in steps:
        case = case.noted(what, by, NOW)
    return case


TABLE: list[tuple[str, str, Sequence[tuple[str, Actor]], bool, Grade]] = [
    ("nothing yet", "assign", [], False, Grade.OPEN),
    ("only taken up", "assign", [("take_up", ME)], False, Grade.OPEN),
    ("as asked", "archive", [("take_up", ME), ("archive", ME)], False, Grade.DONE),
    ("something else", "archive", [("take_up", ME), ("assign", ME)], False, Grade.MISSED),
    ("corrected", "archive", [("assign", ME), ("archive", ME)], False, Grade.DONE),
    ("somebody else did it", "archive", [("archive", OTHER)], False, Grade.OPEN),
    ("a reply", "reply", [], True, Grade.DONE),
    ("a reply and a note", "reply", [("note", ME)], True, Grade.DONE),
    ("a note instead of a reply", "reply", [("note", ME)], False, Grade.MISSED),
    ("a reply instead of an answer", "answer", [], True, Grade.MISSED),
]


@pytest.mark.parametrize(
    ("goal", "steps", "replied", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_grades(goal: str, steps: Sequence[tuple[str, Actor]], replied: bool, wanted: Grade) -> None:
    task = Task("t", "verifikator", *["x"] * 5, "", goal, "", "g", "m", "h")
    assert graded(task, decided(*steps), "saya", has_replied=replied) is wanted


def test_the_wrong_office_is_a_miss() -> None:
    task = Task("t", "verifikator", *["x"] * 5, "", "assign", "bpjn", "g", "m", "h")
    case = decided(("assign", ME))
    assert graded(task, case, "saya", has_replied=False) is Grade.MISSED
