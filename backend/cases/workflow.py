"""States of a case and the moves between them: a table, read from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend.cases.errors import MoveRefused


class State(StrEnum):
    """Where a case stands. A draft is no case yet and has no state."""

    RECEIVED = "received"
    IN_VERIFICATION = "in_verification"
    AWAITING_REPORTER = "awaiting_reporter"
    ARCHIVED = "archived"
    MERGED = "merged"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    REFERRED_OUTSIDE = "referred_outside"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    REPORTER_REPLIED = "reporter_replied"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """Who has to do something: an office (open), somebody else (waiting), nobody (closed)."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Mover(StrEnum):
    """Who moves a case. `desk` is the regency's admin induk and verifiers; `agency` whoever the case is assigned to."""

    REPORTER = "reporter"
    DESK = "desk"
    AGENCY = "agency"
    SYSTEM = "system"


class Step(StrEnum):
    """Which limit of the SLA table runs while a case is in a state."""

    VERIFY = "verify"
    COMPLETE = "complete"
    RESPOND = "respond"
    ANSWER = "answer"
    CLOSE = "close"


S, M = State, Mover

KIND: dict[State, Kind] = {
    S.RECEIVED: Kind.OPEN,
    S.IN_VERIFICATION: Kind.OPEN,
    S.AWAITING_REPORTER: Kind.WAITING,
    S.ARCHIVED: Kind.CLOSED,
    S.MERGED: Kind.WAITING,
    S.ASSIGNED: Kind.OPEN,
    S.TRANSFERRED: Kind.OPEN,
    S.REFERRED_OUTSIDE: Kind.CLOSED,
    S.IN_PROGRESS: Kind.OPEN,
    S.ANSWERED: Kind.WAITING,
    S.REPORTER_REPLIED: Kind.OPEN,
    S.RESOLVED: Kind.CLOSED,
    S.REOPENED: Kind.OPEN,
    S.WITHDRAWN: Kind.CLOSED,
}

CLOCK: dict[State, Step] = {
    S.RECEIVED: Step.VERIFY,
    S.IN_VERIFICATION: Step.VERIFY,
    S.AWAITING_REPORTER: Step.COMPLETE,
    S.ASSIGNED: Step.RESPOND,
    S.TRANSFERRED: Step.RESPOND,
    S.IN_PROGRESS: Step.ANSWER,
    S.ANSWERED: Step.CLOSE,
    S.REPORTER_REPLIED: Step.RESPOND,
    S.REOPENED: Step.RESPOND,
}


def standing_at(step: Step) -> list[State]:
    """States in which this step runs."""
    return [state for state, running in CLOCK.items() if running is step]


# The promise to the reporter stands still while an office cannot go on.
PAUSED = frozenset({S.AWAITING_REPORTER})


@dataclass(frozen=True)
class Move:
    """One allowed change of state."""

    name: str
    old: State
    new: State
    by: frozenset[Mover]
    needs_reason: bool = False


def _move(name: str, old: State, new: State, *by: Mover, needs_reason: bool = False) -> Move:
    return Move(name, old, new, frozenset(by), needs_reason)


MOVES: tuple[Move, ...] = (
    _move("take_up", S.RECEIVED, S.IN_VERIFICATION, M.DESK, M.SYSTEM),
    _move("withdraw", S.RECEIVED, S.WITHDRAWN, M.REPORTER),
    # A supporter's own case follows the supported one from its first moment.
    _move("support", S.RECEIVED, S.MERGED, M.REPORTER),
    _move("assign", S.IN_VERIFICATION, S.ASSIGNED, M.DESK),
    _move("ask_reporter", S.IN_VERIFICATION, S.AWAITING_REPORTER, M.DESK, needs_reason=True),
    _move("merge", S.IN_VERIFICATION, S.MERGED, M.DESK, needs_reason=True),
    _move("archive", S.IN_VERIFICATION, S.ARCHIVED, M.DESK, needs_reason=True),
    _move("transfer", S.IN_VERIFICATION, S.TRANSFERRED, M.DESK, needs_reason=True),
    _move("withdraw", S.IN_VERIFICATION, S.WITHDRAWN, M.REPORTER),
    # Taken up by mistake: back to where it lay, so that nobody has to pretend to work on it.
    _move("put_back", S.IN_VERIFICATION, S.RECEIVED, M.DESK),
    _move("complete", S.AWAITING_REPORTER, S.IN_VERIFICATION, M.REPORTER, M.DESK),
    _move("archive", S.AWAITING_REPORTER, S.ARCHIVED, M.DESK, M.SYSTEM, needs_reason=True),
    _move("withdraw", S.AWAITING_REPORTER, S.WITHDRAWN, M.REPORTER),
    _move("split", S.MERGED, S.IN_VERIFICATION, M.DESK, needs_reason=True),
    _move("start", S.ASSIGNED, S.IN_PROGRESS, M.AGENCY),
    _move("return", S.ASSIGNED, S.IN_VERIFICATION, M.AGENCY, M.DESK, needs_reason=True),
    _move("transfer", S.ASSIGNED, S.TRANSFERRED, M.DESK, M.AGENCY, needs_reason=True),
    _move("accept", S.TRANSFERRED, S.ASSIGNED, M.DESK, M.AGENCY),
    _move("refer_outside", S.TRANSFERRED, S.REFERRED_OUTSIDE, M.DESK, needs_reason=True),
    _move("return", S.TRANSFERRED, S.IN_VERIFICATION, M.DESK, M.AGENCY, needs_reason=True),
    _move("put_back", S.IN_PROGRESS, S.ASSIGNED, M.AGENCY),
    _move("answer", S.IN_PROGRESS, S.ANSWERED, M.AGENCY, needs_reason=True),
    _move("reply", S.ANSWERED, S.REPORTER_REPLIED, M.REPORTER),
    # Confirmed by the reporter, or by ten silent workdays after a reminder: then unconfirmed.
    _move("resolve", S.ANSWERED, S.RESOLVED, M.REPORTER, M.SYSTEM),
    _move("answer", S.REPORTER_REPLIED, S.ANSWERED, M.AGENCY, needs_reason=True),
    _move("resolve", S.REPORTER_REPLIED, S.RESOLVED, M.REPORTER),
    _move("contest", S.RESOLVED, S.REOPENED, M.REPORTER, M.DESK, needs_reason=True),
    _move("start", S.REOPENED, S.IN_PROGRESS, M.AGENCY),
    # Archiving is no wall: who contests it gets a second look.
    _move("contest", S.ARCHIVED, S.IN_VERIFICATION, M.REPORTER, M.DESK, needs_reason=True),
)

_BY_PAIR = {(move.old, move.new): move for move in MOVES}


def find_move(old: State, new: State, by: Mover) -> Move:
    """The move from `old` to `new` by this mover; raises `MoveRefused`.

    >>> find_move(State.RECEIVED, State.IN_VERIFICATION, Mover.DESK).name
    'take_up'
    """
    move = _BY_PAIR.get((old, new))
    if move is None or by not in move.by:
        raise MoveRefused(old, new, by)
    return move


def moves_from(state: State, by: Mover) -> tuple[Move, ...]:
    """What this mover may do now."""
    return tuple(move for move in MOVES if move.old is state and by in move.by)


def named_move(state: State, name: str, by: Mover) -> Move | None:
    """The move with this name that this mover may make now, or None."""
    return next((move for move in moves_from(state, by) if move.name == name), None)
