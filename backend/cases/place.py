"""Where it happens: area codes, a label, and the person's own words for the spot."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from backend.cases.errors import DraftInvalid

_CODES = {
    "regency_code": re.compile(r"\d\d\.\d\d"),
    "district_code": re.compile(r"\d\d\.\d\d\.\d\d"),
    "village_code": re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}"),
}
_EARTH_RADIUS_M = 6_371_000.0


class PlaceSource(StrEnum):
    """How we know the place."""

    TEXT = "text"
    PIN = "pin"
    PHOTO = "photo"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Place:
    """A spot as told. Codes are Kemendagri's (`64.08`, `64.08.04`, `64.08.04.2001`); coordinates in degrees (WGS 84)."""

    text: str = ""
    landmark: str | None = None
    regency_code: str | None = None
    district_code: str | None = None
    village_code: str | None = None
    label: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    source: PlaceSource = PlaceSource.UNKNOWN
    confidence: float = 0.0

    def __post_init__(self) -> None:
        for field, shape in _CODES.items():
            value = getattr(self, field)
            if value is not None and not shape.fullmatch(value):
                raise DraftInvalid(f"place.{field}", "not a Kemendagri code")
        if (self.latitude is None) != (self.longitude is None):
            raise DraftInvalid("place.latitude", "latitude and longitude come together")
        if self.latitude is not None and not -90 <= self.latitude <= 90:
            raise DraftInvalid("place.latitude", "outside −90 … 90")
        if self.longitude is not None and not -180 <= self.longitude <= 180:
            raise DraftInvalid("place.longitude", "outside −180 … 180")

    @property
    def province_code(self) -> str | None:
        """First two digits of the regency.

        >>> Place(regency_code="64.08").province_code
        '64'
        """
        return self.regency_code[:2] if self.regency_code else None


def distance_m(one: Place, other: Place) -> float | None:
    """Metres between two places along the great circle, or None when one has no coordinates.

    >>> a = Place(latitude=0.5, longitude=117.5)
    >>> round(distance_m(a, Place(latitude=0.5, longitude=117.501)))
    111
    """
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    lat1, lat2 = math.radians(one.latitude), math.radians(other.latitude)
    half_lat = (lat2 - lat1) / 2
    half_lon = math.radians(other.longitude - one.longitude) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(math.sqrt(h))
