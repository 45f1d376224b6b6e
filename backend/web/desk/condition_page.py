"""`/meja/keadaan`: whether the service is well, in words a duty officer understands, and what to do when it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.access import Act, Officer
from backend.persistence.errors import DatabaseUnavailable
from backend.usecases.condition import Level, Line, Storing, condition, worst
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.ports import Site


@dataclass(frozen=True)
class ConditionPage:
    """One page; it changes nothing."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its route."""
        pages = Blueprint("condition")
        pages.add_route(self.show, urls.CONDITION, methods=["GET"], name="show_condition")
        return pages

    @needs(Act.SEE_CONDITION)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """What is worst first, in the whole and then part by part."""
        pulse, hosts = await self.site.pipeline.pulse(), await self.site.pipeline.hosts()
        now, storing = self.site.clock(), await self._storing()
        lines = condition(hosts, pulse.inbox, pulse.outbox, pulse.dead, pulse.alarms, now, storing)
        ordered = sorted(lines, key=lambda one: list(Level).index(one.level), reverse=True)
        return desk_page(
            "condition.html",
            request,
            officer,
            level=worst(lines).value,
            lines=[self._shown(one) for one in ordered],
            at=now.astimezone(self.site.services.reference.zone(officer.desk).tzinfo).strftime("%H.%M.%S"),
        )

    async def _storing(self) -> Storing:
        """Whether it can be read has shown already: this page was made."""
        n_refused = self.site.metrics.recent.lately()
        try:
            return Storing(await self.site.database.commit_s(), n_refused)
        except DatabaseUnavailable:
            return Storing(None, n_refused)

    def _shown(self, line: Line) -> dict[str, Any]:
        sentence = self.site.services.reference.sentence
        return {
            "level": line.level.value,
            "name": sentence(f"condition_{line.part}"),
            "how": sentence(f"condition_{line.part}_{line.level}", **line.values),
            "todo": sentence(f"condition_{line.part}_todo") if line.level is not Level.GOOD else "",
        }
