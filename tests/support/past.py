"""Invented cases with a past: filed, answered, closed, opened again at random moments of a year. Seeded; no real person, no real event."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

from backend.cases.case import REPORTER, SYSTEM, Actor, Assignment, Case, DuePromise, IdentityLevel, Level
from backend.cases.workflow import Mover, State
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from tests.support.builders import NOW, SANGATTA, a_case, digest

OFFICES = {
    "lampu_jalan": "dishub-64.08",
    "jalan_rusak": "dpupr-64.08",
    "sampah": "dlh-64.08",
    "air_bersih": "pdam-64.08",
    "ktp_kk_akta": "disdukcapil-64.08",
}
DISTRICTS = ("64.08.01", "64.08.02", "64.08.04", "64.08.05", "64.08.07", None)
DESK, OFFICE = Actor(Mover.DESK, "petugas-uji"), Actor(Mover.AGENCY, "dinas-uji")
# How far cases come, and by whom each step is made.
WAYS: tuple[tuple[tuple[State, Actor], ...], ...] = (
    (),
    ((State.IN_VERIFICATION, DESK),),
    ((State.IN_VERIFICATION, DESK), (State.ARCHIVED, DESK)),
    ((State.IN_VERIFICATION, DESK), (State.ASSIGNED, DESK)),
    ((State.WITHDRAWN, REPORTER),),
    *(
        (
            (State.IN_VERIFICATION, DESK),
            (State.ASSIGNED, DESK),
            (State.IN_PROGRESS, OFFICE),
            (State.ANSWERED, OFFICE),
            *rest,
        )
        for rest in (
            (),
            ((State.RESOLVED, REPORTER),),
            ((State.RESOLVED, SYSTEM),),
            ((State.RESOLVED, REPORTER), (State.REOPENED, REPORTER)),
            (
                (State.RESOLVED, SYSTEM),
                (State.REOPENED, DESK),
                (State.IN_PROGRESS, OFFICE),
                (State.ANSWERED, OFFICE),
            ),
        )
    ),
)
WEIGHTS = (3, 3, 6, 5, 4, 6, 40, 24, 2, 2)


def a_past(n: int, chance: random.Random, now: datetime = NOW, days: int = 300) -> Case:
    """The n-th case; equal seeds, equal cases."""
    issue = chance.choice(list(OFFICES))
    level = chance.choices(list(IdentityLevel), (8, 2, 1))[0]
    filed_at = now - timedelta(minutes=chance.randrange(60, days * 24 * 60))
    sensitive, oversight = chance.random() < 0.05, chance.random() < 0.03
    office = "inspektorat-64.08" if oversight else OFFICES[issue]
    case = a_case(
        n,
        at=filed_at,
        issue=issue,
        identity_level=level,
        sensitive=sensitive,
        oversight=oversight,
        channel=chance.choices(("web", "whatsapp", "open311"), (3, 9, 1))[0],
        place=replace(SANGATTA, district_code=chance.choice(DISTRICTS)),
        assignment=Assignment(Level.REGENCY, office, "uji", "r", 1.0, oversight),
        due=DuePromise((filed_at + timedelta(days=chance.randrange(10, 40))).date(), "tes"),
    )
    at = filed_at
    for state, by in chance.choices(WAYS, WEIGHTS)[0]:
        at += timedelta(hours=chance.expovariate(1 / 90))
        if at >= now:
            break
        case = case.moved_to(state, by, at, "alasan uji")
    if case.resolution == "confirmed" and chance.random() < 0.8:
        case = replace(case, rating=chance.choices((1, 2, 3, 4, 5), (1, 1, 2, 5, 6))[0])
    return case


async def a_year(database: Database, n: int, seed: int = 1, *, first: int = 1) -> tuple[Case, ...]:
    """So many of them in the register."""
    chance = random.Random(seed)  # noqa: S311 — a test's own
    found = tuple(a_past(number, chance) for number in range(first, first + n))
    async with opener(database.requests, database.keys.vault)() as uow:
        for case in found:
            await uow.cases.add(case, digest(int(case.id, 16)))
        await uow.commit()
    return found


def local(at: datetime) -> date:
    """The date on the wall of the regency."""
    return at.astimezone(NOW.tzinfo).date()
