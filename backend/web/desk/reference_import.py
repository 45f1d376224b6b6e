"""`/meja/acuan/impor`: a pasted list of holidays becomes changes of the draft, after a look at what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer
from backend.reference.editors import kinds
from backend.reference.holiday_list import Found, read_list
from backend.reference.tables import Becomes, Change
from backend.usecases.edit_reference import draft_changes
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.hygiene import form_text
from backend.web.ports import Site

LONGEST = 20_000


@dataclass(frozen=True)
class ReferenceImport:
    """Handlers of the import."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Their routes."""
        pages = Blueprint("reference_import")
        pages.add_route(self.show, urls.REFERENCE_IMPORT, methods=["GET"], name="show_import")
        pages.add_route(self.take, urls.REFERENCE_IMPORT, methods=["POST"], name="take_import")
        return pages

    @needs(Act.EDIT_REFERENCE)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """An empty box."""
        return self._page(request, officer)

    @needs(Act.EDIT_REFERENCE)
    async def take(self, request: Request, officer: Officer) -> HTTPResponse:
        """First what was read; with the button `save`, into the draft."""
        text, source = (
            form_text(request, "list")[:LONGEST],
            " ".join(form_text(request, "source").split())[:200],
        )
        complete = form_text(request, "complete") == "yes"
        days, strange = read_list(text)
        sentence = self.site.services.reference.sentence
        problem = sentence("editor_import_empty") if not days else "" if source else sentence("editor_why")
        if problem or form_text(request, "act") != "save":
            told = {"text": text, "source": source, "complete": complete, "problem": problem}
            return self._page(request, officer, 422 if problem else 200, days=days, strange=strange, **told)
        now, today = self.site.clock(), self.site.services.reference.today(self.site.clock(), officer.desk)
        async with self.site.references.begin() as rows:
            changes = [_change(one, source) for one in days]
            if complete:
                changes += [_year(year, source) for year in sorted({one.on.year for one in days})]
            await draft_changes(changes, officer.id, source, now, rows.versions, today)
        return redirect(f"{urls.REFERENCE_DRAFT}?beres=simpan", status=303)

    def _page(self, request: Request, officer: Officer, status: int = 200, **told: Any) -> HTTPResponse:
        values = {
            "text": "",
            "source": "",
            "complete": False,
            "problem": "",
            "days": (),
            "strange": (),
            **told,
        }
        label = self.site.services.reference.date_label
        return desk_page("reference_import.html", request, officer, status=status, label=label, **values)


def _change(one: Found, source: str) -> Change:
    return _row(one.on.isoformat(), one.name, one.kind.value, source)


def _year(year: int, source: str) -> Change:
    """The row that says that every holiday of the year is known: dates of that year are promised for good."""
    return _row(str(year), source, "libur_nasional", source)


def _row(date: str, name: str, kind: str, source: str) -> Change:
    table = kinds()["holidays"].table
    row = {"date": date, "name": name, "kind": kind, "area": "", "source": source}
    return Change(table.file, table.key(row), Becomes.ROW, row, "")
