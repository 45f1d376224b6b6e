"""Points in text: pasted coordinates, map links and plus codes become latitude and longitude."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openlocationcode import openlocationcode

_NUMBER = r"([+-]?\d{1,3}[.,]\d{3,})"
_PAIR = re.compile(rf"(?<![\d.,]){_NUMBER}\s*(?:,|;|\s)\s*{_NUMBER}(?![\d])")
_IN_LINK = (
    re.compile(r"@(-?\d{1,2}\.\d+),(-?\d{1,3}\.\d+)"),
    re.compile(
        r"[?&](?:q|query|ll|daddr|destination|center)=(?:loc:)?(-?\d{1,2}\.\d+)(?:,|%2C)\+?(-?\d{1,3}\.\d+)",
        re.I,
    ),
    re.compile(r"!3d(-?\d{1,2}\.\d+)!4d(-?\d{1,3}\.\d+)"),
    re.compile(r"#map=\d+/(-?\d{1,2}\.\d+)/(-?\d{1,3}\.\d+)"),
)
_PLUS = re.compile(r"(?<![\w+])([23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3})(?![\w+])", re.I)
_HEMISPHERE = re.compile(
    r"(\d{1,3}(?:[.,]\d+)?)\s*°?\s*(LU|LS|N|S)\b[,;\s]*(\d{1,3}(?:[.,]\d+)?)\s*°?\s*(BT|E)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees WGS 84; `accuracy_m` is the radius the notation itself leaves open."""

    latitude: float
    longitude: float
    accuracy_m: float


def point_in(text: str, near: tuple[float, float] | None = None) -> Point | None:
    """The point a text names, or None.

    `near` (latitude, longitude) completes a short plus code. Numbers that are no place on earth give None.

    >>> point_in("lokasinya -2.5312, 112.9496 pak")
    Point(latitude=-2.5312, longitude=112.9496, accuracy_m=20.0)
    >>> point_in("https://maps.example/place/x/@0.5031,117.5342,17z")
    Point(latitude=0.5031, longitude=117.5342, accuracy_m=20.0)
    >>> point_in("rt 12 no 34") is None
    True
    """
    for pattern in _IN_LINK:
        if found := pattern.search(text):
            return _valid(float(found[1]), float(found[2]), 20.0)
    if found := _HEMISPHERE.search(text):
        sign = -1.0 if found[2].upper() in {"LS", "S"} else 1.0
        return _valid(sign * _number(found[1]), _number(found[3]), 50.0)
    if found := _PAIR.search(text):
        return _valid(_number(found[1]), _number(found[2]), 20.0)
    if found := _PLUS.search(text):
        return _plus_code(found[1].upper(), near)
    return None


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _valid(latitude: float, longitude: float, accuracy_m: float) -> Point | None:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return Point(latitude, longitude, accuracy_m)


def _plus_code(code: str, near: tuple[float, float] | None) -> Point | None:
    if openlocationcode.isShort(code):
        if near is None:
            return None
        code = openlocationcode.recoverNearest(code, *near)
    if not openlocationcode.isFull(code):
        return None
    area = openlocationcode.decode(code)
    return _valid(round(area.latitudeCenter, 6), round(area.longitudeCenter, 6), 15.0)
