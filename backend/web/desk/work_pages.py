"""`/meja`: what needs this officer now, the most urgent first; views, filters, search, the next page, and orders for many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer, has
from backend.cases.bulk import orders_of
from backend.cases.workflow import KIND, State
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.persistence.saved_views import SavedView
from backend.persistence.work_list import COUNTED_AT_MOST, SqlWorkList, Wish, WorkRow
from backend.web import urls
from backend.web.desk.deadlines import deadline
from backend.web.desk.frame import desk_page, home_of
from backend.web.desk.guard import needs
from backend.web.desk.list_wish import ALL, FILTERS, VIEWS, address_of, of_view, wish_of
from backend.web.hygiene import arg_text
from backend.web.ports import Site

COUNTED = VIEWS[:3]
DENSE = "meja_rapat"
A_YEAR_S = 365 * 24 * 3600


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
        given = {name: arg_text(request, name) for name in (*ALL, "tampilan")}
        if given["lihat"] not in VIEWS:
            given["lihat"] = "mine"
        now = self.site.clock()
        today = self.site.services.reference.today(now, officer.desk)
        zone = self.site.services.reference.zone(officer.desk).tzinfo
        wish = wish_of(given, officer, today, zone, self.site.services.codes)
        async with self.site.open_desk_uow(officer) as uow:
            rows, more = await uow.work_list.page(wish)
            counts = {name: await self._count(uow.work_list, name, officer, today) for name in COUNTED}
            folded = await uow.work_list.folded([row.id for row in rows])
            saved = await uow.views.all()
            undo = await self._undo(uow, officer, now)
        if given["cari"] and len(rows) == 1 and (wish.number or wish.code_digest):
            return redirect(urls.case(rows[0].number), status=303)
        dense = str(request.args.get("rapat") or request.cookies.get(DENSE) or "") == "1"
        last = f"{_key_of(rows[-1], wish)}_{rows[-1].id}" if more else ""
        fields = {**given, "setelah": ""}
        loose = {**fields, "tampilan": "", "keadaan": ""}
        page = desk_page(
            "work.html",
            request,
            officer,
            rows=[self._row(row, today, folded.get(row.id, ())) for row in rows],
            view=given["lihat"],
            counts=counts,
            given=fields,
            filtered=[name for name in FILTERS if given[name]],
            next_page=f"{urls.DESK}?{address_of(given, setelah=last)}" if more else None,
            links={name: f"{urls.DESK}?{address_of(loose, lihat=name)}" for name in VIEWS},
            saved=[_tab(view, officer, given["tampilan"]) for view in saved],
            query=address_of({**fields, "cari": "", "tampilan": ""}),
            choices=self._choices(officer, today),
            orders=orders_of(officer),
            undo=undo,
            dense=dense,
            density=f"{urls.DESK}?{address_of(given)}&rapat={0 if dense else 1}",
        )
        if request.args.get("rapat"):
            secure = self.site.settings.secure_cookies
            page.add_cookie(
                DENSE,
                "1" if dense else "0",
                path=urls.DESK,
                max_age=A_YEAR_S,
                httponly=True,
                secure=secure,
                samesite="Strict",
            )
        return page

    async def _undo(self, uow: DeskUnitOfWork, officer: Officer, now: datetime) -> dict[str, Any] | None:
        """The last order for many cases, while it can be undone."""
        order = await uow.bulk.latest(now)
        if order is None:
            return None
        steps = [one for one in await uow.bulk.of_order(order) if one.left_out is None]
        zone = self.site.services.reference.zone(officer.desk).tzinfo
        until = f"{steps[0].until.astimezone(zone):%H.%M}"
        return {"order": order, "move": steps[0].move, "n": len(steps), "until": until}

    async def _count(self, rows: SqlWorkList, view: str, officer: Officer, today: date) -> str:
        n = await rows.count(of_view(view, officer, today))
        return f"{n}+" if n >= COUNTED_AT_MOST else str(n)

    def _row(self, row: WorkRow, today: date, folded: tuple[WorkRow, ...]) -> dict[str, Any]:
        reference = self.site.services.reference
        state = State(row.state)
        filed = reference.today(row.filed_at, self.site.services.home)
        return {
            "row": row,
            "address": urls.case(row.number),
            "issue": reference.issue(row.issue).label,
            "state": reference.states[state].at_desk,
            "shape": reference.states[state].shape,
            "kind": KIND[state].value,
            "agency": reference.agency_name(row.agency, today),
            "filed": reference.date_label(filed),
            "deadline": deadline(row, today, reference, self.site.services.home),
            "folded": [self._row(one, today, ()) for one in folded],
        }

    def _choices(self, officer: Officer, today: date) -> dict[str, list[tuple[str, str]]]:
        reference = self.site.services.reference
        own = {one.code: one.name for one in reference.policy.agencies if one.area == officer.desk}
        return {
            "urusan": sorted(
                ((code, one.label) for code, one in reference.issues.items()), key=lambda x: x[1]
            ),
            "instansi": sorted(own.items(), key=lambda x: x[1]) if officer.whole_desk else [],
            "kecamatan": list(self.site.services.places.parts(officer.desk)),
            "keadaan": [(str(state), reference.states[state].at_desk) for state in State],
        }


def _key_of(row: WorkRow, wish: Wish) -> str:
    return (row.due_on if wish.order == "due" else row.filed_at).isoformat()


def _tab(view: SavedView, officer: Officer, shown: str) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "address": f"{urls.DESK}?{view.query}&tampilan={view.id}",
        "is_own": view.officer == officer.id,
        "is_shared": view.shared,
        "is_shown": view.id == shown,
    }
