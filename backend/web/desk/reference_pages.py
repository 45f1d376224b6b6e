"""`/meja/acuan`: the lists of reference rows, and the form of one row. Saving goes into the draft, never into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer
from backend.cases.errors import RowInvalid
from backend.reference.editors import InWords, Kind, kinds
from backend.reference.tables import Becomes, Change, rows_of
from backend.usecases.edit_reference import Standing, draft_changes, removal, row_of, standing
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.desk.reference_form import RowForm, read_form
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site


@dataclass(frozen=True)
class ReferencePages:
    """Handlers of the lists and their rows."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Their routes."""
        pages = Blueprint("reference")
        pages.add_route(self.index, urls.REFERENCE, methods=["GET"], name="show_reference")
        rows = urls.reference_rows("<kind:[a-z]+>")
        pages.add_route(self.rows, rows, methods=["GET"], name="show_reference_rows")
        pages.add_route(self.show, f"{rows}/baris", methods=["GET"], name="show_reference_row")
        pages.add_route(self.save, f"{rows}/baris", methods=["POST"], name="save_reference_row")
        pages.add_route(self.remove, f"{rows}/hapus", methods=["POST"], name="remove_reference_row")
        return pages

    @needs(Act.EDIT_REFERENCE)
    async def index(self, request: Request, officer: Officer) -> HTTPResponse:
        """Every list, the version in force, and what waits in the draft."""
        found = await self._standing(officer)
        counts = {kind.name: len(rows_of(kind.table, found.drafted)) for kind in kinds().values()}
        touched = {kind.name: self._touched(kind, found) for kind in kinds().values()}
        waiting = [one for one in found.versions if one.number > found.active]
        return desk_page(
            "reference.html",
            request,
            officer,
            kinds=list(kinds().values()),
            counts=counts,
            touched=touched,
            active=next((one for one in found.versions if one.number == found.active), None),
            waiting=waiting[-1] if waiting else None,
            n_draft=len(found.draft),
            day=self._day,
            done=request.args.get("beres", ""),
        )

    @needs(Act.EDIT_REFERENCE)
    async def rows(self, request: Request, officer: Officer, kind: str) -> HTTPResponse:
        """The rows of a list as the draft would leave them, those that hold all words of the search."""
        chosen, found = _kind(kind), await self._standing(officer)
        reference, today = self.site.services.reference, self._today(officer)
        words = InWords.of(chosen, reference, today)
        listed = [column for column in chosen.columns if column.listed]
        wanted = " ".join(request.args.get("cari", "").split())[:80]
        drafted = {one.change.key for one in found.draft if one.change.file == chosen.table.file}
        rows = []
        for row in rows_of(chosen.table, found.drafted):
            cells = [words.cell(column, row.get(column.name, "")) for column in listed]
            key = chosen.table.key(row)
            if all(word in f"{key} {' '.join(cells)}".lower() for word in wanted.lower().split()):
                rows.append((key, cells, key in drafted))
        return desk_page(
            "reference_rows.html",
            request,
            officer,
            kind=chosen,
            columns=listed,
            rows=rows,
            wanted=wanted,
            n_draft=len(found.draft),
            years=sorted(reference.known_years) if chosen.name == "holidays" else [],
        )

    @needs(Act.EDIT_REFERENCE)
    async def show(self, request: Request, officer: Officer, kind: str) -> HTTPResponse:
        """One row (`kunci`), a copy of one as a new row (`tiru`), or an empty form."""
        chosen, found = _kind(kind), await self._standing(officer)
        key, copied = request.args.get("kunci", ""), request.args.get("tiru", "")
        row = row_of(chosen.table, key or copied, found.drafted) if key or copied else {}
        if row is None or not (key or chosen.may_add):
            raise RequestRefused("web_not_found", 404, "no such reference row")
        form = RowForm(chosen, key, dict(row), place=copied if copied else None)
        if copied and "valid_from" in form.values:
            form.values["valid_from"] = self._today(officer).isoformat()
        return self._form(request, officer, form, found)

    @needs(Act.EDIT_REFERENCE)
    async def save(self, request: Request, officer: Officer, kind: str) -> HTTPResponse:
        """Into the draft, if the loader takes it; with the button `preview` only the sentence is shown."""
        chosen, found = _kind(kind), await self._standing(officer)
        key = form_text(request, "key")
        old = row_of(chosen.table, key, found.drafted) if key else None
        if (key and old is None) or not (key or chosen.may_add):
            raise RequestRefused("web_not_found", 404, "no such reference row")
        form = read_form(request, chosen, key, old)
        self._check(form, found)
        if form_text(request, "act") == "preview":
            return self._form(request, officer, form, found, preview=True)
        change = Change(
            chosen.table.file, key or chosen.table.key(form.values), Becomes.ROW, form.values, form.place
        )
        if not form.wrong:
            await self._draft(change, form, officer)
        if form.wrong or form.problem:
            return self._form(request, officer, form, found, 422)
        return redirect(f"{urls.REFERENCE_DRAFT}?beres=simpan", status=303)

    @needs(Act.EDIT_REFERENCE)
    async def remove(self, request: Request, officer: Officer, kind: str) -> HTTPResponse:
        """Drafts that the row goes, if the others still fit together without it."""
        chosen, found = _kind(kind), await self._standing(officer)
        key = form_text(request, "key")
        row = row_of(chosen.table, key, found.drafted)
        if row is None or not chosen.may_remove:
            raise RequestRefused("web_not_found", 404, "no such reference row, or it cannot go")
        form = RowForm(chosen, key, dict(row), reason=" ".join(form_text(request, "because").split())[:500])
        self._check(form, found)
        if not form.wrong:
            await self._draft(removal(chosen.table, key), form, officer)
        if form.wrong or form.problem:
            return self._form(request, officer, form, found, 422)
        return redirect(f"{urls.REFERENCE_DRAFT}?beres=simpan", status=303)

    def _check(self, form: RowForm, found: Standing) -> None:
        """What the loader cannot know: why, and that a new row does not take the name of another one."""
        sentence = self.site.services.reference.sentence
        if not form.reason:
            form.wrong["because"] = sentence("editor_why")
        new = form.kind.table.key(form.values)
        if not form.key and row_of(form.kind.table, new, found.drafted) is not None:
            form.wrong[form.kind.table.keys[0]] = sentence("editor_taken")

    async def _draft(self, change: Change, form: RowForm, officer: Officer) -> None:
        now = self.site.clock()
        try:
            async with self.site.references.begin() as rows:
                await draft_changes(
                    [change], officer.id, form.reason, now, rows.versions, self._today(officer)
                )
        except RowInvalid as refusal:
            form.refuse(refusal, self.site.services.reference)

    def _form(
        self,
        request: Request,
        officer: Officer,
        form: RowForm,
        found: Standing,
        status: int = 200,
        *,
        preview: bool = False,
    ) -> HTTPResponse:
        reference, today = self.site.services.reference, self._today(officer)
        words = InWords.of(form.kind, reference, today)
        others: list[tuple[str, str]] = []
        if form.kind.second:
            rows = rows_of(form.kind.table, found.drafted)
            others = [
                (key, words.sentence(row)) for row in rows if (key := form.kind.table.key(row)) != form.key
            ]
        return desk_page(
            "reference_row.html",
            request,
            officer,
            status=status,
            form=form,
            kind=form.kind,
            fields=form.fields(reference, today),
            sentence=words.sentence(form.values) if preview or form.key else "",
            preview=preview,
            others=others if form.kind.may_add else [],
        )

    async def _standing(self, officer: Officer) -> Standing:
        async with self.site.references.begin() as rows:
            return await standing(rows.versions, self._today(officer))

    def _touched(self, kind: Kind, found: Standing) -> int:
        return sum(1 for one in found.draft if one.change.file == kind.table.file)

    def _today(self, officer: Officer) -> date:
        return self.site.services.reference.today(self.site.clock(), officer.desk)

    def _day(self, on: date) -> str:
        return self.site.services.reference.date_label(on)


def _kind(name: str) -> Kind:
    try:
        return kinds()[name]
    except KeyError as failure:
        raise RequestRefused("web_not_found", 404, "no such kind of reference rows") from failure
