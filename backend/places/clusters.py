"""Points that would lie on top of one another on a map, gathered: no two marks come nearer than a fingertip."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from backend.places.windows import Window

# In the units of the picture; marks are smaller than this, so they never cover each other.
REACH = 44.0


@dataclass(frozen=True)
class Placed[Name: Hashable]:
    """Something at a point; `radius_m` is how far off that may be."""

    name: Name
    latitude: float
    longitude: float
    radius_m: float = 0.0


@dataclass(frozen=True)
class Cluster[Name: Hashable]:
    """`names` in the order in which they came; the mark stands where the first one is. `radius_m` only when it is alone."""

    names: tuple[Name, ...]
    latitude: float
    longitude: float
    radius_m: float


def gathered[Name: Hashable](
    points: Sequence[Placed[Name]], window: Window, size: tuple[int, int]
) -> tuple[Cluster[Name], ...]:
    """The clusters of what lies in the window, in the order of their first points: a point joins the first mark within reach, else it is a mark.

    >>> one, two, far = Placed("a", 0.5, 117.5), Placed("b", 0.5001, 117.5), Placed("c", 0.9, 117.1)
    >>> [found.names for found in gathered([one, two, far], Window(0.5, 117.5, 120_000, 90_000), (640, 460))]
    [('a', 'b'), ('c',)]
    """
    west, south, east, north = window.degrees
    marks: list[tuple[float, float, Cluster[Name]]] = []
    for point in points:
        if not (west <= point.longitude <= east and south <= point.latitude <= north):
            continue
        x = (point.longitude - west) / (east - west) * size[0]
        y = (north - point.latitude) / (north - south) * size[1]
        near = next((n for n, mark in enumerate(marks) if math.dist(mark[:2], (x, y)) < REACH), None)
        if near is None:
            marks.append((x, y, Cluster((point.name,), point.latitude, point.longitude, point.radius_m)))
        else:
            there = marks[near]
            joined = replace(there[2], names=(*there[2].names, point.name), radius_m=0.0)
            marks[near] = (there[0], there[1], joined)
    return tuple(mark[2] for mark in marks)
