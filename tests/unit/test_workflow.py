"""All pairs of states and movers: what domain.md lists succeeds, everything else is refused."""

import itertools

import pytest

from backend.cases.case import Actor, Resolution
from backend.cases.errors import MoveRefused, ReasonMissing
from backend.cases.workflow import CLOCK, KIND, MOVES, PAUSED, Kind, Mover, State, moves_from, named_move
from tests.support.builders import NOW, a_case, later

# old → new: who. Written down a second time on purpose: the table in the code must not drift unnoticed.
LISTED = {
    "received": {"in_verification": "desk system", "withdrawn": "reporter", "merged": "reporter"},
    "in_verification": {
        "assigned": "desk",
        "awaiting_reporter": "desk",
        "merged": "desk",
        "archived": "desk",
        "transferred": "desk",
        "withdrawn": "reporter",
        "received": "desk",
    },
    "awaiting_reporter": {
        "in_verification": "reporter desk",
        "archived": "desk system",
        "withdrawn": "reporter",
    },
    "merged": {"in_verification": "desk"},
    "assigned": {"in_progress": "agency", "in_verification": "agency desk", "transferred": "agency desk"},
    "transferred": {"assigned": "agency desk", "referred_outside": "desk", "in_verification": "agency desk"},
    "in_progress": {"answered": "agency", "assigned": "agency"},
    "answered": {"reporter_replied": "reporter", "resolved": "reporter system"},
    "reporter_replied": {"answered": "agency", "resolved": "reporter"},
    "resolved": {"reopened": "reporter desk"},
    "reopened": {"in_progress": "agency"},
    "archived": {"in_verification": "reporter desk"},
    "referred_outside": {},
    "withdrawn": {},
}
TRIPLES = list(itertools.product(State, State, Mover))


@pytest.mark.parametrize(("old", "new", "by"), TRIPLES, ids=lambda one: one.value)
def test_a_move_is_possible_only_when_it_is_listed(old: State, new: State, by: Mover) -> None:
    case = a_case(state=old, parent_id="1" * 32 if old is State.MERGED else None)
    if by in LISTED[old].get(new, "").split():
        moved = case.moved_to(new, Actor(by), later(hours=1), "alasan")
        assert moved.state is new
        assert moved.events[:-1] == case.events
        assert (moved.events[-1].old, moved.events[-1].new, moved.events[-1].by.kind) == (old, new, by)
    else:
        with pytest.raises(MoveRefused):
            case.moved_to(new, Actor(by), later(hours=1), "alasan")


def test_every_state_has_a_kind_and_open_ones_a_clock() -> None:
    assert set(KIND) == set(State)
    assert {state for state in State if KIND[state] is Kind.OPEN} <= set(CLOCK)
    assert not {state for state in State if KIND[state] is Kind.CLOSED} & set(CLOCK)
    assert {State.AWAITING_REPORTER} == PAUSED


def test_no_open_or_waiting_case_is_stuck() -> None:
    stuck = [
        state for state in State if KIND[state] is not Kind.CLOSED and not any(m.old is state for m in MOVES)
    ]
    assert stuck == []


def test_every_state_can_be_reached_from_the_first() -> None:
    reached, border = {State.RECEIVED}, [State.RECEIVED]
    while border:
        state = border.pop()
        new = {move.new for move in MOVES if move.old is state} - reached
        reached |= new
        border += new
    assert reached == set(State)


@pytest.mark.parametrize(
    "move", [move for move in MOVES if move.needs_reason], ids=lambda m: f"{m.old}-{m.new}"
)
def test_a_move_that_people_must_understand_is_refused_without_a_reason(move) -> None:
    case = a_case(state=move.old)
    with pytest.raises(ReasonMissing):
        case.moved_to(move.new, Actor(min(move.by)), NOW, "  ")


def test_names_of_moves_are_unique_per_state() -> None:
    names = [(move.old, move.name) for move in MOVES]
    assert len(names) == len(set(names))
    assert named_move(State.RECEIVED, "withdraw", Mover.REPORTER)
    assert named_move(State.RECEIVED, "withdraw", Mover.DESK) is None
    assert {move.new for move in moves_from(State.ANSWERED, Mover.REPORTER)} == {
        State.REPORTER_REPLIED,
        State.RESOLVED,
    }


@pytest.mark.parametrize(
    ("by", "resolution"),
    [(Mover.REPORTER, Resolution.CONFIRMED), (Mover.SYSTEM, Resolution.UNCONFIRMED)],
    ids=["the reporter says so: confirmed", "ten silent workdays: unconfirmed"],
)
def test_silence_is_not_satisfaction(by: Mover, resolution: Resolution) -> None:
    resolved = a_case(state=State.ANSWERED).moved_to(State.RESOLVED, Actor(by), NOW)
    assert resolved.resolution is resolution
    assert resolved.moved_to(State.REOPENED, Actor(Mover.REPORTER), NOW, "masih mati").resolution is None
