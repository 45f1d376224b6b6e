"""`/meja/peta`: where the open cases lie that this officer may see, gathered where they lie close, with the same cases in a table beside.

Points are sealed in each case, so no more than `MOST` are opened: the most urgent ones. No coordinate stands in an address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.access import Act, Officer, may_see
from backend.cases.case import Case
from backend.cases.shown_point import ShownPoint, is_secret, point_among_many
from backend.cases.workflow import KIND, State
from backend.persistence.work_list import WorkRow
from backend.places.clusters import Cluster, Placed, gathered
from backend.places.drawing import Drawing, Spot, draw_map
from backend.places.windows import Window, around
from backend.web import urls
from backend.web.desk.deadlines import deadline
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.desk.list_wish import of_view
from backend.web.hygiene import arg_text
from backend.web.ports import Site

MOST = 200
SIZE = (640, 460)
VIEWS = ("open", "mine", "late")


@dataclass(frozen=True)
class Seen:
    """A case of the list with its point, if this officer may have one here."""

    row: WorkRow
    case: Case
    point: ShownPoint | None


@dataclass(frozen=True)
class DotsPage:
    """The map of cases; it changes nothing."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its route."""
        pages = Blueprint("dots")
        pages.add_route(self.show, urls.DOTS, methods=["GET"], name="show_dots")
        return pages

    @needs(Act.SEE_CASES)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """One view of the list as a map; a district in the address brings it closer."""
        given = {name: arg_text(request, name) for name in ("lihat", "kecamatan", "urusan")}
        if given["lihat"] not in VIEWS:
            given["lihat"] = "open"
        today = self.site.services.reference.today(self.site.clock(), officer.desk)
        seen, more = await self._seen(officer, given, today)
        window = self._window(officer.desk, given["kecamatan"])
        points = [
            Placed(one.case.number, one.point.latitude, one.point.longitude, one.point.radius_m)
            for one in seen
            if one.point
        ]
        clusters = gathered(points, window, SIZE) if window else ()
        rows = {one.case.number: self._row(one, today, officer) for one in seen}
        on_map = {name for cluster in clusters for name in cluster.names}
        return desk_page(
            "dots.html",
            request,
            officer,
            given=given,
            choices=self._choices(officer),
            drawing=self._drawing(officer.desk, given["kecamatan"], window, clusters),
            groups=[[rows[name] for name in cluster.names] for cluster in clusters],
            others=[row for name, row in rows.items() if name not in on_map],
            n=len(seen),
            more=more,
        )

    async def _seen(self, officer: Officer, given: Mapping[str, str], today: date) -> tuple[list[Seen], bool]:
        """The most urgent cases in view, and whether there are more."""
        wish = replace(
            of_view(given["lihat"], officer, today), district=given["kecamatan"], issue=given["urusan"]
        )
        async with self.site.open_desk_uow(officer) as uow:
            rows, more = await uow.work_list.page(wish, MOST)
            cases = {one.id: one for one in await uow.cases.by_numbers([row.number for row in rows])}
            assigned = await uow.assignees.of_cases(list(cases))
        found = [
            Seen(row, cases[row.id], point_among_many(cases[row.id], officer))
            for row in rows
            if row.id in cases and may_see(officer, cases[row.id], assigned[row.id])
        ]
        return found, more

    def _window(self, desk: str, district: str) -> Window | None:
        parts = self.site.atlas.parts_of(desk, district)
        here = [one.geometry for one in parts if one.role == "here"]
        return around(here or [one.geometry for one in parts], SIZE)

    def _drawing(
        self, desk: str, district: str, window: Window | None, clusters: Sequence[Cluster[str]]
    ) -> Drawing | None:
        """None when the operator has installed no boundaries. Each mark leads to its rows in the table."""
        if window is None:
            return None
        spots = [
            Spot(
                one.latitude,
                one.longitude,
                self._label(number, len(one.names)),
                one.radius_m,
                "group",
                1.0 if len(one.names) == 1 else 1.4,
                f"#titik-{number}",
                str(number),
            )
            for number, one in enumerate(clusters, 1)
        ]
        parts = self.site.atlas.parts_of(desk, district)
        return draw_map([*self.site.atlas.around(desk, window), *parts], spots, window, SIZE)

    def _label(self, number: int, n: int) -> str:
        return self.site.services.reference.sentence("dot_label", number=number, n=n)

    def _row(self, one: Seen, today: date, officer: Officer) -> dict[str, Any]:
        reference, state = self.site.services.reference, State(one.row.state)
        return {
            "row": one.row,
            "issue": reference.issue(one.row.issue).label,
            "state": reference.states[state].at_desk,
            "shape": reference.states[state].shape,
            "kind": KIND[state].value,
            "deadline": deadline(one.row, today, reference, officer.desk),
            "rounded": one.point is not None and not one.point.is_exact,
            "secret": is_secret(one.case),
        }

    def _choices(self, officer: Officer) -> dict[str, list[tuple[str, str]]]:
        issues = self.site.services.reference.issues
        return {
            "kecamatan": list(self.site.services.places.parts(officer.desk)),
            "urusan": sorted(((code, one.label) for code, one in issues.items()), key=lambda pair: pair[1]),
        }
