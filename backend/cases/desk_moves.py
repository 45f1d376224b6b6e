"""Which moves of the table an officer may make on a case: the role's acts, and the mover the table asks for."""

from __future__ import annotations

from collections.abc import Iterable

from backend.cases.access import Act, Officer, Role, has, may
from backend.cases.case import Case
from backend.cases.workflow import Move, Mover, State, moves_from

_AS_DESK: dict[str, Act] = {
    "take_up": Act.VERIFY,
    "put_back": Act.VERIFY,
    "ask_reporter": Act.VERIFY,
    "complete": Act.VERIFY,
    "archive": Act.VERIFY,
    "contest": Act.VERIFY,
    "assign": Act.ASSIGN,
    "transfer": Act.ASSIGN,
    "accept": Act.ASSIGN,
    "return": Act.ASSIGN,
    "refer_outside": Act.ASSIGN,
    "merge": Act.MERGE,
    "split": Act.MERGE,
}
_AS_AGENCY: dict[str, Act] = {
    "start": Act.HANDLE,
    "put_back": Act.HANDLE,
    "return": Act.HANDLE,
    "transfer": Act.HANDLE,
    "accept": Act.HANDLE,
    "answer": Act.ANSWER,
}
# After so many returns by offices the admin induk decides, and its decision stands.
MOST_BOUNCES = 2
_BOUNCING = frozenset({"return", "transfer"})
_ACTS = {Mover.DESK: _AS_DESK, Mover.AGENCY: _AS_AGENCY}


def movers_of(officer: Officer) -> tuple[Mover, ...]:
    """As whom an officer may move cases; the inspectorate is both desk and office of its own lane."""
    if officer.role is Role.INSPECTOR:
        return Mover.DESK, Mover.AGENCY
    return (officer.mover,)


def moves_for(
    officer: Officer, case: Case, assigned: frozenset[str] = frozenset()
) -> dict[str, tuple[Move, Mover]]:
    """Name of a move → the move and as whom it is made; empty when the case is out of view."""
    found: dict[str, tuple[Move, Mover]] = {}
    for mover in movers_of(officer):
        for move in moves_from(case.state, mover):
            act = _ACTS[mover].get(move.name)
            if mover is Mover.AGENCY and move.name in _BOUNCING and bounces(case) >= MOST_BOUNCES:
                continue
            if act is not None and move.name not in found and may(officer, act, case, assigned):
                found[move.name] = (move, mover)
    return found


def bounces(case: Case) -> int:
    """How often offices gave the case back."""
    return sum(event.what == "return" and event.by.kind is Mover.AGENCY for event in case.events)


def needs_other_eyes(officer: Officer, case: Case, positions: Iterable[Officer]) -> bool:
    """Whether a reopened case is for somebody else to work on and to answer: the officer gave the answer that was contested, and the
    office has another who may."""
    if case.state not in {State.REOPENED, State.IN_PROGRESS}:
        return False
    turning = [event for event in case.events if event.what in {"answer", "contest"}]
    answers = [event.by.id for event in turning if event.what == "answer"]
    if not answers or answers[-1] != officer.id or turning[-1].what != "contest":
        return False
    return any(
        one.id != officer.id and one.agency == officer.agency and has(one, Act.HANDLE) for one in positions
    )
