"""`/meja/unduhan`: files that leave the desk. Each is asked for with a reason, written into the audit, and made while it is sent."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json, redirect

from backend.cases.access import Officer, has
from backend.persistence.export_rows import Export
from backend.usecases.periods import month_of, months_before, period
from backend.web import urls
from backend.web.desk.export_streams import KINDS, TYPES, Sending, span_of
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs, record
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site

ONE = "<export_id:[0-9a-f]{32}>"
ACTS = tuple(dict.fromkeys(kind.act for kind in KINDS.values()))
SHORTEST_REASON, LONGEST_REASON = 10, 300
MONTHS_OFFERED = 24
# So long a file can be fetched, also again when the line broke; afterwards it is asked for anew.
FETCHED_WITHIN = timedelta(minutes=20)


@dataclass(frozen=True)
class ExportPages:
    """The handlers. No file is kept: what is not fetched was never made."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Their routes."""
        pages = Blueprint("exports")
        for path, handler, method in (
            (urls.EXPORTS, self.show_exports, "GET"),
            (urls.EXPORTS, self.ask, "POST"),
            (f"{urls.EXPORTS}/{ONE}", self.show_export, "GET"),
            (f"{urls.EXPORTS}/{ONE}/kabar", self.news, "GET"),
            (f"{urls.EXPORTS}/{ONE}/berkas", self.fetch, "GET"),
        ):
            pages.add_route(handler, path, methods=[method], name=f"{handler.__name__}_{method.lower()}")
        return pages

    @needs(*ACTS)
    async def show_exports(self, request: Request, officer: Officer) -> HTTPResponse:
        """What can be taken, and what this position took last."""
        return await self._page(request, officer)

    @needs(*ACTS)
    async def ask(self, request: Request, officer: Officer) -> HTTPResponse:
        """Written down before anything is sent."""
        kind, _, fmt = form_text(request, "berkas").partition(".")
        reason = form_text(request, "alasan").strip()[:LONGEST_REASON]
        if kind not in KINDS or fmt not in KINDS[kind].formats:
            raise RequestRefused("web_malformed", 400, "no such export")
        if not has(officer, KINDS[kind].act):
            raise RequestRefused("desk_forbidden", 403, f"{kind} refused to {officer.role}")
        if len(reason) < SHORTEST_REASON:
            problem = self.site.services.reference.sentence("export_reason_short")
            return await self._page(request, officer, status=422, problem=problem, reason=reason)
        now = self.site.clock()
        asked = period(form_text(request, "bulan"), self.site.services.reference.today(now, officer.desk))
        export = Export(
            secrets.token_hex(16),
            officer.id,
            officer.desk,
            kind,
            fmt,
            asked.first,
            asked.last,
            reason,
            "asked",
            0,
            0,
            now,
        )
        export = await self._counted(export, officer)
        async with self.site.accounts.begin() as rows:
            await rows.exports.add(export)
        await record(request, officer, "export_asked", None, reason, **told(export))
        return redirect(urls.export(export.id), status=303)

    @needs(*ACTS)
    async def show_export(self, request: Request, officer: Officer, export_id: str) -> HTTPResponse:
        """Ready to be fetched; while it is sent, how far it is."""
        export = await self._found(export_id, officer)
        return desk_page("export.html", request, officer, **self._told(export))

    @needs(*ACTS)
    async def news(self, request: Request, officer: Officer, export_id: str) -> HTTPResponse:
        """How far it is, for the page that watches."""
        export = await self._found(export_id, officer)
        return json({"status": export.status, "n_done": export.n_done, "n_total": export.n_total})

    @needs(*ACTS)
    async def fetch(self, request: Request, officer: Officer, export_id: str) -> HTTPResponse:
        """The file. That it was taken, or how much of it, is in the audit whatever happens on the way."""
        export = await self._found(export_id, officer)
        if not has(officer, KINDS[export.kind].act):
            raise RequestRefused("desk_forbidden", 403, f"{export.kind} refused to {officer.role}")
        if self.site.clock() - export.made_at > FETCHED_WITHIN:
            raise RequestRefused("export_gone", 410, "an export that was asked for too long ago")
        name = f"{export.kind}-{export.first:%Y-%m}.{export.format}"
        sending = Sending(self.site, officer, export, lambda n: self._note(export, "sending", n))
        response = await request.respond(
            content_type=TYPES[export.format],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
        status = "broken"
        await self._note(export, "sending", 0)
        try:
            async for block in sending.blocks():
                if block:
                    await response.send(block)
            status = "done"
        finally:
            await asyncio.shield(self._ended(request, officer, export, status, sending.n_done))
        return None  # type: ignore[return-value]  # it is on its way already

    async def _ended(
        self, request: Request, officer: Officer, export: Export, status: str, n_done: int
    ) -> None:
        await self._note(export, status, n_done)
        action = "export_taken" if status == "done" else "export_broken"
        await record(request, officer, action, None, export.reason, **told(export), n_sent=str(n_done))

    async def _note(self, export: Export, status: str, n_done: int) -> None:
        ended = None if status == "sending" else self.site.clock()
        async with self.site.accounts.begin() as rows:
            await rows.exports.note(export.id, status, n_done, ended)

    async def _counted(self, export: Export, officer: Officer) -> Export:
        """With the number of rows to come; an evidence pack goes through its cases twice."""
        async with self.site.open_desk_uow(officer) as uow:
            n = await uow.exported.count(export.desk, *span_of(self.site, export))
        values = {name: getattr(export, name) for name in Export.__dataclass_fields__}
        return Export(**{**values, "n_total": 2 * n if export.kind == "ombudsman" else n})

    async def _found(self, export_id: str, officer: Officer) -> Export:
        async with self.site.accounts.begin() as rows:
            export = await rows.exports.find(export_id, officer.id)
        if export is None:
            raise RequestRefused("web_not_found", 404, "no such export of this position")
        return export

    def _told(self, export: Export) -> dict[str, Any]:
        reference = self.site.services.reference
        at = export.made_at.astimezone(reference.zone(export.desk).tzinfo)
        return {
            "export": export,
            "month": reference.month_label(export.first),
            "asked_at": f"{reference.date_label(at.date())} {at:%H.%M}",
            "in_time": self.site.clock() - export.made_at <= FETCHED_WITHIN,
        }

    async def _page(
        self, request: Request, officer: Officer, *, status: int = 200, problem: str = "", reason: str = ""
    ) -> HTTPResponse:
        reference = self.site.services.reference
        today = reference.today(self.site.clock(), officer.desk)
        last_month = months_before(today, 2)[0]
        async with self.site.accounts.begin() as rows:
            latest = await rows.exports.latest(officer.id)
        chosen = form_text(request, "bulan") or month_of(last_month).key
        return desk_page(
            "exports.html",
            request,
            officer,
            status=status,
            kinds={name: kind for name, kind in KINDS.items() if has(officer, kind.act)},
            months=[
                (f"{first:%Y-%m}", reference.month_label(first))
                for first in reversed(months_before(today, MONTHS_OFFERED))
            ],
            chosen=chosen,
            chosen_kind=form_text(request, "berkas"),
            latest=[self._told(one) for one in latest],
            problem=problem,
            reason=reason,
        )


def told(export: Export) -> dict[str, str]:
    """What the audit keeps of it."""
    return {
        "kind": export.kind,
        "format": export.format,
        "first": export.first.isoformat(),
        "last": export.last.isoformat(),
        "n_rows": str(export.n_total),
    }
