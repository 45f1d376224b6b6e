"""Polygons: installed whole or not at all; a point finds its area; sea, abroad and 0,0 find none."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from backend.places import polygons, service


def feature(code: Any, west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def written(folder: Path, features: list[Any], name: str = "batas.geojson") -> Path:
    path = folder / name
    text = json.dumps({"type": "FeatureCollection", "features": features})
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    squares = [
        feature("64.08", 117.0, 0.0, 118.0, 1.0),
        feature("64.08.04", 117.4, 0.4, 117.6, 0.6),
        feature("62.02", 112.0, -3.0, 113.0, -2.0),
    ]
    polygons.install(written(tmp_path, squares, "batas.geojson.gz"), tmp_path)
    return tmp_path


def test_regency_is_trusted_district_is_asked(installed: Path) -> None:
    places = service.load(["64.08"], installed)
    found = places.by_point(0.5, 117.5, 10.0, "64.08")
    assert found.status == "unsure"
    assert found.place is not None
    assert (found.place.regency_code, found.place.district_code) == ("64.08", None)
    assert [one.district_code for one in found.choices] == ["64.08.04"]


def test_a_point_of_another_regency_is_outside(installed: Path) -> None:
    found = service.load(["64.08"], installed).by_point(-2.5, 112.5, 10.0, "64.08")
    assert found.status == "outside"


@pytest.mark.parametrize(
    "point", [(0.0, 0.0), (-8.0, 100.0), (48.8, 2.3)], ids=["null island", "sea", "abroad"]
)
def test_points_in_no_regency_are_unknown(installed: Path, point: tuple[float, float]) -> None:
    assert service.load(["64.08"], installed).by_point(*point, 10.0, "64.08").status == "unknown"


def test_just_off_the_coast_counts_as_the_coast(installed: Path) -> None:
    assert polygons.load(installed, "regency").at(0.5, 118.01) == "64.08"


@pytest.mark.parametrize(
    ("features", "complaint"),
    [
        ([feature("Kutai Timur", 117, 0, 118, 1)], "must look like 64.08"),
        ([feature(None, 117, 0, 118, 1)], "feature 1"),
        (
            [feature("64.08", 117, 0, 118, 1), {"properties": {"code": "62.02"}, "geometry": None}],
            "feature 2",
        ),
        (
            [{"properties": {"code": "62.02"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}],
            "not a polygon",
        ),
        ([], "holds no features"),
    ],
)
def test_a_bad_file_replaces_nothing(installed: Path, features: list[Any], complaint: str) -> None:
    with pytest.raises(polygons.BoundariesRefused, match=complaint):
        polygons.install(written(installed, features, "buruk.geojson"), installed)
    assert len(polygons.load(installed, "regency")) == 2


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "batas.geojson").write_text("bukan json", encoding="utf-8")
    with pytest.raises(polygons.BoundariesRefused, match="cannot be read as JSON"):
        polygons.install(tmp_path / "batas.geojson", tmp_path)
