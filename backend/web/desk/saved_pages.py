"""`/meja/tampilan`: a position keeps the list as it stands, for itself or for its office, and drops it again."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer
from backend.cases.errors import CaseNotFound
from backend.persistence.desk_scope import scope_of
from backend.persistence.saved_views import SavedView
from backend.web import urls
from backend.web.desk.guard import needs
from backend.web.desk.list_wish import KEPT
from backend.web.hygiene import RequestRefused, form_text, storable
from backend.web.ports import Site

LONGEST_NAME = 40
LONGEST_VALUE = 60
MOST = 12


@dataclass(frozen=True)
class SavedPages:
    """The handlers."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Their routes."""
        pages = Blueprint("saved_views")
        pages.add_route(self.keep, urls.VIEWS, methods=["POST"], name="keep_view")
        pages.add_route(self.drop, f"{urls.VIEWS}/<view_id:str>/hapus", methods=["POST"], name="drop_view")
        return pages

    @needs(Act.SEE_CASES)
    async def keep(self, request: Request, officer: Officer) -> HTTPResponse:
        """The list as it was asked for, under a name."""
        name = " ".join(form_text(request, "name").split())[:LONGEST_NAME]
        if not name:
            raise RequestRefused("web_empty", 422, "a view without a name")
        query = kept_query(form_text(request, "query"))
        view_id = self.site.services.random.token_hex(16)
        view = SavedView(view_id, officer.id, name, query, form_text(request, "shared") == "1")
        scope = scope_of(officer)
        async with self.site.open_desk_uow(officer) as uow:
            own = [one for one in await uow.views.all() if one.officer == officer.id]
            if len(own) >= MOST:
                raise RequestRefused("desk_views_full", 409, "too many views")
            office = ",".join(sorted(scope.agencies))
            await uow.views.add(view, officer.desk, office, self.site.clock())
            await uow.commit()
        return redirect(f"{urls.DESK}?{query}&tampilan={view_id}", status=303)

    @needs(Act.SEE_CASES)
    async def drop(self, request: Request, officer: Officer, view_id: str) -> HTTPResponse:
        """One's own view is gone; 404 for any other."""
        async with self.site.open_desk_uow(officer) as uow:
            if not await uow.views.remove(storable(view_id)):
                raise CaseNotFound
            await uow.commit()
        return redirect(urls.DESK, status=303)


def kept_query(query: str) -> str:
    """Filters and order of an address; no search, no page, nothing unknown.

    >>> kept_query("lihat=all&cari=budi&urusan=lampu_jalan&x=1")
    'lihat=all&urusan=lampu_jalan'
    """
    given = {name: storable(value) for name, value in parse_qsl(query)}
    return urlencode({name: given[name][:LONGEST_VALUE] for name in KEPT if given.get(name)})
