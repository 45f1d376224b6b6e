"""`/meja/audit`: who did what, when and why, for the auditor. Looking is written down, too."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.access import Act, Officer
from backend.persistence.audit_view import PAGE, Entry, Place, Wanted
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs, record
from backend.web.hygiene import RequestRefused
from backend.web.ports import Site

FILTERS = ("laporan", "jabatan", "tindakan", "dari", "sampai")


@dataclass(frozen=True)
class AuditPage:
    """The viewer; nothing can be changed here."""

    site: Site

    def blueprint(self) -> Blueprint:
        """The route."""
        pages = Blueprint("audit")
        pages.add_route(self.show, urls.AUDIT, methods=["GET"], name="show_audit")
        return pages

    @needs(Act.READ_AUDIT)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """A page of entries by the filters in the address."""
        given = {name: request.args.get(name, "").strip()[:80] for name in FILTERS}
        wanted = self._wanted(officer, given, request.args.get("sebelum", ""))
        await record(
            request, officer, "audit_read", **{name: value for name, value in given.items() if value}
        )
        async with self.site.accounts.begin() as rows:
            entries = await rows.audit_view.page(wanted)
            n_anchors, anchored_at = await rows.audit_view.anchored()
            positions = await rows.positions.of_desk(officer.desk)
        more = _written(entries[-1].place) if len(entries) == PAGE else ""
        titles = {one.officer.id: one.officer.title for one in positions}
        zone = self.site.services.reference.zone(officer.desk).tzinfo
        return desk_page(
            "audit.html",
            request,
            officer,
            entries=[
                (entry, entry.place[0].astimezone(zone), self._details(entry, titles)) for entry in entries
            ],
            positions=[one.officer for one in positions],
            given=given,
            more=more,
            n_anchors=n_anchors,
            anchored_at=anchored_at.astimezone(zone) if anchored_at else None,
        )

    def _details(self, entry: Entry, titles: dict[str, str]) -> list[tuple[str, str]]:
        """Name and value; a state by the word that officers know it by, a position by its title."""
        labels = {str(state): words.label for state, words in self.site.services.reference.states.items()}
        labels |= titles
        return [(name, labels.get(str(value), str(value))) for name, value in sorted(entry.details.items())]

    def _wanted(self, officer: Officer, given: dict[str, str], before: str) -> Wanted:
        zone = self.site.services.reference.zone(officer.desk).tzinfo
        since, until = _day(given["dari"]), _day(given["sampai"])
        return Wanted(
            desk=officer.desk,
            case_number=given["laporan"],
            actor=given["jabatan"],
            action=given["tindakan"],
            since=datetime.combine(since, time.min, zone) if since else None,
            until=datetime.combine(until + timedelta(days=1), time.min, zone) if until else None,
            before=_read(before) if before else None,
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as failure:
        raise RequestRefused("web_malformed", 400, "no day") from failure


def _written(place: Place) -> str:
    at, chain, seq = place
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), chain, seq]).encode()).decode()


def _read(text: str) -> Place:
    try:
        at, chain, seq = json.loads(base64.urlsafe_b64decode(text))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment, str(chain), int(seq)
    except (ValueError, TypeError) as failure:
        raise RequestRefused("web_malformed", 400, "no place in the audit") from failure
