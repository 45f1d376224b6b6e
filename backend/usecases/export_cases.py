"""Cases as rows of the sheets that leave the desk. Nobody is named in any of them.

Of a case whose reporter is not named, and of a sealed matter, only the whitelist is told (`security.md` of the design): number, class,
state, months, whether the promise was kept; no word, no place, no office, no day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from backend.cases.case import Case, Event
from backend.cases.submission import title_of
from backend.cases.workdays import n_workdays_between
from backend.cases.workflow import KIND, Kind, State
from backend.reference.loader import Reference
from backend.review.masking import masked

Row = list[str | int | None]
LONGEST_TITLE = 100


@dataclass(frozen=True)
class Clerk:
    """Writes rows in the words of one regency; `today` decides which promises are broken."""

    reference: Reference
    desk: str
    today: date

    def rows(self, sheet: str, case: Case, columns: Mapping[str, str]) -> Iterator[Row]:
        """The rows of one case in a sheet: one, or, in a timeline, one for each event."""
        if sheet == "timeline":
            yield from ([row[name] for name in columns] for row in self._timeline(case))
            return
        row = self._sp4n(case) if sheet == "sp4n" else self._evidence(case)
        yield [row[name] for name in columns]

    def _sp4n(self, case: Case) -> dict[str, str | int | None]:
        say, issue = self.reference.sentence, self.reference.issue(case.issue)
        withheld = is_withheld(case)
        told: dict[str, str | int | None] = {
            **self._dates(case),
            "lapor_number": None if withheld else case.lapor_tracking_id,
            "number": case.number,
            "report_class": say(f"lapor_{case.report_class}"),
            "state": self.reference.states[case.state].label,
            "anonymous": say("lapor_yes" if case.is_sealed else "lapor_no"),
            "secret": say("lapor_yes" if withheld else "lapor_no"),
            "channel": None
            if withheld
            else self.reference.sentences.get(f"channel_{case.channel}", case.channel),
            "rating": None if withheld else case.rating,
            "happened": None if withheld or case.happened.on is None else f"{case.happened.on:%d-%m-%Y}",
            "category": None if withheld else issue.lapor_category,
            "leaf": None if withheld else issue.lapor_leaf,
            "agency": None if withheld else self._office(case),
        }
        if withheld:
            return told | dict.fromkeys(("title", "content", "place"), say("export_withheld"))
        spot = ", ".join(dict.fromkeys(one for one in (case.place.landmark, case.place.label) if one))
        return told | {
            "title": title_of(issue.label, case.place.label or "", LONGEST_TITLE),
            "content": masked(case.description),
            "place": masked(spot),
        }

    def _evidence(self, case: Case) -> dict[str, str | int | None]:
        withheld, first = is_withheld(case), self.answered(case)
        filed_on = self._day(case.filed_at)
        waited = n_workdays_between(filed_on, first, self.reference.calendar(self.desk)) if first else None
        return {
            **self._dates(case),
            "number": case.number,
            "report_class": self.reference.sentence(f"lapor_{case.report_class}"),
            "state": self.reference.states[case.state].label,
            "promise": self.reference.sentence(f"export_{self.promise(case)}"),
            "issue": None if withheld else self.reference.issue(case.issue).label,
            "agency": None if withheld else self._office(case),
            "workdays": None if withheld else waited,
            "reopened": sum(
                event.new is State.REOPENED and event.old is not event.new for event in case.events
            ),
        }

    def _timeline(self, case: Case) -> Iterator[dict[str, str | int | None]]:
        """Every event; notes of officers for each other are not among them."""
        withheld = is_withheld(case)
        for event in case.events:
            if withheld and event.old is event.new:
                continue
            at = event.at.astimezone(self.reference.zone(self.desk).tzinfo)
            yield {
                "number": case.number,
                "seq": event.seq,
                "at": f"{at:%m-%Y}" if withheld else f"{at:%d-%m-%Y %H.%M}",
                "what": None if withheld else self._happening(event),
                "state": self.reference.states[event.new].label,
                "by": None if withheld else self.reference.sentence(f"export_by_{event.by.kind}"),
                "note": None if withheld or not event.public_note else masked(event.public_note),
            }

    def _happening(self, event: Event) -> str:
        said = self.reference.sentences
        other = "history_moved" if event.old is not event.new else "history_other"
        return said.get(f"history_{event.what}", said[other])

    def _dates(self, case: Case) -> dict[str, str | None]:
        """Days, or months of a case that is withheld."""
        shape = "%m-%Y" if is_withheld(case) else "%d-%m-%Y"
        days = {
            "filed": self._day(case.filed_at),
            "answered": self.answered(case),
            "closed": self.closed(case),
            "due": None if is_withheld(case) else case.due.on,
        }
        return {name: format(day, shape) if day else None for name, day in days.items()}

    def promise(self, case: Case) -> str:
        """`kept`, `broken` or `running`."""
        ended = self.answered(case) or self.closed(case)
        if ended is None:
            return "broken" if case.due.on < self.today else "running"
        return "kept" if ended <= case.due.on else "broken"

    def answered(self, case: Case) -> date | None:
        """The day of the first answer."""
        found = (
            event.at for event in case.events if event.new is State.ANSWERED and event.old is not event.new
        )
        return next((self._day(at) for at in found), None)

    def closed(self, case: Case) -> date | None:
        """The day since which nobody has to do anything."""
        return self._day(case.since) if KIND[case.state] is Kind.CLOSED else None

    def _day(self, at: datetime) -> date:
        return self.reference.today(at, self.desk)

    def _office(self, case: Case) -> str:
        return self.reference.agency_name(case.assignment.agency, self._day(case.filed_at))


def is_withheld(case: Case) -> bool:
    """Only the whitelist is told of it."""
    return (
        case.is_sealed
        or case.sensitive
        or case.oversight
        or case.assignment.oversight_lane
        or case.is_restricted
        or case.is_erased
    )
