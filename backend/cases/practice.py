"""Practice: what a learner was asked to do with an invented case, and whether the case now shows that it was done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend.cases.case import Case

# Moves that only open the work, and those that undo such a step: they decide nothing.
PREPARING = frozenset({"take_up", "start", "put_back"})
REPLY = "reply"


class Grade(StrEnum):
    """open: nothing decided yet · done: as asked · missed: something else was decided."""

    OPEN = "open"
    DONE = "done"
    MISSED = "missed"


@dataclass(frozen=True)
class Task:
    """An invented case and what to do with it. `goal` is the name of a move, `note` or `reply`; `wants` the role of the office that
    `assign` must reach; `twin` the words of the report that it doubles."""

    id: str
    role: str
    title: str
    brief: str
    issue: str
    place: str
    words: str
    twin: str
    goal: str
    wants: str
    good: str
    miss: str
    hint: str


def graded(task: Task, case: Case, officer: str, *, has_replied: bool) -> Grade:
    """How the learner did, from the case's own history. The last decision counts: who corrects a mistake has done it."""
    decided = [event.what for event in case.events if event.by.id == officer and event.what not in PREPARING]
    if has_replied and not decided:
        decided = [REPLY]
    if not decided:
        return Grade.OPEN
    if decided[-1] != task.goal:
        return Grade.DONE if task.goal == REPLY and has_replied and decided == ["note"] else Grade.MISSED
    if task.wants and case.assignment.agency.rpartition("-")[0] != task.wants:
        return Grade.MISSED
    return Grade.DONE
