"""Who works in the place of an officer who is away, from which day to which, and what that opens: never more than both may see.

Source: UU 30/2014 pasal 14 (mandate: the one who stands in acts in the name of the one who gave it) and pasal 43 (no conflict of interest).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from backend.cases.access import Absent, Act, Officer, Role, has

LONGEST = timedelta(days=92)
_DESK = frozenset({Role.ADMIN, Role.VERIFIER})


@dataclass(frozen=True)
class Absence:
    """Position `officer_id` is away from `first_day` to `last_day`, both included; the holder of `stand_in_id` works its cases."""

    id: str
    officer_id: str
    stand_in_id: str
    first_day: date
    last_day: date

    def is_on(self, day: date) -> bool:
        """Whether it is in force."""
        return self.first_day <= day <= self.last_day


def can_stand_in(candidate: Officer, absent: Officer) -> bool:
    """Whether the position may be named: a colleague of the same office, or the desk for an office, which gives it its cases anyway. Nobody who
    only reads becomes somebody who writes, and the inspectorate's place is taken by the inspectorate.

    >>> boss, clerk = (Officer(id, id, role, "64.08", "dishub-64.08") for id, role in (("b", Role.LIAISON), ("c", Role.AGENCY)))
    >>> can_stand_in(clerk, boss), can_stand_in(clerk, Officer("a", "Admin", Role.ADMIN, "64.08"))
    (True, False)
    """
    if candidate.desk != absent.desk or candidate.id == absent.id:
        return False
    if not (has(absent, Act.SEE_CASES) and has(candidate, Act.SEE_CASES)):
        return False
    if Role.LEADER in {candidate.role, absent.role}:
        return absent.role is Role.LEADER and candidate.role in {Role.LEADER, *_DESK}
    if candidate.agency == absent.agency:
        return True
    return absent.role is not Role.INSPECTOR and candidate.role in _DESK


def in_the_place_of(absent: Officer, stand_in: Officer, last_day: date) -> Officer:
    """The one who stands in, with the absent one's role, office and cases, as `access.py` narrows them."""
    return Officer(
        stand_in.id,
        stand_in.title,
        absent.role,
        absent.desk,
        absent.agency,
        absent.area,
        Absent(absent.id, absent.title, stand_in.role, last_day),
    )


def are_days(first: date, last: date, today: date, sk_until: date) -> bool:
    """Whether one may be away on these days: from today on, in order, no longer than three months or the decree.

    >>> are_days(date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 1), date(2026, 12, 31))
    True
    """
    return today <= first <= last <= min(sk_until, first + LONGEST)
