"""Open cases that may be the same matter, in words that are safe to show to a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.cases.case import Case, Happened
from backend.cases.place import Place
from backend.cases.similar import Likeness, Sighting, compare
from backend.usecases.ports import Proof, UnitOfWork
from backend.usecases.services import Services

LOOK_BACK = timedelta(days=30)
MOST = 3
ROUND_TO_M = 50


@dataclass(frozen=True)
class Sought:
    """What of a draft is compared."""

    issue: str
    place: Place
    happened: Happened
    text: str


async def find_similar(
    sought: Sought, conversation: str, uow: UnitOfWork, services: Services, now: datetime
) -> list[dict[str, Any]]:
    """Up to three likely doubles, the likeliest first. Sealed and sensitive matters neither seek nor are found."""
    reference = services.reference
    regency = sought.place.regency_code
    if regency is None or reference.issue(sought.issue).is_sensitive:
        return []
    today = reference.today(now, services.home)
    mine = Sighting(sought.issue, sought.place, sought.happened.on or today, sought.text, today)
    scored = [
        (compare(mine, _sighting(case, services)), case)
        for case in await uow.cases.similar_candidates([sought.issue], regency, now - LOOK_BACK)
        if not case.is_sealed
    ]
    likely = sorted((pair for pair in scored if pair[0].is_suggested), key=lambda pair: -pair[0].score)
    return [_row(case, likeness, conversation, services) for likeness, case in likely[:MOST]]


def _sighting(case: Case, services: Services) -> Sighting:
    told = services.reference.today(case.filed_at, case.desk)
    return Sighting(case.issue, case.place, case.happened.on or told, case.description, told)


def _row(case: Case, likeness: Likeness, conversation: str, services: Services) -> dict[str, Any]:
    reference = services.reference
    issue = reference.issue(case.issue).label
    metres = likeness.distance_m
    return {
        "case_ref": services.refs.seal(conversation, case.id, Proof.SIMILAR),
        "label": f"{issue}, {case.place.label}" if case.place.label else issue,
        "filed_on": reference.today(case.filed_at, case.desk).isoformat(),
        "state_label": reference.states[case.state].label,
        "distance_m": None if metres is None else round(metres / ROUND_TO_M) * ROUND_TO_M,
    }
