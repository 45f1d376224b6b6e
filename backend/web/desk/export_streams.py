"""What each kind of export consists of, as bytes that are made while they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from backend.cases.access import Act, Officer
from backend.cases.case import Case
from backend.cases.suppression import LEAST, poured
from backend.persistence.export_rows import Export
from backend.reference.export_columns import export_columns
from backend.usecases.export_cases import Clerk, Row
from backend.usecases.sight import window_of
from backend.web.desk.monthly_report import evidence_pdf, monthly_pdf, themes_pdf
from backend.web.paper import PDF_TYPE
from backend.web.ports import Site
from backend.web.sheets import SHEETS, ZIP_TYPE, Bundle, CsvSheet

BATCH = 200
Noted = Callable[[int], Awaitable[None]]


@dataclass(frozen=True)
class Kind:
    """How an export can be had, who may have it, and whether cases stand in it one by one."""

    formats: tuple[str, ...]
    act: Act
    of_cases: bool


KINDS: dict[str, Kind] = {
    "bulanan": Kind(("pdf",), Act.SEE_FIGURES, of_cases=False),
    "sp4n": Kind(("xlsx", "csv"), Act.EXPORT, of_cases=True),
    "ombudsman": Kind(("zip",), Act.EXPORT, of_cases=True),
    "musrenbang": Kind(("xlsx", "csv", "pdf"), Act.SEE_FIGURES, of_cases=False),
}
TYPES = {"pdf": PDF_TYPE, "zip": ZIP_TYPE, **{name: kind for name, (_, kind) in SHEETS.items()}}


@dataclass
class Sending:
    """One export on its way; `n_done` counts its rows."""

    site: Site
    officer: Officer
    export: Export
    noted: Noted
    n_done: int = 0

    def blocks(self) -> AsyncIterator[bytes]:
        """All of it, in order."""
        match self.export.kind:
            case "sp4n":
                return self._sp4n()
            case "ombudsman":
                return self._evidence()
            case "musrenbang" if self.export.format != "pdf":
                return self._themes()
            case _:
                return self._paper()

    async def _sp4n(self) -> AsyncIterator[bytes]:
        columns = export_columns()["sp4n"]
        sheet = SHEETS[self.export.format][0]()
        yield sheet.begin(list(columns.values()))
        async for rows in self._rows("sp4n"):
            yield await asyncio.to_thread(sheet.rows, rows)
        yield sheet.end()

    async def _evidence(self) -> AsyncIterator[bytes]:
        """Two sheets and a summary on paper."""
        bundle, sheet = Bundle(), CsvSheet()
        for name, file in (("evidence", "laporan.csv"), ("timeline", "riwayat.csv")):
            yield bundle.member(file)
            yield bundle.write(sheet.begin(list(export_columns()[name].values())))
            async for rows in self._rows(name):
                yield bundle.write(sheet.rows(rows))
        yield bundle.member("ringkasan.pdf")
        yield bundle.write(await evidence_pdf(self.site, self.officer, self.export))
        yield bundle.end()

    async def _rows(self, sheet: str) -> AsyncIterator[list[Row]]:
        """The rows of a sheet, a batch at a time; how far it is stands in the ledger after each."""
        services = self.site.services
        today = services.reference.today(self.site.clock(), self.export.desk)
        clerk, columns = Clerk(services.reference, self.export.desk, today), export_columns()[sheet]

        def written(cases: tuple[Case, ...]) -> list[Row]:
            return [row for case in cases for row in clerk.rows(sheet, case, columns)]

        async for cases in self._cases():
            # Looking for names in words takes time: in a thread, so that nobody else waits for it.
            yield await asyncio.to_thread(written, cases)
            self.n_done += len(cases)
            await self.noted(self.n_done)

    async def _cases(self) -> AsyncIterator[tuple[Case, ...]]:
        """Each page in a transaction of its own: a slow line holds no connection."""
        start, end = span_of(self.site, self.export)
        after = None
        while True:
            async with self.site.open_desk_uow(self.officer) as uow:
                found = await uow.exported.page(self.export.desk, start, end, after, BATCH)
            if not found:
                return
            after = (found[-1].filed_at, found[-1].id)
            yield found

    async def _themes(self) -> AsyncIterator[bytes]:
        rows = await theme_rows(self.site, self.officer, self.export)
        sheet = SHEETS[self.export.format][0]()
        yield sheet.begin(list(export_columns()["themes"].values()))
        yield sheet.rows(rows)
        yield sheet.end()
        await self._whole(len(rows))

    async def _paper(self) -> AsyncIterator[bytes]:
        if self.export.kind == "bulanan":
            yield await monthly_pdf(self.site, self.officer, self.export)
        else:
            rows = await theme_rows(self.site, self.officer, self.export)
            yield await themes_pdf(self.site, self.officer, self.export, rows)
        await self._whole(self.export.n_total)

    async def _whole(self, n: int) -> None:
        self.n_done = n
        await self.noted(n)


def span_of(site: Site, export: Export) -> tuple[datetime, datetime]:
    """The moments between which its cases were filed."""
    reference = site.services.reference
    today = reference.today(site.clock(), export.desk)
    window = window_of(reference, export.desk, today, export.first, export.last)
    return window.start, window.end


async def theme_rows(site: Site, officer: Officer, export: Export) -> list[Row]:
    """Themes of each district, the largest first. The plan is public: what is rare is poured together."""
    reference, places = site.services.reference, site.services.places
    today = reference.today(site.clock(), export.desk)
    window = window_of(reference, export.desk, today, export.first, export.last)
    async with site.open_desk_uow(officer) as uow:
        found = await uow.sight.themes(window)
    by_district: dict[str, dict[str, int]] = {}
    for district, issue, n in found:
        own = district if district.startswith(export.desk) else ""
        by_district.setdefault(own, {}).setdefault(issue, 0)
        by_district[own][issue] += n
    rows: list[Row] = []
    for district in sorted(by_district, key=lambda code: (not code, code)):
        name = places.label(district).split(",")[0] if district else reference.sentence("barometer_elsewhere")
        cells = by_district[district]
        shown, hidden = poured(cells)
        for issue in sorted(shown, key=lambda one: (-shown[one], one)):
            known = reference.issue(issue)
            rows.append([name, known.group, known.label, shown[issue]])
        rest = sum(cells[one] for one in hidden)
        if rest >= LEAST:
            rows.append([name, None, reference.sentence("export_rest"), rest])
    return rows
