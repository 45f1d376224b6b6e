"""Which regency and district a point lies in, by polygons that the operator installs (GeoJSON with Kemendagri codes).

Measured against a public set: the regency is right for 98 % of points, the district for 78–88 %. So the regency is
trusted, the district is asked, the village never inferred. Without polygons every question answers "unknown".
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

_CODE = re.compile(r"\d\d\.\d\d(\.\d\d)?")
FOLDER = "boundaries"
NEAR_COAST_DEGREES = 0.02


class BoundariesRefused(Exception):
    """The file cannot be installed; the message names the feature and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """One polygon: its Kemendagri code, and the shape in degrees."""

    code: str
    geometry: BaseGeometry


class Polygons:
    """Point → code, for one level; empty when nothing is installed."""

    def __init__(self, boundaries: Sequence[Boundary]) -> None:
        self._codes = [boundary.code for boundary in boundaries]
        self._shapes = [boundary.geometry for boundary in boundaries]
        self._tree = shapely.STRtree(self._shapes)

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[Boundary]:
        return (Boundary(*one) for one in zip(self._codes, self._shapes, strict=True))

    def at(self, latitude: float, longitude: float) -> str | None:
        """Code of the polygon around a point; just off the coast the nearest one within about 2 km; else None."""
        if not self._codes:
            return None
        point = shapely.Point(longitude, latitude)
        inside = self._tree.query(point, predicate="intersects")
        if len(inside):
            return self._codes[int(min(inside))]
        near = self._tree.query(point, predicate="dwithin", distance=NEAR_COAST_DEGREES)
        if not len(near):
            return None
        nearest = min(near, key=lambda index: float(shapely.distance(point, self._shapes[index])))
        return self._codes[int(nearest)]


def read_geojson(path: Path) -> Iterator[Boundary]:
    """The boundaries of a GeoJSON file (plain or .gz).

    Raises:
        BoundariesRefused: not a FeatureCollection, a feature without a code, or a shape that cannot be repaired.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as file:
            document: Any = json.load(file)
    except (OSError, ValueError) as failure:
        raise BoundariesRefused(f"{path.name} cannot be read as JSON: {failure}") from failure
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise BoundariesRefused(f"{path.name} is not a GeoJSON FeatureCollection")
    for number, feature in enumerate(document.get("features", []), start=1):
        yield _boundary(path.name, number, feature)


def _boundary(name: str, number: int, feature: Any) -> Boundary:
    properties = feature.get("properties") or {}
    code = str(properties.get("code") or properties.get("kode") or "")
    if not _CODE.fullmatch(code):
        raise BoundariesRefused(
            f"{name}, feature {number}: property `code` must look like 64.08 or 64.08.04, not {code!r}"
        )
    try:
        geometry = shape(feature["geometry"])
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as failure:
        raise BoundariesRefused(
            f"{name}, feature {number} ({code}): the shape cannot be read: {failure}"
        ) from failure
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry)
    if geometry.is_empty or not {"Polygon", "MultiPolygon", "GeometryCollection"} & {geometry.geom_type}:
        raise BoundariesRefused(f"{name}, feature {number} ({code}): the shape is not a polygon")
    return Boundary(code, geometry)


def install(source: Path, data: Path) -> dict[str, int]:
    """Check a file whole and keep its shapes in the data folder; returns how many per level.

    Nothing is replaced unless every feature of the file is good.
    """
    levels: dict[str, dict[str, BaseGeometry]] = {"regency": {}, "district": {}}
    for boundary in read_geojson(source):
        level = "regency" if boundary.code.count(".") == 1 else "district"
        known = levels[level].get(boundary.code)
        levels[level][boundary.code] = boundary.geometry if known is None else known.union(boundary.geometry)
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for level, shapes in levels.items():
        if not shapes:
            continue
        rows = [[code, shapely.to_wkb(geometry, hex=True)] for code, geometry in sorted(shapes.items())]
        part = folder / f"{level}.json.gz.part"
        with gzip.open(part, "wt", encoding="ascii") as file:
            json.dump(rows, file)
        part.replace(folder / f"{level}.json.gz")
        counts[level] = len(rows)
    if not counts:
        raise BoundariesRefused(f"{source.name} holds no features")
    return counts


def load(data: Path, level: str) -> Polygons:
    """The installed polygons of `regency` or `district`; empty when none are installed."""
    path = data / FOLDER / f"{level}.json.gz"
    if not path.exists():
        return Polygons([])
    with gzip.open(path, "rt", encoding="ascii") as file:
        return Polygons([Boundary(code, shapely.from_wkb(wkb)) for code, wkb in json.load(file)])
