"""`/meja/akun/cuti`: who works one's cases while one is away, and for whom one works oneself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.absence import Absence, are_days, can_stand_in
from backend.cases.access import Act, Officer
from backend.persistence.officer_rows import Position
from backend.usecases.ports import AuditEntry
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs, record, secret_of
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site

FIELDS = ("stand_in", "first_day", "last_day")


@dataclass(frozen=True)
class AbsencePages:
    """Absences of the own position, and the places one may take. Whoever works in somebody's place names nobody: it is not handed on twice."""

    site: Site

    def blueprint(self) -> Blueprint:
        """The routes."""
        pages = Blueprint("absences")
        pages.add_route(self.show, urls.ABSENCE, methods=["GET"], name="show_absences")
        pages.add_route(self.name, urls.ABSENCE, methods=["POST"], name="name_stand_in")
        for part, handler in (("akhiri", self.end), ("gantikan", self.take), ("selesai", self.leave)):
            pages.add_route(
                handler, f"{urls.ABSENCE}/{part}", methods=["POST"], name=f"{handler.__name__}_place"
            )
        return pages

    @needs(Act.SEE_CASES)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """What is planned, whom one stands in for, and the form."""
        return await self._page(request, officer)

    @needs(Act.SEE_CASES)
    async def name(self, request: Request, officer: Officer) -> HTTPResponse:
        """Somebody is named for some days; it begins and ends by itself."""
        self._in_own_place(officer)
        given = {field: form_text(request, field).strip() for field in FIELDS}
        async with self.site.accounts.begin() as rows:
            positions = await rows.positions.of_desk(officer.desk)
            absence, wrong = self._read(given, officer, positions)
            if absence is not None and not await rows.absences.add(absence, self.site.clock()):
                absence, wrong = None, "taken"
            if absence is not None:
                days = {"first": absence.first_day.isoformat(), "last": absence.last_day.isoformat()}
                details = {"stand_in": absence.stand_in_id, **days}
                await rows.audit.add(
                    AuditEntry(self.site.clock(), officer.id, "absence_named", details=details)
                )
        if absence is None:
            return await self._page(request, officer, 422, wrong=wrong, given=given)
        return redirect(f"{urls.ABSENCE}?beres=tunjuk", status=303)

    @needs(Act.SEE_CASES)
    async def end(self, request: Request, officer: Officer) -> HTTPResponse:
        """Back early, or not away after all."""
        self._in_own_place(officer)
        absence_id = form_text(request, "absence")
        async with self.site.accounts.begin() as rows:
            if not await rows.absences.end(absence_id, officer.id, self.site.clock()):
                raise RequestRefused("web_not_found", 404, "no such absence of this position")
            entry = AuditEntry(self.site.clock(), officer.id, "absence_ended")
            await rows.audit.add(entry)
        return redirect(f"{urls.ABSENCE}?beres=akhiri", status=303)

    @needs(Act.SEE_CASES)
    async def take(self, request: Request, officer: Officer) -> HTTPResponse:
        """This session works in the place of somebody absent from now on."""
        self._in_own_place(officer)
        async with self.site.accounts.begin() as rows:
            duties = await rows.absences.duties(
                officer, self._today(officer), form_text(request, "absence") or "-"
            )
            if not duties:
                raise RequestRefused("web_not_found", 404, "no absence on which this position stands in")
            await rows.absences.take_place(secret_of(request), duties[0].absence.id)
        await record(request, duties[0].taken_by(officer), "place_taken")
        return redirect(urls.DESK, status=303)

    @needs(Act.SEE_CASES)
    async def leave(self, request: Request, officer: Officer) -> HTTPResponse:
        """Back to the own position."""
        async with self.site.accounts.begin() as rows:
            await rows.absences.take_place(secret_of(request), None)
        if officer.stands_for:
            await record(request, officer, "place_left")
        return redirect(urls.DESK, status=303)

    def _in_own_place(self, officer: Officer) -> None:
        if officer.stands_for:
            raise RequestRefused("desk_forbidden", 403, "what was handed on is not handed on again")

    def _read(
        self, given: dict[str, str], officer: Officer, positions: tuple[Position, ...]
    ) -> tuple[Absence | None, str]:
        """The absence, or what is wrong: days or stand_in."""
        today = self._today(officer)
        own = next(one for one in positions if one.officer.id == officer.id)
        try:
            first, last = (date.fromisoformat(given[field]) for field in ("first_day", "last_day"))
        except ValueError:
            return None, "days"
        if not are_days(first, last, today, own.holder.sk_until):
            return None, "days"
        if given["stand_in"] not in {id for id, _ in self._colleagues(officer, positions)}:
            return None, "stand_in"
        return Absence(secrets.token_hex(16), officer.id, given["stand_in"], first, last), ""

    def _colleagues(self, officer: Officer, positions: tuple[Position, ...]) -> list[tuple[str, str]]:
        """Id and title of whom this officer may name."""
        today = self._today(officer)
        return [
            (one.officer.id, one.officer.title)
            for one in positions
            if one.active and one.holder.sk_until >= today and can_stand_in(one.officer, officer)
        ]

    def _today(self, officer: Officer) -> date:
        return self.site.services.reference.today(self.site.clock(), officer.desk)

    async def _page(self, request: Request, officer: Officer, status: int = 200, **told: Any) -> HTTPResponse:
        today, reference = self._today(officer), self.site.services.reference
        async with self.site.accounts.begin() as rows:
            positions = await rows.positions.of_desk(officer.desk)
            own = await rows.absences.of_officer(officer.id, today)
            duties = await rows.absences.duties(officer, today) if not officer.stands_for else ()
        titles = {one.officer.id: one.officer.title for one in positions}

        def days(one: Absence) -> str:
            return f"{reference.date_label(one.first_day)} – {reference.date_label(one.last_day)}"

        values = {
            "own": [(one, titles[one.stand_in_id], days(one), one.is_on(today)) for one in own],
            "duties": [(one.absence.id, one.absent.title, days(one.absence)) for one in duties],
            "colleagues": self._colleagues(officer, positions),
            "today": today.isoformat(),
            "done": request.args.get("beres", ""),
            "wrong": "",
            "given": dict.fromkeys(FIELDS, ""),
            **told,
        }
        return desk_page("absence.html", request, officer, status=status, **values)
