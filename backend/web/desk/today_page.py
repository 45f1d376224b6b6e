"""`/meja/hari-ini`: the officer's one digest of the day: promises in danger up to this role, and what came in since yesterday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.access import Act, Officer
from backend.cases.workflow import KIND, Kind, State, standing_at
from backend.persistence.alert_rows import Alerted, SqlAlerts
from backend.persistence.case_lines import CaseLine
from backend.persistence.news_rows import NotTold, SqlNews
from backend.reference.escalation import stages
from backend.usecases.order_case import awaits
from backend.web import urls
from backend.web.desk.deadlines import deadline
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.desk.news import why_not_told
from backend.web.ports import Site

WORKED_ON = tuple(state for state in State if KIND[state] is Kind.OPEN)
NEW = timedelta(days=1)
STAGES = stages()


@dataclass(frozen=True)
class TodayPage:
    """The digest; it changes nothing."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its route."""
        pages = Blueprint("today")
        pages.add_route(self.show, urls.TODAY, methods=["GET"], name="show_today")
        return pages

    @needs(Act.SEE_CASES)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """People in danger first, then the worst stage; a case stands only where it is worst."""
        today = self.site.services.reference.today(self.site.clock(), officer.desk)
        mine = self._mine(officer)
        raised, fresh = await self._raised(officer)
        danger, not_told = await self._first(officer)
        shown = {one.number for one in danger}
        raised, fresh = _without(shown, raised), _without(shown, fresh)
        rows = {code: [self._row(one, today) for one in raised if _worst(one) == code] for code in mine}
        duties = [] if officer.stands_for else await self._duties(officer, today)
        groups = [(code, rows[code]) for code in reversed(mine) if rows[code]]
        new = [self._row(one, today) for one in fresh]
        day = self.site.services.reference.date_label(today)
        values: dict[str, Any] = {"groups": groups, "new": new, "day": day, "duties": duties}
        values["danger"] = [self._row(one, today) for one in danger]
        values["not_told"] = [
            {**self._row(one, today), "why": why_not_told(one.code, self.site.services.reference)}
            for one in not_told
        ]
        return desk_page("today.html", request, officer, **values)

    async def _first(self, officer: Officer) -> tuple[tuple[Alerted, ...], tuple[NotTold, ...]]:
        """What waits for no deadline: people in danger, and reporters who were written to in vain; somebody may have to call."""
        async with self.site.open_desk_uow(officer) as uow:
            danger = await SqlAlerts(uow.transaction).emergencies(WORKED_ON)
            return danger, await SqlNews(uow.transaction).not_told()

    async def _duties(self, officer: Officer, today: date) -> list[dict[str, Any]]:
        """For each position in whose place this one works: how much waits there, counted in that place."""
        async with self.site.accounts.begin() as rows:
            duties = await rows.absences.duties(officer, today)
        found = []
        for duty in duties:
            there = duty.taken_by(officer)
            raised, fresh = await self._raised(there)
            worst = [_worst(one) for one in raised]
            n = [(code, worst.count(code)) for code in reversed(self._mine(there)) if code in worst]
            until = self.site.services.reference.date_label(duty.absence.last_day)
            found.append(
                {
                    "id": duty.absence.id,
                    "title": duty.absent.title,
                    "until": until,
                    "n": n,
                    "n_new": len(fresh),
                }
            )
        return found

    async def _raised(self, officer: Officer) -> tuple[tuple[Alerted, ...], tuple[Alerted, ...]]:
        """Promises in danger, steps that are over, and what came in since yesterday."""
        async with self.site.open_desk_uow(officer) as uow:
            alerts = SqlAlerts(uow.transaction)
            mine = [stage for stage in STAGES if officer.role in stage.roles]
            of_steps = {stage.code: standing_at(stage.step) for stage in mine if stage.step is not None}
            promises = [stage.code for stage in mine if stage.step is None]
            raised = await alerts.digest(promises, WORKED_ON, uow.scope, of_steps=of_steps)
            return raised, await alerts.fresh(awaits(officer), self.site.clock() - NEW)

    @staticmethod
    def _mine(officer: Officer) -> list[str]:
        return [stage.code for stage in STAGES if officer.role in stage.roles]

    def _row(self, one: CaseLine, today: date) -> dict[str, Any]:
        reference = self.site.services.reference
        words = reference.states[State(one.state)]
        return {
            "number": one.number,
            "issue": reference.issue(one.issue).label,
            "where": one.place_label,
            "state": words.at_desk,
            "shape": words.shape,
            "kind": KIND[State(one.state)].value,
            "agency": reference.agency_name(one.agency, today),
            "deadline": deadline(one, today, reference, self.site.services.home),
        }


def _without(shown: set[str], those: tuple[Alerted, ...]) -> tuple[Alerted, ...]:
    return tuple(one for one in those if one.number not in shown)


def _worst(one: Alerted) -> str:
    """The last stage in the order of the rows that was raised."""
    return max(one.kinds, key=[stage.code for stage in STAGES].index)
