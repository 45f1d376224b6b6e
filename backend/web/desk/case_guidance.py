"""What helps an officer with one case: a suggestion to accept, templates, doubles to merge, what waits, what changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.cases.access import Officer, Role
from backend.cases.bulk import is_by_name
from backend.cases.case import Case
from backend.cases.desk_moves import MOST_BOUNCES, bounces, needs_other_eyes
from backend.cases.workflow import PAUSED
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.usecases.seal_case import seal_of, seals_for
from backend.usecases.similar_for_desk import similar_for_desk
from backend.usecases.watch_deadlines import wait_of
from backend.web.desk.history_words import past, people_of, since
from backend.web.desk.outgoing import templates_for
from backend.web.ports import Site

PERCENT = 100


@dataclass(frozen=True)
class Guidance:
    """One officer's look at one case."""

    site: Site
    officer: Officer
    case: Case

    async def values(self, uow: DeskUnitOfWork, moves: list[str], seen_version: int) -> dict[str, Any]:
        """For the template; `seen_version` is the one the officer ordered upon, 0 when nothing was ordered."""
        case, reference, now = self.case, self.site.services.reference, self.site.clock()
        changed = since(case, seen_version) if seen_version else ()
        titles = await uow.titles.of(people_of(changed))
        held = await uow.errands.held_until(case.id)
        zone = reference.zone(case.desk).tzinfo
        colleagues = await uow.titles.active()
        return {
            "changed": [past(event, titles, reference, case) for event in changed],
            "templates": templates_for(case, [*moves, "reply"], reference, now),
            "similar": await self._similar(uow, can_merge="merge" in moves),
            "held_until": f"{held.astimezone(zone):%H.%M}" if held and held > now else None,
            "pause": self._pause(),
            "bounced": bounces(case) >= MOST_BOUNCES,
            "other_eyes": needs_other_eyes(self.officer, case, colleagues),
            "by_name": is_by_name(case),
            "accepts": "assign" in moves and not is_by_name(case),
            "seal": seal_of(case).value,
            "seals": [one.value for one in seals_for(self.officer, case)],
            "is_induk": self.officer.role in {Role.ADMIN, Role.VERIFIER},
        }

    async def _similar(self, uow: DeskUnitOfWork, *, can_merge: bool) -> list[dict[str, Any]]:
        reference = self.site.services.reference
        found = await similar_for_desk(self.case, uow, reference, self.site.clock())
        return [
            {
                "number": other.number,
                "where": other.place.landmark or other.place.label,
                "state": reference.states[other.state].at_desk,
                "filed": reference.date_label(reference.today(other.filed_at, other.desk)),
                "metres": None if likeness.distance_m is None else round(likeness.distance_m),
                "percent": round(PERCENT * likeness.score),
                "can_merge": can_merge and other.parent_id is None,
            }
            for other, likeness in found
        ]

    def _pause(self) -> dict[str, str] | None:
        """Since when the promise stands still, and until when it may."""
        case, reference = self.case, self.site.services.reference
        wait = wait_of(case, reference) if case.state in PAUSED else None
        if wait is None:
            return None
        began = reference.today(case.since, case.desk)
        return {"since": reference.date_label(began), "until": reference.date_label(wait.ends_on)}
