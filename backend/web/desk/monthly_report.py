"""Figures of a month on paper, for people who decide: what came in, what is late and whose, what citizens said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.cases.access import Officer
from backend.cases.workdays import n_workdays_between
from backend.persistence.export_rows import Export
from backend.persistence.work_list import Wish
from backend.usecases.periods import Period
from backend.usecases.sight import Sight, look
from backend.web.desk.list_wish import STILL_OPEN
from backend.web.desk.sight_map import sight_map
from backend.web.desk.sight_view import SightView
from backend.web.paper import printed
from backend.web.ports import Site

MOST_LATE = 18
MOST_LINES = 14


@dataclass(frozen=True)
class _Read:
    sight: Sight
    late: list[dict[str, Any]]
    view: SightView
    today: date


async def monthly_pdf(site: Site, officer: Officer, export: Export) -> bytes:
    """One to four pages."""
    found = await _read(site, officer, export)
    return await printed(
        "paper_monthly.html",
        **_frame(site, officer, found),
        late=found.late,
        map=sight_map(site, found.view, found.sight.districts, linked=False),
        most_lines=MOST_LINES,
        **found.view.shown(found.sight),
    )


async def evidence_pdf(site: Site, officer: Officer, export: Export) -> bytes:
    """The first page of an evidence pack: promises kept and broken, by office."""
    found = await _read(site, officer, export)
    return await printed(
        "paper_evidence.html", **_frame(site, officer, found), export=export, **found.view.shown(found.sight)
    )


async def themes_pdf(site: Site, officer: Officer, export: Export, rows: Sequence[Sequence[Any]]) -> bytes:
    """Themes by district, a table for each."""
    found = await _read(site, officer, export)
    districts: dict[str, list[Sequence[Any]]] = {}
    for row in rows:
        districts.setdefault(str(row[0]), []).append(row)
    return await printed("paper_themes.html", **_frame(site, officer, found), themes=districts)


def _frame(site: Site, officer: Officer, found: _Read) -> dict[str, Any]:
    reference = site.services.reference
    whose = found.view.office(officer.agency) if officer.agency else None
    return {
        "desk": reference.regencies[officer.desk].name,
        "whose": whose,
        "month": reference.month_label(found.view.period.first),
        "span": found.view.span(),
        "printed_on": reference.date_label(found.today),
    }


async def _read(site: Site, officer: Officer, export: Export) -> _Read:
    reference, now = site.services.reference, site.clock()
    today = reference.today(now, officer.desk)
    asked = Period("", export.first, export.last)
    view = SightView(site.services, officer.desk, today, asked, {}, linked=False)
    async with site.open_desk_uow(officer) as uow:
        sight, _ = await look(uow.sight, asked, reference, officer.desk, now)
        rows, _ = await uow.work_list.page(Wish(states=STILL_OPEN, due_before=today), MOST_LATE)
    calendar = reference.calendar(officer.desk)
    late = [
        {
            "number": row.number,
            "issue": view.issue(row.issue),
            "where": (row.place_label or "").split(",")[0],
            "office": view.office(row.agency),
            "days": n_workdays_between(row.due_on, today, calendar),
        }
        for row in rows
    ]
    return _Read(sight, late, view, today)
