"""`/meja/kasus/<number>/lapangan`: what a crew takes along on paper. Facts, map and covered photos; nothing of who reported or how (F30)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.access import Act, Officer
from backend.cases.case import Case
from backend.cases.field_copy import Checked
from backend.cases.shown_point import point_for_the_field
from backend.review.masking import masked
from backend.web import urls
from backend.web.desk.case_files import files_of
from backend.web.desk.case_map import case_map, step_asked
from backend.web.desk.case_pages import seen_case
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.ports import Site

FIELD_STEP = 5


@dataclass(frozen=True)
class FieldPacket:
    """One page to print."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its route."""
        pages = Blueprint("field_packet")
        pages.add_route(
            self.show, f"{urls.CASE}/<number:str>/lapangan", methods=["GET"], name="show_field_packet"
        )
        return pages

    @needs(Act.VERIFY, Act.ASSIGN, Act.HANDLE, Act.ANSWER)
    async def show(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """The packet of a case in view, for whoever sends people out."""
        async with self.site.open_desk_uow(officer) as uow:
            case = await seen_case(uow, officer, number)
            files = await files_of(uow, officer, case, await uow.assignees.of_case(case.id))
        step = step_asked(request)
        point = point_for_the_field(case)
        shown: dict[str, Any] = {
            "map": case_map(
                case, point, self.site.atlas, step if step is not None or not point else FIELD_STEP
            ),
            "photos": [one for one in files if one.checked is Checked.COVERED],
            "n_waiting": sum(one.waits for one in files),
            "n_others": sum(not one.is_photo for one in files),
        }
        return desk_page("field_packet.html", request, officer, **self._facts(case), **shown)

    def _facts(self, case: Case) -> dict[str, Any]:
        """A whitelist: whatever is not named here does not leave the desk. The reporter's words for the spot go along, masked, only of who
        is named openly."""
        reference, now = self.site.services.reference, self.site.clock()
        today = reference.today(now, case.desk)
        happened = case.happened.on
        return {
            "number": case.number,
            "issue": reference.issue(case.issue).label,
            "agency": reference.agency_name(case.assignment.agency, today),
            "desk": reference.regencies[case.desk].name,
            "due": reference.date_label(case.due.on),
            "place_label": case.place.label,
            "landmark": masked(case.place.landmark) if case.place.landmark and not case.is_sealed else None,
            "happened": reference.date_label(happened) if happened and not case.is_sealed else None,
            "printed": reference.date_label(today),
        }
