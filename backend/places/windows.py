"""What part of the world a map shows: around shapes, around a point, and nearer to a point step by step."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

METRES_A_DEGREE = 111_195.0
NARROWEST_M, WIDEST_M = 1_500.0, 6_000_000.0


@dataclass(frozen=True)
class Window:
    """What is looked at: the middle, and how many metres the picture is wide and high."""

    latitude: float
    longitude: float
    width_m: float
    height_m: float

    @property
    def degrees(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        high = self.height_m / METRES_A_DEGREE / 2
        wide = self.width_m / (METRES_A_DEGREE * _narrowing(self.latitude)) / 2
        return self.longitude - wide, self.latitude - high, self.longitude + wide, self.latitude + high


def around(geometries: Iterable[BaseGeometry], size: tuple[int, int], room: float = 1.08) -> Window | None:
    """The smallest window of that shape that shows all of it; None when there is nothing to show."""
    known = [one for one in geometries if not one.is_empty]
    if not known:
        return None
    west, south, east, north = (float(value) for value in shapely.total_bounds(known))
    latitude, longitude = (south + north) / 2, (west + east) / 2
    wide = (east - west) * METRES_A_DEGREE * _narrowing(latitude) * room
    high = (north - south) * METRES_A_DEGREE * room
    return window_at(latitude, longitude, max(wide, high * size[0] / size[1]), size)


def window_at(latitude: float, longitude: float, width_m: float, size: tuple[int, int]) -> Window:
    """A window of that width around a point, never so narrow that nothing but the point is in it."""
    width_m = min(max(width_m, NARROWEST_M), WIDEST_M)
    return Window(latitude, longitude, width_m, width_m * size[1] / size[0])


def closer(whole: Window, latitude: float, longitude: float, steps: int, size: tuple[int, int]) -> Window:
    """The whole, halved `steps` times towards a point, and never beyond the edge of the whole when the point lies inside."""
    nearer = window_at(latitude, longitude, whole.width_m / 2**steps, size)
    west, south, east, north = whole.degrees
    half_wide = (east - west) * nearer.width_m / whole.width_m / 2
    half_high = (north - south) * nearer.height_m / whole.height_m / 2
    middle_lat = _kept(latitude, south + half_high, north - half_high)
    middle_lon = _kept(longitude, west + half_wide, east - half_wide)
    return Window(middle_lat, middle_lon, nearer.width_m, nearer.height_m)


def most_steps(whole: Window) -> int:
    """How often this can be halved before it is as narrow as windows get."""
    return max(0, math.floor(math.log2(whole.width_m / NARROWEST_M)))


def _narrowing(latitude: float) -> float:
    return math.cos(math.radians(latitude))


def _kept(value: float, least: float, most: float) -> float:
    return value if least > most else min(max(value, least), most)
