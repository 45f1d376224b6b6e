"""Invented cases for a full register: real issues, offices, limits and villages; words from the training sentences; no person.

Shares are those of a regency that has worked for three years: most are over, one office has a third of them, most come from
the towns, some people write every week.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from random import Random

import yaml

from backend.cases.case import (
    REPORTER,
    SYSTEM,
    Actor,
    Assignment,
    Case,
    DuePromise,
    Event,
    Happened,
    IdentityLevel,
    ReportClass,
    Resolution,
    time_kept,
)
from backend.cases.place import Place, PlaceSource
from backend.cases.sla import Question, promise
from backend.cases.workflow import MOVES, Mover, State
from backend.demo import ways
from backend.places.service import Places
from backend.reference.loader import Reference
from backend.usecases.assign_draft import Assigned, Matter, assign_draft
from tests.bench.processes import ROOT

YEARS = 3
# Of a village's code: its district, and the sign that says what kind of village it is.
DISTRICT_SIGNS, KIND_SIGN = len("64.08.04"), len("64.08.04.")
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

S, C = State, ReportClass


class Weighted[T]:
    """Values by how often they come."""

    def __init__(self, weights: Mapping[T, int]) -> None:
        self._values = list(weights)
        self._sums = list(accumulate(weights.values()))

    def pick(self, rng: Random) -> T:
        """One of them."""
        return self._values[bisect(self._sums, rng.random() * self._sums[-1])]


DESKS = Weighted({"64.08": 88, "62.02": 9, "62.10": 3})
TOWNS = ("64.08.04", "62.02.06", "62.10.05")
LEVELS = Weighted({IdentityLevel.OPEN: 70, IdentityLevel.CONFIDENTIAL: 18, IdentityLevel.ANONYMOUS: 12})
CLASSES = Weighted({C.COMPLAINT: 88, C.ASPIRATION: 7, C.INFORMATION_REQUEST: 5})
CHANNELS = Weighted({"web": 38, "whatsapp": 57, "form": 4, "open311": 1})
RATINGS = Weighted({1: 14, 2: 10, 3: 16, 4: 32, 5: 28})
# How cases stand that are younger than two weeks, than three months, and older ones.
DAYS = (14, 90)
STANDS = (
    Weighted({S.RECEIVED: 22, S.IN_VERIFICATION: 14, S.AWAITING_REPORTER: 6, S.ASSIGNED: 16, S.IN_PROGRESS: 14,
              S.ANSWERED: 12, S.RESOLVED: 7, S.MERGED: 3, S.TRANSFERRED: 2, S.ARCHIVED: 2, S.WITHDRAWN: 2}),
    Weighted({S.IN_VERIFICATION: 2, S.ASSIGNED: 6, S.IN_PROGRESS: 12, S.ANSWERED: 9, S.RESOLVED: 46, S.MERGED: 5,
              S.REPORTER_REPLIED: 3, S.REOPENED: 2, S.AWAITING_REPORTER: 2, S.ARCHIVED: 8, S.REFERRED_OUTSIDE: 3,
              S.WITHDRAWN: 2}),
    Weighted({S.IN_PROGRESS: 2, S.REOPENED: 1, S.ASSIGNED: 1, S.RESOLVED: 72, S.ARCHIVED: 12, S.MERGED: 6,
              S.REFERRED_OUTSIDE: 4, S.WITHDRAWN: 2}),
)  # fmt: skip
NAMES = "melati mawar kenanga cempaka dahlia anggrek flamboyan merpati rajawali elang pattimura diponegoro sudirman".split()
SPOTS = (
    "depan sd {n:03d}",
    "gang {name} rt {n}",
    "jalan {name} nomor {n}",
    "dekat masjid rt {n}",
    "simpang {name}",
)
WAYS = {**ways(), S.MERGED: tuple(move for move in MOVES if move.name == "support")}
ANSWERS = (
    "Sudah kami perbaiki kemarin. Bukti: foto regu lapangan.",
    "Petugas sudah datang dan menyelesaikannya. Bukti: berita acara.",
    "Jadwal perbaikan sudah kami tetapkan minggu ini. Bukti: surat tugas.",
)


@dataclass(frozen=True)
class Told:
    """A case, what was said in its thread (kind of author and words, with the event it belongs to), and how many files came."""

    case: Case
    thread: tuple[tuple[Mover, str, datetime], ...]
    n_files: int


@dataclass
class Inventor:
    """Makes cases; the same seed makes the same ones."""

    reference: Reference
    places: Places
    now: datetime
    desks: dict[str, str]  # regency → id of the position that moves cases there
    offices: dict[str, str]  # agency → id of its position; others are moved by the desk's
    _assigned: dict[tuple[str, str, ReportClass], Assigned] = field(default_factory=dict)
    _due: dict[tuple[ReportClass, bool, str, date], DuePromise] = field(default_factory=dict)

    @cached_property
    def sentences(self) -> dict[str, list[str]]:
        """Issue → sentences that people might write about it."""
        found: dict[str, list[str]] = {}
        for file in sorted(Path(ROOT, "bot/data/issues").glob("*.yml")):
            for block in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu", []):
                issue = block.get("intent", "").partition("/")[2]
                lines = [line[2:] for line in block.get("examples", "").splitlines() if line.startswith("- ")]
                if issue in self.reference.issues:
                    found.setdefault(issue, []).extend(lines)
        return found

    @cached_property
    def issues(self) -> Weighted[str]:
        """A few issues make most of the work."""
        order = sorted(self.sentences, key=lambda issue: -len(self.sentences[issue]))
        return Weighted({issue: 1000 // (n + 3) + 1 for n, issue in enumerate(order)})

    @cached_property
    def villages(self) -> dict[str, Weighted[str]]:
        """Regency → its villages, those of the town ten times as often."""
        found = {}
        for desk in ("64.08", "62.02", "62.10"):
            codes = [v.code for d in self.places.children(desk) for v in self.places.children(d.code)]
            found[desk] = Weighted({code: 10 if code.startswith(TOWNS) else 1 for code in codes})
        return found

    def case(self, rng: Random, leaders: Mapping[str, list[Case]], nth: int, n_all: int) -> Told:
        """The nth case of a register of `n_all`, the oldest first, as they came; `leaders` are earlier ones, by regency, that it may follow."""
        desk = DESKS.pick(rng)
        issue = self.issues.pick(rng)
        kind, level = CLASSES.pick(rng), LEVELS.pick(rng)
        age = timedelta(days=YEARS * 365 * (1 - (nth + rng.random()) / n_all) ** 1.3, seconds=-1)
        filed_at = time_kept(self.now - age - timedelta(seconds=60), level)
        place = self._place(rng, desk)
        assigned = self._assign(issue, place, kind)
        words = rng.choice(self.sentences[issue])
        state = STANDS[bisect(DAYS, age.days)].pick(rng)
        leader = rng.choice(leaders[desk]) if state is State.MERGED and leaders.get(desk) else None
        if state is State.MERGED and leader is None:
            state = State.ARCHIVED
        events = self._events(rng, state, filed_at, level, desk, assigned.assignment)
        sensitive = assigned.oversight or self.reference.issue(issue).is_sensitive or rng.random() < 0.01
        ended = [event for event in events if event.new is State.RESOLVED]
        case = Case(
            id=f"{rng.getrandbits(128):032x}",
            number=number_of(nth),
            draft_id=f"{rng.getrandbits(128):032x}",
            desk=desk,
            report_class=kind,
            issue=issue,
            identity_level=level,
            description=f"{words} {place.landmark}",
            place=place,
            assignment=assigned.assignment,
            due=self._promise(kind, assigned.oversight, desk, filed_at),
            filed_at=filed_at,
            state=state,
            events=events,
            happened=Happened("kemarin", filed_at.date() - timedelta(days=1)),
            oversight=assigned.oversight,
            sensitive=sensitive,
            emergency=rng.random() < 0.004,
            channel=CHANNELS.pick(rng),
            resolution=_resolution(ended[-1]) if ended and state is State.RESOLVED else None,
            rating=RATINGS.pick(rng) if ended and rng.random() < 0.35 else None,
            parent_id=leader.id if leader else None,
            version=len(events),
        )  # fmt: skip
        thread = tuple((e.by.kind, e.public_note, e.at) for e in events if e.public_note)
        return Told(case, thread, 1 if rng.random() < 0.2 else 0)

    def _place(self, rng: Random, desk: str) -> Place:
        village = self.villages[desk].pick(rng)
        spot = rng.choice(SPOTS).format(n=rng.randrange(1, 60), name=rng.choice(NAMES))
        pin = rng.random() < 0.4
        return Place(
            text=spot,
            landmark=spot,
            regency_code=desk,
            district_code=village[:8],
            village_code=village,
            label=self._label(village),
            latitude=0.2 + rng.random() if pin else None,
            longitude=117.0 + rng.random() if pin else None,
            source=PlaceSource.PIN if pin else PlaceSource.TEXT,
            confidence=0.9,
        )

    def _label(self, village: str) -> str:
        known: dict[str, str] = self.__dict__.setdefault("_labels", {})
        return known.setdefault(village, known.get(village) or self.places.label(village))

    def _assign(self, issue: str, place: Place, kind: ReportClass) -> Assigned:
        # What decides besides is the district, and whether the village is a kelurahan or a desa.
        village = place.village_code or ""
        key = (issue, village[:DISTRICT_SIGNS] + village[KIND_SIGN : KIND_SIGN + 1], kind)
        if key not in self._assigned:
            matter = Matter(issue, kind, False, place, {}, "")
            home = place.regency_code or ""
            today = self.reference.today(self.now, home)
            self._assigned[key] = assign_draft(matter, self.reference, home, today)
        return self._assigned[key]

    def _promise(self, kind: ReportClass, oversight: bool, desk: str, filed_at: datetime) -> DuePromise:
        on = self.reference.today(filed_at, desk)
        key = (kind, oversight, desk, on)
        if key not in self._due:
            self._due[key] = promise(
                self.reference.limits, Question(kind, oversight, desk), on, self.reference.calendar(desk)
            )
        return self._due[key]

    def _events(
        self, rng: Random, state: State, filed_at: datetime, level: IdentityLevel, desk: str, to: Assignment
    ) -> tuple[Event, ...]:
        """The way to the state, at a pace that most often keeps the promise."""
        moves = WAYS[state]
        officer = Actor(Mover.DESK, self.desks[desk])
        office = Actor(Mover.AGENCY, self.offices.get(to.agency, self.desks[desk]))
        whole = min((self.now - filed_at).total_seconds(), 86400 * rng.lognormvariate(2.2, 0.9))
        events = [Event(1, "filed", None, State.RECEIVED, filed_at, REPORTER)]
        for n, move in enumerate(moves, start=1):
            by = officer if Mover.DESK in move.by else office
            if move.name in ("resolve", "contest", "reply") and Mover.REPORTER in move.by:
                by = (
                    SYSTEM
                    if move.name == "resolve" and Mover.SYSTEM in move.by and rng.random() < 0.6
                    else REPORTER
                )
            said = rng.choice(ANSWERS) if move.needs_reason else ""
            at = time_kept(filed_at + timedelta(seconds=int(whole * n / len(moves))), level)
            events.append(Event(n + 1, move.name, move.old, move.new, at, by, said))
        return tuple(events)


def number_of(nth: int) -> str:
    """The number of the nth case of a register: no two are alike, which chance would not promise for a million of them."""
    left, signs = nth * 470_831_947_313 % len(SIGNS) ** 8, ""
    for _ in range(8):
        left, sign = divmod(left, len(SIGNS))
        signs += SIGNS[sign]
    return f"{signs[:4]}-{signs[4:]}"


def _resolution(last: Event) -> Resolution:
    return Resolution.CONFIRMED if last.by.kind is Mover.REPORTER else Resolution.UNCONFIRMED
