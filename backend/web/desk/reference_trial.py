"""The dry run of a draft, told while it is counted: the page begins at once and says how far it is, however many cases there are."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sanic import HTTPResponse, Request

from backend.cases.access import Officer
from backend.cases.case import Case
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.reference.loader import Reference
from backend.usecases.reach import Reach
from backend.usecases.try_reference import PAGE, DryRun, try_reference
from backend.web.ports import Site
from backend.web.templates import environment

# Where `reference_draft.html` leaves room for the result.
PLACE = "<!--counting-->"
TOLD_EVERY_S = 1.0


@dataclass(frozen=True)
class InPages:
    """`RecentCases` with a transaction for each page: a long run holds no connection."""

    open: Callable[[], DeskUnitOfWork]

    async def n_filed_since(self, since: datetime, among: Reach | None = None) -> int:
        """Of the cases in view."""
        async with self.open() as uow:
            return await uow.cases.n_filed_since(since, among)

    async def filed_since(
        self, since: datetime, before: Case | None = None, limit: int = PAGE, among: Reach | None = None
    ) -> tuple[Case, ...]:
        """Of the cases in view."""
        async with self.open() as uow:
            return await uow.cases.filed_since(since, before, limit, among)


async def counted(
    site: Site,
    request: Request,
    officer: Officer,
    page: HTTPResponse,
    current: Reference,
    changed: Reference,
) -> HTTPResponse:
    """Send the page up to its `PLACE`, how far the run is, its result, and the rest of the page."""
    head, place, rest = bytes(page.body or b"").decode().partition(PLACE)
    if not place:
        raise ValueError("the page leaves no room for a result")
    response = await request.respond(content_type="text/html; charset=utf-8")
    await response.send(head)
    last = time.monotonic()

    async def told(trial: DryRun) -> None:
        nonlocal last
        if time.monotonic() - last >= TOLD_EVERY_S:
            last = time.monotonic()
            await response.send(_part("reference_counting.html", trial=trial))

    register = InPages(lambda: site.open_desk_uow(officer))
    trial = await try_reference(current, changed, register, officer.desk, site.clock(), told)
    today = site.services.reference.today(site.clock(), officer.desk)
    values = result(trial, site.services.reference, today)
    await response.send(_part("reference_trial.html", trial=values) + rest)
    return None  # type: ignore[return-value]  # it is on its way already


def _part(template: str, **values: Any) -> str:
    return environment().get_template(template).render(**values)


def result(trial: DryRun, reference: Reference, today: date) -> dict[str, Any]:
    """Counts by pair of offices, and the newest cases by number; words of nobody."""
    name = reference.agency_name
    return {
        "n": trial.n_cases,
        "n_opened": trial.n_opened,
        "n_moved": trial.n_changes,
        "pairs": [(name(old, today), name(new, today), n) for (old, new), n in trial.pairs.most_common()],
        "moved": [
            (
                one.number,
                reference.issue(one.issue).label,
                name(one.now.agency, today),
                name(one.then.agency, today),
            )
            for one in trial.changes
        ],
        "n_dates": trial.n_dates,
        "dates": [
            (
                one.number,
                reference.issue(one.issue).label,
                reference.date_label(one.now.on),
                reference.date_label(one.then.on),
            )
            for one in trial.dates
        ],
        "findings": trial.findings,
    }
