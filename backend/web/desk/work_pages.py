"""`/meja`: what needs this officer now, the most urgent first; filters, search, the next page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer, has
from backend.cases.errors import CodeMistyped
from backend.cases.tracking_code import parse
from backend.cases.workflow import KIND, Kind, State
from backend.persistence.work_list import COUNTED_AT_MOST, SqlWorkList, Wish, WorkRow
from backend.usecases.order_case import awaits
from backend.web import urls
from backend.web.desk.deadlines import deadline
from backend.web.desk.frame import desk_page, home_of
from backend.web.desk.guard import needs
from backend.web.ports import Site

NUMBER = re.compile(r"^[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}$")
LONGEST_SEARCH = 200
VIEWS = ("mine", "late", "waiting", "closed", "all", "open")
STILL_OPEN = tuple(str(one) for one in State if KIND[one] is not Kind.CLOSED and one is not State.MERGED)
WAITING = (State.AWAITING_REPORTER, State.ANSWERED)


@dataclass(frozen=True)
class WorkPages:
    """The work list."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its route."""
        pages = Blueprint("work")
        pages.add_route(self.show, urls.DESK, methods=["GET"], name="show_work")
        return pages

    @needs()
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """One page of the list; roles without cases are sent to where their work is."""
        if not has(officer, Act.SEE_CASES):
            return redirect(home_of(officer), status=303)
        given = {
            name: str(request.args.get(name, "")).strip() for name in (*FIELDS, "cari", "lihat", "setelah")
        }
        view = given["lihat"] if given["lihat"] in VIEWS else "mine"
        today = self.site.services.reference.today(self.site.clock(), officer.desk)
        wish = self._wish(given, view, officer, today)
        async with self.site.open_desk_uow(officer) as uow:
            rows, more = await uow.work_list.page(wish)
            counts = {name: await self._count(uow.work_list, name, officer, today) for name in VIEWS[:3]}
        if given["cari"] and len(rows) == 1 and (wish.number or wish.code_digest):
            return redirect(urls.case(rows[0].number), status=303)
        kept = {name: value for name, value in given.items() if value and name != "setelah"}
        after = f"{rows[-1].due_on.isoformat()}_{rows[-1].id}" if more else None
        fields = {name: value for name, value in given.items() if name != "setelah"}
        return desk_page(
            "work.html",
            request,
            officer,
            rows=[self._row(row, today) for row in rows],
            view=view,
            counts=counts,
            given=fields,
            next_page=f"{urls.DESK}?{urlencode({**kept, 'setelah': after})}" if after else None,
            links={name: f"{urls.DESK}?{urlencode({**kept, 'lihat': name})}" for name in VIEWS},
            choices=self._choices(officer, today),
            first_page=not given["setelah"],
        )

    def _wish(self, given: Mapping[str, str], view: str, officer: Officer, today: date) -> Wish:
        wish = of_view(view, officer, today)
        wish = replace(wish, agency=given["instansi"], issue=given["urusan"], district=given["kecamatan"])
        wish = self._filed(wish, given["dari"], given["sampai"])
        if given["cari"]:
            wish = self._search(replace(wish, states=(), closed=False, due_before=None), given["cari"])
        day, _, case_id = given["setelah"].partition("_")
        try:
            return replace(wish, after=(date.fromisoformat(day), case_id)) if case_id else wish
        except ValueError:
            return wish  # somebody wrote into the address: the first page

    def _filed(self, wish: Wish, first: str, last: str) -> Wish:
        """Only what was filed on these days; what is no day is left out."""
        zone = self.site.services.reference.zone(self.site.services.home).tzinfo

        def start(text: str, days: int = 0) -> datetime | None:
            try:
                return datetime.combine(date.fromisoformat(text) + timedelta(days=days), time.min, zone)
            except (ValueError, OverflowError):
                return None

        return replace(wish, filed_from=start(first), filed_before=start(last, 1))

    def _search(self, wish: Wish, text: str) -> Wish:
        """A search goes through everything in view: by code, by number, or by words."""
        try:
            return replace(wish, code_digest=self.site.services.codes.digest(parse(text)))
        except CodeMistyped:
            if NUMBER.match(text):
                plain = text.upper().replace("-", "")
                return replace(wish, number=f"{plain[:4]}-{plain[4:]}")
            return replace(wish, text=text[:LONGEST_SEARCH])

    async def _count(self, rows: SqlWorkList, view: str, officer: Officer, today: date) -> str:
        n = await rows.count(of_view(view, officer, today))
        return f"{n}+" if n >= COUNTED_AT_MOST else str(n)

    def _row(self, row: WorkRow, today: date) -> dict[str, Any]:
        reference = self.site.services.reference
        state = State(row.state)
        return {
            "row": row,
            "address": urls.case(row.number),
            "issue": reference.issue(row.issue).label,
            "state": reference.states[state].label,
            "shape": reference.states[state].shape,
            "kind": KIND[state].value,
            "agency": reference.agency_name(row.agency, today),
            "deadline": deadline(row, today, reference, self.site.services.home),
        }

    def _choices(self, officer: Officer, today: date) -> dict[str, list[tuple[str, str]]]:
        reference = self.site.services.reference
        own = {one.code: one.name for one in reference.policy.agencies if one.area == officer.desk}
        return {
            "urusan": sorted(
                ((code, one.label) for code, one in reference.issues.items()), key=lambda x: x[1]
            ),
            "instansi": sorted(own.items(), key=lambda x: x[1]) if officer.whole_desk else [],
        }


FIELDS = ("instansi", "urusan", "kecamatan", "dari", "sampai")


def of_view(view: str, officer: Officer, today: date) -> Wish:
    """What a named view shows."""
    states = tuple(str(one) for one in awaits(officer))
    everything = tuple(str(one) for one in State)
    match view:
        case "mine":
            return Wish(states=states)
        case "late":
            return Wish(states=STILL_OPEN, due_before=today)
        case "open":
            return Wish(states=STILL_OPEN)
        case "waiting":
            return Wish(states=tuple(str(one) for one in WAITING))
        case "closed":
            return Wish(closed=True)
        case _:
            return Wish(states=everything)
