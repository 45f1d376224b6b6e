"""`/meja/ringkasan`: how the desk stands: what is open and late and whose, how fast it answers, what reporters thought of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.access import Act, Officer
from backend.usecases.periods import months_before, period
from backend.usecases.sight import MONTHS_SHOWN, look
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.desk.sight_map import sight_map
from backend.web.desk.sight_view import SightView
from backend.web.ports import Site

FILTERS = ("instansi", "urusan", "kecamatan")


@dataclass(frozen=True)
class SightPage:
    """The overview; the officer's scope decides what is counted."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its route."""
        pages = Blueprint("sight")
        pages.add_route(self.show, urls.SIGHT, methods=["GET"], name="show_sight")
        return pages

    @needs(Act.SEE_FIGURES)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """Figures, charts and tables of one period."""
        reference, now = self.site.services.reference, self.site.clock()
        today = reference.today(now, officer.desk)
        asked = period(request.args.get("periode", ""), today)
        given = {name: request.args.get(name, "")[:40] for name in FILTERS}
        wanted = {"agency": given["instansi"], "issue": given["urusan"], "district": given["kecamatan"]}
        async with self.site.open_desk_uow(officer) as uow:
            sight, window = await look(uow.sight, asked, reference, officer.desk, now, **wanted)
            silent = await uow.sight.silent(window)
        view = SightView(self.site.services, officer.desk, today, asked, given)
        return desk_page(
            "sight.html",
            request,
            officer,
            period=asked,
            span=view.span(),
            months_choice=self._months(today),
            given=given,
            choices=self._choices(officer, today, sight.districts, given["kecamatan"], view),
            counted_at=f"{now.astimezone(reference.zone(officer.desk).tzinfo):%H.%M}",
            map=sight_map(self.site, view, sight.districts),
            silent=[view.silent(one) for one in silent],
            **view.shown(sight),
        )

    def _months(self, today: date) -> list[tuple[str, str]]:
        """Key and name of the months that can be chosen, newest first."""
        reference = self.site.services.reference
        return [
            (f"{first:%Y-%m}", reference.month_label(first))
            for first in reversed(months_before(today, MONTHS_SHOWN + 1))
        ]

    def _choices(
        self, officer: Officer, today: date, districts: Any, chosen: str, view: SightView
    ) -> dict[str, list[tuple[str, str]]]:
        reference = self.site.services.reference
        own = [
            (one.code, view.office(one.code))
            for one in reference.policy.agencies
            if one.area == officer.desk and one.valid_from <= today <= one.valid_until
        ]
        areas = {code for code in (*districts, chosen) if code}
        return {
            "urusan": _by_name((code, one.label) for code, one in reference.issues.items()),
            "instansi": _by_name(own) if officer.whole_desk else [],
            "kecamatan": _by_name((code, view.district(code)) for code in areas),
        }


def _by_name(pairs: Any) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1])
