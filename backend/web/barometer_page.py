"""`/barometer`: the public figures of the regency as a page, a picture to share, CSV and JSON."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json, raw, text

from backend.cases.suppression import Share
from backend.reference.loader import Reference
from backend.usecases.barometer import Barometer, Line, barometer, settled_months, span
from backend.web import urls
from backend.web.barometer_map import barometer_map
from backend.web.drawing.card import card
from backend.web.drawing.marks import number
from backend.web.hygiene import RequestRefused
from backend.web.ports import Site
from backend.web.templates import environment, page

BAR_WIDTH = 320
BARS_OF_PICTURE = 5
CSV_COLUMNS = ["periode", "tabel", "nama", "laporan", "dijawab_persen", "selesai_persen", "median_hari_jawab"]


@dataclass(frozen=True)
class Told:
    """A month as it was published."""

    month: date
    found: Barometer
    counted_on: date

    @property
    def label(self) -> str:
        """As in an address: `2026-10`."""
        return f"{self.month:%Y-%m}"


@dataclass(frozen=True)
class BarometerPage:
    """The handlers. Every form of a month comes from the one count that was published."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes of the barometer."""
        blueprint = Blueprint("barometer")
        blueprint.add_route(self.show, urls.BAROMETER, methods=["GET"], name="show_barometer")
        for ending, handler in (
            ("csv", self.as_csv),
            ("json", self.as_json),
            ("svg", self.as_drawing),
            ("png", self.as_picture),
        ):
            blueprint.add_route(
                handler, f"{urls.BAROMETER}.{ending}", methods=["GET"], name=f"barometer_{ending}"
            )
        return blueprint

    async def show(self, request: Request) -> HTTPResponse:
        """Tables and bars of one month, and the way to the others."""
        told = await self._asked(request)
        tables = [("Menurut urusan", told.found.by_issue), ("Menurut kecamatan", told.found.by_district)]
        return page(
            "barometer.html",
            request,
            told=told,
            found=told.found,
            number=number,
            title=self._title(told.month),
            desk=self._desk,
            counted_on=self._reference.date_label(told.counted_on),
            public_url=self.site.settings.public_url.rstrip("/"),
            months=[(f"{one:%Y-%m}", self._title(one)) for one in self._months()],
            tables=[(name, lines, _bars(lines)) for name, lines in tables],
            map=barometer_map(
                self.site.atlas,
                self.site.services.home,
                told.found.by_district,
                self._district,
                self._reference.sentence("unit_cases"),
                self._reference.sentence("barometer_unnamed"),
            ),
        )

    async def as_json(self, request: Request) -> HTTPResponse:
        """The same figures for programs. A share's `bound` is "≤" or "≥" where it is only known to be at most or at least so much."""
        told = await self._asked(request)
        data = told.found.as_data()
        shares = {"satisfied_percent": data.pop("satisfaction")}
        return json(
            {"period": told.label, "counted_on": told.counted_on.isoformat(), **shares, **data},
            ensure_ascii=False,
        )

    async def as_csv(self, request: Request) -> HTTPResponse:
        """One line per cell. Names come from our own reference data, so no cell can be a formula."""
        told = await self._asked(request)
        out = io.StringIO()
        written = csv.writer(out, lineterminator="\r\n")
        written.writerow(CSV_COLUMNS)
        for table, lines in (("by_issue", told.found.by_issue), ("by_district", told.found.by_district)):
            for line in lines:
                name = "gabungan_sel_kecil" if line.name is None else line.name
                shares = [_plain(line.answered), _plain(line.done)]
                written.writerow([told.label, table, name, line.n, *shares, line.median_days])
        headers = {"Content-Disposition": f'attachment; filename="barometer-{told.label}.csv"'}
        return text(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)

    async def as_drawing(self, request: Request) -> HTTPResponse:
        """A card of 1200 × 630 to print and to put into pages."""
        told = await self._asked(request)
        drawn = (
            environment()
            .get_template("barometer.svg")
            .render(
                found=told.found,
                number=number,
                title=self._title(told.month),
                desk=self._desk,
                bars=_bars(told.found.by_issue[:BARS_OF_PICTURE], 616),
            )
        )
        return raw(drawn.encode(), content_type="image/svg+xml; charset=utf-8")

    async def as_picture(self, request: Request) -> HTTPResponse:
        """The same card as dots: what messengers show of a link."""
        told, say = await self._asked(request), self._reference.sentence
        total, lines = told.found.total, told.found.by_issue[:BARS_OF_PICTURE]
        figures = []
        if total:
            figures = [
                (number(total.n), say("card_filed")),
                (f"{total.answered} %" if total.answered else "–", say("card_answered")),
                (number(total.median_days), say("card_days")),
            ]
        bars = [(say("card_rest") if line.name is None else line.name, line.n) for line in lines]
        drawn = await asyncio.to_thread(
            card,
            say("card_over", desk=self._desk),
            self._title(told.month),
            figures,
            bars,
            say("card_foot"),
            say("card_nothing"),
        )
        return raw(drawn, content_type="image/png")

    @property
    def _reference(self) -> Reference:
        return self.site.services.reference

    @property
    def _desk(self) -> str:
        return self._reference.regencies[self.site.services.home].name

    def _months(self) -> tuple[date, ...]:
        return settled_months(self._reference.today(self.site.clock(), self.site.services.home))

    async def _asked(self, request: Request) -> Told:
        months = {f"{one:%Y-%m}": one for one in self._months()}
        label = request.args.get("periode") or next(iter(months))
        if label not in months:
            raise RequestRefused("web_not_found", 404, "no such month, or one that is not published yet")
        home, pipeline = self.site.services.home, self.site.pipeline
        kept = await pipeline.published(home, label)
        if kept is None:
            counted = await self._count(months[label])
            kept = await pipeline.publish(home, label, counted.as_data(), self.site.clock())
        counted_on = self._reference.today(kept.counted_at, home)
        return Told(months[label], Barometer.from_data(kept.body), counted_on)

    async def _count(self, month: date) -> Barometer:
        services = self.site.services
        start, end = span(month, self._reference.zone(services.home).tzinfo)
        counts = await self.site.pipeline.figures(services.home, start, end)
        elsewhere = self._reference.sentence("barometer_elsewhere")

        def district(code: str | None) -> str:
            known = code is not None and code.startswith(services.home)
            return self._district(code) if known and code else elsewhere

        return barometer(counts, lambda issue: self._reference.issue(issue).group, district)

    def _district(self, code: str) -> str:
        """As the table calls it."""
        return self.site.services.places.label(code).split(",")[0]

    def _title(self, month: date) -> str:
        return self._reference.month_label(month)


def _plain(share: Share | None) -> str:
    return "" if share is None else str(share)


def _bars(lines: tuple[Line, ...], width: int = BAR_WIDTH) -> list[dict[str, Any]]:
    """Lines with the length of their bar in the units of the drawing."""
    most = max((line.n for line in lines), default=1)
    return [{"line": line, "length": max(2, round(width * line.n / most))} for line in lines]
