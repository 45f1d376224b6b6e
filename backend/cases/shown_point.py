"""How exactly a place is shown to whom: a point may be where the reporter stood, so it is rounded for whoever does not work on the case.

Rounding is to the middle of a fixed cell, not by chance: chance could be averaged away by looking often.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from backend.cases.access import Act, Officer, has
from backend.cases.case import Case
from backend.cases.place import Place

METRES_A_DEGREE = 111_195.0
ONLOOKER_CELL_M, SEALED_CELL_M, FIELD_CELL_M = 250.0, 1_000.0, 100.0
WORKS_ON_IT = (Act.VERIFY, Act.ASSIGN, Act.HANDLE, Act.ANSWER)


@dataclass(frozen=True)
class ShownPoint:
    """A point that may be shown. `radius_m` is how far off it may be, 0 when nobody knows."""

    latitude: float
    longitude: float
    radius_m: float
    is_exact: bool


def point_for(case: Case, officer: Officer) -> ShownPoint | None:
    """What this officer is shown of the place of a case in view; None when there is no point or it is not theirs to see."""
    if any(has(officer, act) for act in WORKS_ON_IT):
        return _exact(case.place)
    if is_secret(case):
        return None
    return _rounded(case.place, SEALED_CELL_M if case.is_sealed else ONLOOKER_CELL_M)


def point_among_many(case: Case, officer: Officer) -> ShownPoint | None:
    """What a map of many cases shows of one: never more than its own page does. Such a map is looked at over the shoulder, so a sealed case is
    its cell there, and a secret one nothing, even for who works on it."""
    if is_secret(case):
        return None
    return _rounded(case.place, SEALED_CELL_M) if case.is_sealed else point_for(case, officer)


def point_for_the_field(case: Case) -> ShownPoint | None:
    """What leaves the desk on paper: the spot itself only when the reporter is named openly, never the spot of a secret matter."""
    if is_secret(case):
        return None
    return _rounded(case.place, FIELD_CELL_M) if case.is_sealed else _exact(case.place)


def is_secret(case: Case) -> bool:
    """Sensitive, or of the oversight lane."""
    return case.sensitive or case.oversight or case.assignment.oversight_lane


def _exact(place: Place) -> ShownPoint | None:
    if place.latitude is None or place.longitude is None:
        return None
    return ShownPoint(place.latitude, place.longitude, place.accuracy_m or 0.0, True)


def _rounded(place: Place, cell_m: float) -> ShownPoint | None:
    """The middle of the cell that the point lies in.

    >>> _rounded(Place(latitude=0.52345, longitude=117.5321, accuracy_m=20), 1000.0)
    ShownPoint(latitude=0.5261, longitude=117.53272, radius_m=728, is_exact=False)
    """
    if place.latitude is None or place.longitude is None:
        return None
    latitude = _middle(place.latitude, cell_m / METRES_A_DEGREE)
    wide = cell_m / (METRES_A_DEGREE * max(math.cos(math.radians(latitude)), 0.01))
    longitude = _middle(place.longitude, wide)
    off_by_m = math.ceil(cell_m * math.sqrt(0.5) + (place.accuracy_m or 0.0))
    return ShownPoint(round(latitude, 5), round(longitude, 5), off_by_m, False)


def _middle(value: float, step: float) -> float:
    return (math.floor(value / step) + 0.5) * step
