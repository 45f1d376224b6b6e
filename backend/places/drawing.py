"""A map as a drawing: areas and points in degrees become paths, labels and marks in the units of a picture. No tiles, no library in
the browser; a template writes it as SVG, so that it prints and needs no script.

`draw_map` draws more than the window shows (`MARGIN` on each side), for scripts that move the picture without asking again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry

from backend.places.lettering import Label, Named, faces, lettered
from backend.places.windows import Window

MARGIN = 0.5
DETAIL = 1.2
SMALLEST_RING = 3.0
SMALLEST_RADIUS = 4.0
ORDER = ("beside", "own", "here")
ROUND_LENGTHS = (1, 2, 5)


@dataclass(frozen=True)
class Area:
    """What is drawn flat. `role`: `own` (inside the map's subject), `here` (the one it is about), `beside` (around it). `shade` 0–4
    colours it by a value, None by its role; `note` is the value in words."""

    code: str
    name: str
    geometry: BaseGeometry
    role: str = "own"
    shade: int | None = None
    note: str = ""
    href: str = ""


@dataclass(frozen=True)
class Spot:
    """A point of the map with what it is called. `radius_m` says how exact it is, 0 that nobody knows; `size` is the mark's own size,
    `text` stands in it."""

    latitude: float
    longitude: float
    label: str
    radius_m: float = 0.0
    kind: str = "pin"
    size: float = 1.0
    href: str = ""
    text: str = ""


@dataclass(frozen=True)
class Shape:
    """An area as a path. `shade` is "" when no value colours it."""

    path: str
    name: str
    role: str
    shade: str
    note: str
    href: str


@dataclass(frozen=True)
class Mark:
    """A point in the picture; `radius` is its uncertainty in the picture's units, 0 for none that shows."""

    x: float
    y: float
    radius: float
    label: str
    kind: str
    size: float
    href: str
    text: str


@dataclass(frozen=True)
class ScaleBar:
    length: float
    metres: int


@dataclass(frozen=True)
class Drawing:
    """Everything a template needs; numbers are in the units of `width` × `height`."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]
    marks: tuple[Mark, ...]
    scale: ScaleBar
    window: Window


def draw_map(
    areas: Sequence[Area], points: Sequence[Spot], window: Window, size: tuple[int, int] = (960, 600)
) -> Drawing:
    """The drawing of what the window shows, and of `MARGIN` of its size around it."""
    width, height = size
    west, south, east, north = window.degrees
    wide, high = (east - west) * MARGIN, (north - south) * MARGIN
    box = (west - wide, south - high, east + wide, north + high)
    shown = [
        (area, shapely.clip_by_rect(area.geometry, *box)) for area in areas if _touches(area.geometry, box)
    ]
    flat = _simplified([_projected(part, window, size) for _, part in shown])
    drawn = [(area, part) for (area, _), part in zip(shown, flat, strict=True) if not part.is_empty]
    marks = tuple(_mark(point, window, size) for point in points)
    return Drawing(
        width,
        height,
        tuple(
            Shape(
                _path(part),
                area.name,
                area.role,
                "" if area.shade is None else str(area.shade),
                area.note,
                area.href,
            )
            for area, part in sorted(drawn, key=lambda one: ORDER.index(one[0].role))
        ),
        lettered(
            [Named(area.name, area.role, part) for area, part in drawn],
            [(mark.x, mark.y, mark.radius) for mark in marks],
            size,
        ),
        marks,
        _scale(window, width),
        window,
    )


def _touches(geometry: BaseGeometry, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = geometry.bounds
    return west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1]


def _projected(geometry: BaseGeometry, window: Window, size: tuple[int, int]) -> BaseGeometry:
    """Degrees to the picture's units, y downwards. Flat enough for a regency, honest enough for the country."""
    west, south, east, north = window.degrees
    across, down = size[0] / (east - west), size[1] / (north - south)
    return shapely.transform(geometry, lambda at: (at - (west, north)) * (across, -down))


def _simplified(parts: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Without what is too fine to see; neighbours keep one common edge."""
    whole = [shapely.MultiPolygon(faces(part)) for part in parts]
    if not whole:
        return []
    return list(shapely.coverage_simplify(whole, DETAIL))


def _path(geometry: BaseGeometry) -> str:
    """Rings as SVG path data; islands too small to see are left out, unless they are all there is."""
    islands = faces(geometry)
    large = [one for one in islands if one.area >= SMALLEST_RING] or islands[:1]
    return "".join(_ring(ring) for face in large for ring in (face.exterior, *face.interiors))


def _ring(ring: BaseGeometry) -> str:
    """Tenths of a unit, each point told from the one before: a third shorter."""
    at = [(round(x, 1), round(y, 1)) for x, y in shapely.get_coordinates(ring)[:-1].tolist()]
    steps = [f"{x - px:.1f} {y - py:.1f}" for (px, py), (x, y) in pairwise(at)]
    return f"M{at[0][0]} {at[0][1]}l{' '.join(steps)}z"


def _mark(point: Spot, window: Window, size: tuple[int, int]) -> Mark:
    [(x, y)] = shapely.get_coordinates(
        _projected(shapely.Point(point.longitude, point.latitude), window, size)
    ).tolist()
    radius = point.radius_m * size[0] / window.width_m
    return Mark(
        round(x, 1),
        round(y, 1),
        round(radius, 1) if radius >= SMALLEST_RADIUS else 0.0,
        point.label,
        point.kind,
        point.size,
        point.href,
        point.text,
    )


def _scale(window: Window, width: int) -> ScaleBar:
    """A round number of metres that takes about a fifth of the width.

    >>> _scale(Window(0, 117, 96_000, 60_000), 960)
    ScaleBar(length=200.0, metres=20000)
    """
    wanted = window.width_m / 4
    power = 10 ** math.floor(math.log10(wanted))
    metres = max(step * power for step in ROUND_LENGTHS if step * power <= wanted)
    return ScaleBar(round(metres * width / window.width_m, 1), int(metres))
