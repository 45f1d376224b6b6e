"""`/barometer`: the public figures of the regency as a page, a picture to share, CSV and JSON."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json, raw, text

from backend.reference.loader import Reference
from backend.usecases.barometer import Barometer, Line, Quarter, barometer, closed_quarters
from backend.web import urls
from backend.web.hygiene import RequestRefused
from backend.web.ports import Site
from backend.web.templates import environment, page

# A closed quarter changes only by what is answered late.
KEPT = timedelta(hours=1)
BAR_WIDTH = 320


@dataclass(frozen=True)
class BarometerPage:
    """The handlers; `kept` holds what was counted within the last hour."""

    site: Site
    kept: dict[str, tuple[float, Barometer]] = field(default_factory=dict)

    def blueprint(self) -> Blueprint:
        """Routes of the barometer."""
        blueprint = Blueprint("barometer")
        blueprint.add_route(self.show, urls.BAROMETER, methods=["GET"], name="show_barometer")
        for ending, handler in (("csv", self.as_csv), ("json", self.as_json), ("svg", self.as_picture)):
            blueprint.add_route(
                handler, f"{urls.BAROMETER}.{ending}", methods=["GET"], name=f"barometer_{ending}"
            )
        return blueprint

    async def show(self, request: Request) -> HTTPResponse:
        """Tables and bars of one quarter, and the way to the others."""
        found = await self._asked(request)
        tables = [("Menurut urusan", found.by_issue), ("Menurut kecamatan", found.by_district)]
        return page(
            "barometer.html",
            request,
            found=found,
            title=self._title(found.quarter),
            desk=self._reference.regencies[self.site.services.home].name,
            quarters=[(one.label, self._title(one)) for one in self._quarters()],
            tables=[(name, lines, _bars(lines)) for name, lines in tables],
        )

    async def as_json(self, request: Request) -> HTTPResponse:
        """The same figures for programs."""
        found = await self._asked(request)
        named = {name: [asdict(one) for one in lines] for name, lines in _tables(found)}
        total = asdict(found.total) if found.total else None
        return json(
            {"period": found.quarter.label, "total": total, "satisfied_percent": found.satisfaction, **named}
        )

    async def as_csv(self, request: Request) -> HTTPResponse:
        """One line per cell. Names come from our own reference data, so no cell can be a formula."""
        found = await self._asked(request)
        out = io.StringIO()
        written = csv.writer(out, lineterminator="\r\n")
        written.writerow(
            ["periode", "tabel", "nama", "laporan", "dijawab_persen", "selesai_persen", "median_hari_jawab"]
        )
        for table, lines in _tables(found):
            for line in lines:
                name = "gabungan_sel_kecil" if line.name is None else line.name
                written.writerow(
                    [found.quarter.label, table, name, line.n, line.answered, line.done, line.median_days]
                )
        headers = {"Content-Disposition": f'attachment; filename="barometer-{found.quarter.label}.csv"'}
        return text(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)

    async def as_picture(self, request: Request) -> HTTPResponse:
        """A card of 1200 × 630 to share."""
        found = await self._asked(request)
        drawn = (
            environment()
            .get_template("barometer.svg")
            .render(
                found=found,
                title=self._title(found.quarter),
                desk=self._reference.regencies[self.site.services.home].name,
                bars=_bars(found.by_issue[:5], 560),
            )
        )
        return raw(drawn.encode(), content_type="image/svg+xml; charset=utf-8")

    @property
    def _reference(self) -> Reference:
        return self.site.services.reference

    def _quarters(self) -> tuple[Quarter, ...]:
        home = self.site.services.home
        return closed_quarters(self._reference.today(self.site.clock(), home))

    async def _asked(self, request: Request) -> Barometer:
        quarters = {one.label: one for one in self._quarters()}
        label = request.args.get("periode") or next(iter(quarters))
        if label not in quarters:
            raise RequestRefused("web_not_found", 404, "no such quarter, or one that is not over")
        now_s = self.site.clock().timestamp()
        counted = self.kept.get(label)
        if counted is None or now_s - counted[0] > KEPT.total_seconds():
            counted = self.kept[label] = (now_s, await self._count(quarters[label]))
        return counted[1]

    async def _count(self, quarter: Quarter) -> Barometer:
        services = self.site.services
        start, end = quarter.span(self._reference.zone(services.home).tzinfo)
        counts = await self.site.pipeline.figures(services.home, start, end)
        elsewhere = self._reference.sentence("barometer_elsewhere")

        def district(code: str | None) -> str:
            known = code is not None and code.startswith(services.home)
            return services.places.label(code).split(",")[0] if known and code else elsewhere

        return barometer(counts, quarter, lambda issue: self._reference.issue(issue).group, district)

    def _title(self, quarter: Quarter) -> str:
        first = self._reference.month_label(quarter.first).split()[0]
        last = self._reference.month_label(quarter.next.first.replace(day=1) - timedelta(days=1))
        return f"{first}–{last}"


def _tables(found: Barometer) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    return ("by_issue", found.by_issue), ("by_district", found.by_district)


def _bars(lines: tuple[Line, ...], width: int = BAR_WIDTH) -> list[dict[str, Any]]:
    """Lines with the length of their bar in the units of the drawing."""
    most = max((line.n for line in lines), default=1)
    return [{"line": line, "length": max(2, round(width * line.n / most))} for line in lines]
