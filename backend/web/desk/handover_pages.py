"""`/meja/serah`: cases that LAPOR! does not have yet, ready to be copied field by field, and the numbers that it gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect, text

from backend.cases.access import Act, Officer
from backend.cases.case import Case
from backend.cases.errors import HandOverRefused
from backend.cases.submission import ReplyThere, Way
from backend.lapor import sheet
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.reference.lapor_fields import lapor_fields
from backend.usecases.hand_on import answer_there, record_by_hand, reply_told, submission_of
from backend.web import urls
from backend.web.desk.case_files import files_of
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import case_in_view, needs, record
from backend.web.hygiene import form_file, form_text
from backend.web.ports import Site

A_PAGE, A_SHEET, A_LEDGER = 10, 500, 50


@dataclass(frozen=True)
class HandOverPages:
    """The work list of the bridge by hand. The officer's scope decides what is on it."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its routes."""
        pages = Blueprint("hand_over")
        for path, handler, method in (
            ("", self.show, "GET"),
            ("/buku", self.ledger, "GET"),
            ("/nomor", self.number, "POST"),
            ("/jawaban", self.answered, "POST"),
            ("/lembar", self.take_sheet, "GET"),
            ("/lembar", self.bring_sheet, "POST"),
        ):
            name = f"{handler.__name__}_{method.lower()}"
            pages.add_route(handler, f"{urls.HAND_OVER}{path}", methods=[method], name=name)
        return pages

    @needs(Act.HAND_ON)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """One page of the list."""
        return await self._page(request, officer)

    @needs(Act.HAND_ON)
    async def ledger(self, request: Request, officer: Officer) -> HTTPResponse:
        """What was handed on, when, by whom and how it stands there; differences and failures named."""
        at, _, case_id = str(request.args.get("sebelum", "")).partition("_")
        try:
            before = (datetime.fromisoformat(at), case_id) if case_id else None
        except ValueError:
            before = None  # somebody wrote into the address: the first page
        async with self.site.open_desk_uow(officer) as uow:
            lines = await uow.handovers.ledger(A_LEDGER, before)
        async with self.site.accounts.begin() as rows:
            titles = {one.officer.id: one.officer.title for one in await rows.positions.of_desk(officer.desk)}
        last = lines[-1][1] if len(lines) == A_LEDGER else None
        zone = self.site.services.reference.zone(officer.desk).tzinfo
        return desk_page(
            "ledger.html",
            request,
            officer,
            lines=[
                (number, line, (line.handed_on_at or line.begun_at).astimezone(zone), titles.get(line.by))
                for number, line in lines
            ],
            older=f"{last.begun_at.isoformat()}_{last.case_id}" if last else "",
            fields={name: one.label for name, one in lapor_fields().items()},
        )

    @needs(Act.HAND_ON)
    async def number(self, request: Request, officer: Officer) -> HTTPResponse:
        """`Sudah, nomornya …`: one case is in LAPOR!."""
        own = form_text(request, "case")
        problem = await self._record(officer, own, form_text(request, "number"))
        if problem:
            return await self._page(request, officer, status=422, problems={own: problem})
        return redirect(f"{urls.HAND_OVER}?sudah={own}", status=303)

    @needs(Act.HAND_ON)
    async def answered(self, request: Request, officer: Officer) -> HTTPResponse:
        """`Sudah saya salin`: an answer stands at LAPOR!."""
        message = form_text(request, "message")
        async with self.site.open_desk_uow(officer) as uow:
            case = await case_in_view(
                uow, officer, await uow.cases.by_number(form_text(request, "case")), Act.HAND_ON
            )
            for line in await uow.replies_there.of_case(case.id):
                if line.message_id == message:
                    await reply_told(line, officer.id, uow, case.time_kept(self.site.clock()))
            await uow.commit()
        return redirect(f"{urls.HAND_OVER}?jawaban={case.number}", status=303)

    @needs(Act.HAND_ON)
    async def take_sheet(self, request: Request, officer: Officer) -> HTTPResponse:
        """The whole list as CSV."""
        reference, form = self.site.services.reference, lapor_fields()
        async with self.site.open_desk_uow(officer) as uow:
            cases = await uow.handovers.never(Way.MANUAL, A_SHEET)
            many = [await submission_of(case, uow, reference, form) for case in cases]
        await record(request, officer, "lapor_sheet_taken", None, "", n_cases=str(len(many)))
        headers = {"Content-Disposition": 'attachment; filename="belum-diserahkan.csv"'}
        body = sheet.written(many, reference, form)
        return text(body, content_type="text/csv; charset=utf-8", headers=headers)

    @needs(Act.HAND_ON)
    async def bring_sheet(self, request: Request, officer: Officer) -> HTTPResponse:
        """Numbers from a sheet: what fits is written, what does not is named by its row."""
        try:
            rows = sheet.read((form_file(request, "sheet") or b"").decode("utf-8"), lapor_fields())
        except (sheet.SheetRefused, UnicodeDecodeError) as refusal:
            key = str(refusal) if isinstance(refusal, sheet.SheetRefused) else "lapor_sheet_broken"
            return await self._page(request, officer, status=422, row_problems=[(0, self._say(key))])
        problems, n_done = [], 0
        for one in rows:
            problem = self._say(one.problem) if one.problem else None
            problem = problem or await self._record(officer, one.reference, one.number)
            n_done += problem is None
            if problem:
                problems.append((one.row, problem))
        return await self._page(request, officer, row_problems=problems, n_done=n_done)

    async def _record(self, officer: Officer, own: str, typed: str) -> str | None:
        """The sentence of what is wrong, None when it is written."""
        async with self.site.open_desk_uow(officer) as uow:
            case = await uow.cases.by_number(own)
            if case is None:
                return self._say("lapor_sheet_unknown")
            await case_in_view(uow, officer, case, Act.HAND_ON)
            try:
                await record_by_hand(
                    case, typed, officer.id, uow, self.site.services.reference, self.site.clock()
                )
            except HandOverRefused as refusal:
                return self._say(refusal.sentence)
            await uow.commit()
        return None

    def _say(self, key: str) -> str:
        return self.site.services.reference.sentence(key)

    async def _page(
        self, request: Request, officer: Officer, *, status: int = 200, **values: Any
    ) -> HTTPResponse:
        after = str(request.args.get("setelah", ""))
        async with self.site.open_desk_uow(officer) as uow:
            cases = await uow.handovers.never(Way.MANUAL, A_PAGE + 1, after)
            rows = [await self._row(case, officer, uow) for case in cases[:A_PAGE]]
            waiting = await uow.replies_there.waiting(A_PAGE)
            answers = [one for line in waiting if (one := await self._answer(line, uow))]
        more = f"{urls.HAND_OVER}?setelah={cases[A_PAGE - 1].id}" if len(cases) > A_PAGE else None
        shown = {row["number"] for row in rows}
        # A case that left the list meanwhile has no form to stand under.
        elsewhere = [(0, said) for own, said in values.get("problems", {}).items() if own not in shown]
        values["row_problems"] = [*elsewhere, *values.get("row_problems", [])]
        defaults = {
            "problems": {},
            "n_done": None,
            "done": request.args.get("sudah", ""),
            "answered": request.args.get("jawaban", ""),
            "answers": answers,
        }
        return desk_page(
            "hand_over.html", request, officer, status=status, rows=rows, more=more, **{**defaults, **values}
        )

    async def _answer(self, line: ReplyThere, uow: DeskUnitOfWork) -> dict[str, Any] | None:
        found = await answer_there(line, uow)
        if found is None:
            return None
        case, words = found
        return {
            "message": line.message_id,
            "number": case.number,
            "title": self.site.services.reference.issue(case.issue).label,
            "their_number": case.lapor_tracking_id,
            "words": words,
            "failed": line.last_error is not None,
        }

    async def _row(self, case: Case, officer: Officer, uow: DeskUnitOfWork) -> dict[str, Any]:
        reference, form = self.site.services.reference, lapor_fields()
        files = await files_of(uow, officer, case, frozenset())
        waiting = [one for one in files if one.waits]
        sent = await submission_of(case, uow, reference, form)
        line = await uow.handovers.of_case(case.id)
        return {
            "number": case.number,
            "title": sent.title,
            "fields": [(label, value) for label, value in sheet.cells(sent, reference, form) if value],
            "anonymous": sent.anonymous,
            "secret": sent.secret,
            "photos": sent.attachments,
            "waiting": [] if case.is_sealed else waiting,
            "n_never": len(waiting) if case.is_sealed else 0,
            "line": line,
        }
