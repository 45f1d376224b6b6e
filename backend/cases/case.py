"""A case: one report as the register keeps it. A value; every change returns a new one with one more event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from backend.cases.errors import ReasonMissing
from backend.cases.place import Place
from backend.cases.workflow import KIND, Kind, Mover, State, find_move


class ReportClass(StrEnum):
    """Derived, never asked."""

    COMPLAINT = "complaint"
    ASPIRATION = "aspiration"
    INFORMATION_REQUEST = "information_request"


class IdentityLevel(StrEnum):
    """open: named · confidential: contact sealed, used for updates only · anonymous: no contact kept."""

    OPEN = "open"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class Level(StrEnum):
    """Whose affair it is; `unverified` only until an officer has looked."""

    VILLAGE = "desa"
    REGENCY = "kabupaten"
    PROVINCE = "provinsi"
    NATIONAL = "pusat"
    UNVERIFIED = "perlu_verifikasi"


class Resolution(StrEnum):
    """How a resolved case ended: silence is not satisfaction."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"


class Precision(StrEnum):
    """How exactly the person knows when."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    RECURRING = "recurring"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Happened:
    """When it happened, in the person's words and as a date."""

    text: str = ""
    on: date | None = None
    precision: Precision = Precision.UNKNOWN


@dataclass(frozen=True)
class Actor:
    """Who did something. `id` is the officer's position id, empty for the reporter and for the system; `on_behalf` the absent position in
    whose place it was done."""

    kind: Mover
    id: str = ""
    on_behalf: str = ""


REPORTER = Actor(Mover.REPORTER)
SYSTEM = Actor(Mover.SYSTEM)


@dataclass(frozen=True)
class Event:
    """One line of the append-only history. `seq` counts from 1 within the case; `what` is `filed`, a move's name, or
    another past happening; `old` is None for the first. `public_note` may be read by the reporter, `private_note`
    only by officers."""

    seq: int
    what: str
    old: State | None
    new: State
    at: datetime
    by: Actor
    public_note: str = ""
    private_note: str = ""


@dataclass(frozen=True)
class Assignment:
    """Whose job it is and why. `agency` is a code of `agencies.csv` (`dpupr-64.08`), `rule` the id of the row that
    decided; `forward_to` a regency code when the place is not served by this desk."""

    level: Level
    agency: str
    reason: str
    rule: str
    confidence: float
    oversight_lane: bool = False
    forward_to: str | None = None


@dataclass(frozen=True)
class DuePromise:
    """The promised date of an answer and the rule it comes from; provisional while a year's holidays are unknown."""

    on: date
    legal_source: str
    provisional: bool = False


@dataclass(frozen=True)
class Case:
    """`id` is random and never shown; `number` is the public case number, which opens nothing. All times are aware;
    those of an anonymous case are cut to the hour. `parent_id` is the case this one follows while merged."""

    id: str
    number: str
    draft_id: str
    desk: str
    report_class: ReportClass
    issue: str
    identity_level: IdentityLevel
    description: str
    place: Place
    assignment: Assignment
    due: DuePromise
    filed_at: datetime
    state: State
    events: tuple[Event, ...]
    happened: Happened = Happened()
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    objection: str | None = None
    oversight: bool = False
    sensitive: bool = False
    emergency: bool = False
    channel: str = "web"
    language: str = "id"
    resolution: Resolution | None = None
    rating: int | None = None
    parent_id: str | None = None
    lapor_tracking_id: str | None = None
    version: int = 1

    @property
    def since(self) -> datetime:
        """When the present state began."""
        for event in reversed(self.events):
            if event.old is not event.new:
                return event.at
        return self.filed_at

    @property
    def is_closed(self) -> bool:
        """Nobody has to do anything."""
        return KIND[self.state] is Kind.CLOSED

    @property
    def is_restricted(self) -> bool:
        """The reporter asked that it be used for nothing but its handling (UU 27/2022)."""
        return any(event.what == "restricted" for event in self.events)

    @property
    def is_erased(self) -> bool:
        """The reporter had its words destroyed."""
        return any(event.what == "erased" for event in self.events)

    @property
    def is_sealed(self) -> bool:
        """Someone who only has the code sees no more than the state: anonymous or confidential."""
        return self.identity_level is not IdentityLevel.OPEN

    @property
    def is_secret(self) -> bool:
        """A sensitive matter, or one about an office: LAPOR! calls it *rahasia*."""
        return self.sensitive or self.oversight or self.assignment.oversight_lane

    def time_kept(self, at: datetime) -> datetime:
        """`at` as this case may keep it: an anonymous one forgets the minutes."""
        return time_kept(at, self.identity_level)

    def moved_to(
        self, new: State, by: Actor, at: datetime, public_note: str = "", private_note: str = ""
    ) -> Case:
        """The case after a move; raises `MoveRefused`, or `ReasonMissing` when the move needs a public reason."""
        move = find_move(self.state, new, by.kind)
        if move.needs_reason and not public_note.strip():
            raise ReasonMissing(self.state, new)
        event = self._event(move.name, new, by, at, public_note, private_note)
        changed = replace(self, state=new, events=(*self.events, event))
        if new is State.RESOLVED:
            confirmed = Resolution.CONFIRMED if by.kind is Mover.REPORTER else Resolution.UNCONFIRMED
            return replace(changed, resolution=confirmed)
        if self.state is State.RESOLVED:
            return replace(changed, resolution=None)
        return replace(changed, parent_id=None) if self.state is State.MERGED else changed

    def noted(
        self, what: str, by: Actor, at: datetime, public_note: str = "", private_note: str = ""
    ) -> Case:
        """The case with a happening that moves nothing (`text_added`, `due_recomputed`, …)."""
        event = self._event(what, self.state, by, at, public_note, private_note)
        return replace(self, events=(*self.events, event))

    def following(self, parent_id: str, by: Actor, at: datetime, public_note: str = "") -> Case:
        """The case merged under another one; it keeps its own code and can be split off again."""
        return replace(self.moved_to(State.MERGED, by, at, public_note), parent_id=parent_id)

    def reassigned(self, assignment: Assignment, by: Actor, at: datetime, private_note: str = "") -> Case:
        """The case with another office; the state is a move of its own."""
        return replace(self.noted("reassigned", by, at, private_note=private_note), assignment=assignment)

    def _event(
        self, what: str, new: State, by: Actor, at: datetime, public_note: str, private_note: str
    ) -> Event:
        return Event(
            len(self.events) + 1, what, self.state, new, self.time_kept(at), by, public_note, private_note
        )


def time_kept(at: datetime, level: IdentityLevel) -> datetime:
    """`at`, cut to the hour for an anonymous case, so that times cannot be matched with a conversation."""
    if level is IdentityLevel.ANONYMOUS:
        return at.replace(minute=0, second=0, microsecond=0)
    return at


def first_event(at: datetime, by: Actor = REPORTER) -> Event:
    """The filing: the first line of every history."""
    return Event(1, "filed", None, State.RECEIVED, at, by)
