"""The overview as a page and as paper show it: names for codes, charts for counts, and the work list behind each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from backend.cases.workflow import State
from backend.usecases.periods import Period
from backend.usecases.services import Services
from backend.usecases.sight import AGES, Line, Month, Sight
from backend.usecases.sight_port import Silent
from backend.web import urls
from backend.web.drawing.charts import bars, pairs, spreads
from backend.web.drawing.marks import Mark, number

MOST_BARS = 8


@dataclass(frozen=True)
class SightView:
    """Names and addresses for one officer's question."""

    services: Services
    desk: str
    today: date
    period: Period
    given: Mapping[str, str]
    linked: bool = True

    def shown(self, sight: Sight) -> dict[str, Any]:
        """Everything that the templates `sight.html` and `monthly.html` are given of a period."""
        agencies = [self._row(line, "instansi", self.office(line.key)) for line in sight.agencies]
        issues = [self._row(line, "urusan", self.issue(line.key)) for line in sight.issues]
        return {
            "total": self._row(sight.total, "", ""),
            "agencies": agencies,
            "issues": issues,
            "satisfaction": sight.satisfaction,
            "channels": [(self._say(f"channel_{name}", name), n) for name, n in sight.channels],
            "ages": self._ages(sight.ages),
            "months": [(self._month(one.first), one) for one in sight.months],
            "districts": self._districts(sight.districts),
            "n_silent": sight.silent,
            "n_silent_anonymous": sight.silent_anonymous,
            "charts": self._charts(sight, agencies, issues),
            "number": number,
            "percent": percent,
        }

    def _charts(
        self, sight: Sight, agencies: Sequence[dict[str, Any]], issues: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        say = self.services.reference.sentence
        unit, days = say("unit_cases"), say("unit_workdays")

        def stock(rows: Sequence[dict[str, Any]], title: str) -> Any:
            busy = sorted((row for row in rows if row["line"].open), key=lambda row: -row["line"].open)
            marks = [
                Mark(
                    row["name"],
                    row["line"].open,
                    say("chart_stock", n=number(row["line"].open), late=number(row["line"].overdue)),
                    row["open_list"] if self.linked else "",
                    row["line"].overdue,
                )
                for row in busy[:MOST_BARS]
            ]
            return bars(marks, title, unit) if marks else None

        def speed(rows: Sequence[dict[str, Any]], what: str, title: str) -> Any:
            slow = [row for row in rows if getattr(row["line"], what).n]
            slow.sort(key=lambda row: -getattr(row["line"], what).p90)
            shown = [
                (row["name"], getattr(row["line"], what).median, getattr(row["line"], what).p90)
                for row in slow[:MOST_BARS]
            ]
            return spreads(shown, title, days) if shown else None

        return {
            "agencies_stock": stock(agencies, say("chart_agencies_stock")),
            "issues_stock": stock(issues, say("chart_issues_stock")),
            "agencies_answer": speed(agencies, "answer", say("chart_agencies_answer")),
            "agencies_close": speed(agencies, "close", say("chart_agencies_close")),
            "issues_answer": speed(issues, "answer", say("chart_issues_answer")),
            "issues_close": speed(issues, "close", say("chart_issues_close")),
            "months": self._trend(sight.months, say("chart_months")),
            "ages": bars([Mark(name, n) for name, n in self._ages(sight.ages)], say("chart_ages"), unit),
            "channels": bars(
                [Mark(self._say(f"channel_{name}", name), n) for name, n in sight.channels],
                say("chart_channels"),
                unit,
            ),
        }

    def _trend(self, months: Sequence[Month], title: str) -> Any:
        say = self.services.reference.sentence
        groups = [(self._month(one.first)[:3], one.filed, one.closed) for one in months]
        return pairs(groups, (say("chart_filed"), say("chart_closed")), title, say("unit_cases"))

    def _row(self, line: Line, filter_name: str, name: str) -> dict[str, Any]:
        """A line with its name and the lists of what it counts."""
        same = {key: value for key, value in self.given.items() if value}
        if filter_name:
            same[filter_name] = line.key
        filed = {"dari": self.period.first.isoformat(), "sampai": self.period.last.isoformat()}
        return {
            "line": line,
            "name": name,
            "open_list": f"{urls.DESK}?{urlencode({'lihat': 'open', **same})}",
            "late_list": f"{urls.DESK}?{urlencode({'lihat': 'late', **same})}",
            "filed_list": f"{urls.DESK}?{urlencode({'lihat': 'all', **same, **filed})}",
        }

    def _ages(self, ages: Sequence[int]) -> list[tuple[str, int]]:
        say = self.services.reference.sentence
        starts = (0, *(end + 1 for end in AGES))
        names = [
            say("age_between", first=first, last=last) for first, last in zip(starts, AGES, strict=False)
        ]
        return list(zip((*names, say("age_over", n=AGES[-1])), ages, strict=True))

    def _districts(self, districts: Mapping[str, int]) -> list[dict[str, Any]]:
        rows = [
            {"code": code, "name": self.district(code), "n": n, "list": self.district_list(code)}
            for code, n in districts.items()
        ]
        return sorted(rows, key=lambda row: (-row["n"], row["name"]))

    def district_list(self, code: str) -> str:
        """The cases of the period in a district."""
        same = {key: value for key, value in self.given.items() if value}
        filed = {"dari": self.period.first.isoformat(), "sampai": self.period.last.isoformat()}
        return (
            f"{urls.DESK}?{urlencode({'lihat': 'all', **same, 'kecamatan': code, **filed})}" if code else ""
        )

    def span(self) -> str:
        """`1 September – 23 November 2026`."""
        first, last = self.period.first, min(self.period.last, self.today)
        month = self.services.reference.month_label
        return f"{first.day} {month(first)} – {last.day} {month(last)}"

    def office(self, code: str) -> str:
        """The office without the regency it belongs to: on this page they all do."""
        reference = self.services.reference
        regency = reference.regencies.get(self.desk)
        return reference.agency_name(code, self.today).removesuffix(f" {regency.name}" if regency else "")

    def issue(self, code: str) -> str:
        return self.services.reference.issue(code).label

    def district(self, code: str) -> str:
        """Its short name; a sentence for cases without one."""
        if not code:
            return self.services.reference.sentence("barometer_elsewhere")
        return self.services.places.label(code).split(",")[0]

    def silent(self, one: Silent) -> dict[str, Any]:
        """A row of the list of closed cases without news."""
        reference = self.services.reference
        return {
            "number": one.number,
            "issue": self.issue(one.issue),
            "office": self.office(one.agency),
            "state": reference.states[State(one.state)].at_desk,
            "closed": reference.date_label(reference.today(one.closed_at, self.desk)),
        }

    def _month(self, first: date) -> str:
        return self.services.reference.month_label(first)

    def _say(self, key: str, otherwise: str) -> str:
        return self.services.reference.sentences.get(key, otherwise)


def percent(part: int, whole: int) -> str:
    """`83 %`, or a dash when there is nothing to share.

    >>> percent(5, 6), percent(0, 0)
    ('83 %', '–')
    """
    return f"{round(100 * part / whole)} %" if whole else "–"
