"""Open cases that may be the same matter, for officers: of one secrecy, so that either could follow the other."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.cases.bulk import may_follow
from backend.cases.case import Case
from backend.cases.similar import Likeness, Sighting, compare
from backend.cases.workflow import State
from backend.reference.loader import Reference
from backend.usecases.ports import UnitOfWork

LOOK_BACK = timedelta(days=30)
MOST = 3
SOUGHT_IN = frozenset({State.RECEIVED, State.IN_VERIFICATION})


async def similar_for_desk(
    case: Case, uow: UnitOfWork, reference: Reference, now: datetime
) -> list[tuple[Case, Likeness]]:
    """Up to three, the likeliest first; only while the case is being verified, and none for matters that are sealed."""
    regency = case.place.regency_code
    if case.state not in SOUGHT_IN or regency is None or case.sensitive or case.oversight:
        return []
    mine = _sighting(case, reference)
    found = [
        (other, compare(mine, _sighting(other, reference)))
        for other in await uow.cases.similar_candidates([case.issue], regency, now - LOOK_BACK)
        if may_follow(case, other)
    ]
    likely = [pair for pair in found if pair[1].is_suggested]
    return sorted(likely, key=lambda pair: -pair[1].score)[:MOST]


def _sighting(case: Case, reference: Reference) -> Sighting:
    told = reference.today(case.filed_at, case.desk)
    return Sighting(case.issue, case.place, case.happened.on or told, case.description, told)
