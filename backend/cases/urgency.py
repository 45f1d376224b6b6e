"""How near a promise is to being broken, and who has to know: stages up the chain of office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.cases.access import Role
from backend.cases.workdays import Calendar, n_workdays_between
from backend.cases.workflow import Step


@dataclass(frozen=True)
class Stage:
    """One policy row: reached at `percent` of the working days, or when they are over for `workdays_late` (the other is None). The days
    are those of the promise to the reporter, or of one `step` on the way (3 working days to verify, 5 to respond). `roles` see it; which
    cases an officer of the role sees at all is not decided here."""

    code: str
    percent: int | None
    workdays_late: int | None
    roles: frozenset[Role]
    step: Step | None = None


def percent_gone(began_on: date, ends_on: date, today: date, calendar: Calendar) -> int:
    """How much of the working days is gone: 0 … 100; what ends on the same day is gone at once.

    >>> percent_gone(date(2026, 11, 2), date(2026, 11, 6), date(2026, 11, 5), Calendar())
    75
    """
    whole = n_workdays_between(began_on, ends_on, calendar)
    gone = n_workdays_between(began_on, today, calendar)
    return min(100, 100 * gone // whole) if whole else 100


def stages_reached(
    stages: tuple[Stage, ...],
    began_on: date,
    ends_on: date,
    today: date,
    calendar: Calendar,
    step: Step | None = None,
) -> tuple[Stage, ...]:
    """The stages of the promise (or of the `step`) that hold today, in the order of the rows; being late holds the warnings as well."""
    percent = percent_gone(began_on, ends_on, today, calendar)
    n_late = n_workdays_between(ends_on, today, calendar)
    return tuple(
        stage
        for stage in stages
        if stage.step is step
        and (
            (stage.percent is not None and percent >= stage.percent)
            or (stage.workdays_late is not None and n_late >= stage.workdays_late)
        )
    )
