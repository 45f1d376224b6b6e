"""Orders for many cases at once: which moves may be given so, where each goes when it is undone, and why a case is left out."""

from __future__ import annotations

from backend.cases.access import Act, Officer, has, may_see
from backend.cases.case import Case
from backend.cases.desk_moves import moves_for
from backend.cases.workflow import State

MOST = 100

# Move → the state it came from, to which undoing brings the case by a move of the table. What is missing here is decided case by case.
BACK_TO: dict[str, State] = {
    "take_up": State.RECEIVED,
    "assign": State.IN_VERIFICATION,
    "ask_reporter": State.IN_VERIFICATION,
    "merge": State.IN_VERIFICATION,
    "start": State.ASSIGNED,
}
NEEDS_WORDS = frozenset({"ask_reporter", "merge"})
_ACTS = {
    "take_up": Act.VERIFY,
    "assign": Act.ASSIGN,
    "ask_reporter": Act.VERIFY,
    "merge": Act.MERGE,
    "start": Act.HANDLE,
}


def orders_of(officer: Officer) -> tuple[str, ...]:
    """What this officer may order for many cases; empty for those who only read."""
    return tuple(name for name, act in _ACTS.items() if has(officer, act))


def left_out(
    order: str, case: Case, version: int, officer: Officer, assigned: frozenset[str], leader: Case | None
) -> str | None:
    """Key of the sentence that says why the case is left out; None when the order may be carried out."""
    if not may_see(officer, case, assigned):
        return "bulk_gone"
    if case.version != version:
        return "bulk_changed"
    if order == "merge" and (why := _apart(case, leader)) is not None:
        return why
    if order not in moves_for(officer, case, assigned) or case.state is State.REOPENED:
        return "bulk_reopened" if case.state is State.REOPENED else "bulk_stage"
    return "bulk_by_name" if order == "assign" and is_by_name(case) else None


def is_by_name(case: Case) -> bool:
    """Whether an office gets the case only through an officer who is named."""
    return case.sensitive or case.oversight or case.assignment.oversight_lane


def _apart(case: Case, leader: Case | None) -> str | None:
    if leader is None:
        return "bulk_no_leader"
    if case.id == leader.id:
        return "bulk_is_leader"
    return None if may_follow(case, leader) and leader.parent_id is None else "bulk_other_secrecy"


def may_follow(double: Case, leader: Case) -> bool:
    """Matters of another desk, or of different secrecy, never tell each other's reporters anything."""
    return double.id != leader.id and _secrecy(double) == _secrecy(leader)


def _secrecy(case: Case) -> tuple[str, bool, bool, bool]:
    """What decides who at the desk sees a case, its office apart."""
    return case.desk, case.sensitive, case.oversight, case.assignment.oversight_lane
