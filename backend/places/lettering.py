"""Names on a map: where each stands, and which have to be left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

FONT, LETTER, LARGE = 13.0, 0.56, 2.0
MOSTLY = 0.6


@dataclass(frozen=True)
class Named:
    """A shape in the picture's units, what it is called, and its role (`own`, `here`, `beside`)."""

    name: str
    role: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Label:
    """A name at its place; `small` ones are left out where the picture is small and letters are drawn `LARGE` times as high."""

    x: float
    y: float
    text: str
    role: str
    small: bool


def faces(geometry: BaseGeometry) -> list[shapely.Polygon]:
    """The polygons of a shape that may hold lines and points besides."""
    parts = shapely.get_parts(geometry)
    return [one for one in parts if isinstance(one, shapely.Polygon) and not one.is_empty]


def lettered(
    named: Sequence[Named], marks: Iterable[tuple[float, float, float]], size: tuple[int, int]
) -> tuple[Label, ...]:
    """Names in their areas, the most important and largest first; one that would cover another, a mark or the edge is left out."""
    seen = shapely.box(0, 0, *size)
    parts = [replace(one, shape=shapely.intersection(one.shape, seen)) for one in named if one.name]
    ranked = sorted(parts, key=lambda one: (one.role != "here", one.role == "beside", -one.shape.area))
    pins = [_pin(x, y, radius if radius < size[0] / 4 else 0.0) for x, y, radius in marks]
    found: dict[int, Label] = {}
    for scale in (LARGE, 1.0):
        taken = [*pins, *(_box(one, scale) for one in found.values())]
        for number, one in enumerate(ranked):
            for label in () if number in found else _tries(one, scale):
                box = _box(label, scale)
                if seen.contains(box) and not any(box.intersects(other) for other in taken):
                    taken.append(box)
                    found[number] = label
                    break
    return tuple(found.values())


def _tries(named: Named, scale: float) -> Iterator[Label]:
    """The name in the middle of the largest piece that is seen, unless it would stand mostly elsewhere; the area the map is about may
    be named beside its middle, where the mark is."""
    face = max(faces(named.shape), key=lambda one: one.area, default=None)
    if face is None:
        return
    spot = _middle(face)
    for below in (
        (0.0, 2 * FONT, -3 * FONT, 4 * FONT, 8 * FONT, -8 * FONT) if named.role == "here" else (0.0,)
    ):
        label = Label(round(spot.x, 1), round(spot.y + below, 1), named.name, named.role, scale == 1.0)
        box = _box(label, scale)
        if named.role == "here" or box.intersection(face).area >= MOSTLY * box.area:
            yield label


def _pin(x: float, y: float, radius: float) -> BaseGeometry:
    """What a mark and the circle around it cover."""
    beside = max(12.0, radius)
    return shapely.box(x - beside, y - max(28.0, radius), x + beside, y + max(4.0, radius))


def _box(label: Label, scale: float) -> BaseGeometry:
    """Where the letters stand, when they are drawn `scale` times as high."""
    half, high = len(label.text) * FONT * scale * LETTER / 2, FONT * scale
    return shapely.box(label.x - half, label.y - high, label.x + half, label.y + high * 0.4)


def _middle(face: BaseGeometry) -> shapely.Point:
    """The middle if it lies inside, else a point that does."""
    middle = face.centroid
    return middle if face.contains(middle) else face.representative_point()
