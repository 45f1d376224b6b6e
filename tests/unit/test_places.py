"""Places: the frozen phrases keep their figures, and each rule of reading has its case."""

import csv
from pathlib import Path

import pytest

from backend.places import service
from backend.places.points import point_in

HERE = Path(__file__).resolve().parent
SERVED = ("64.08", "62.10", "62.02")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> service.Places:
    return service.load(SERVED, tmp_path_factory.mktemp("no-polygons"))


def test_frozen_phrases_find_their_regency_and_district(places: service.Places) -> None:
    with (HERE / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    regency_wrong, district_wrong, surely_wrong, with_district = [], [], [], 0
    for row in rows:
        found = places.by_text(row["phrase"], row["home"])
        place = found.choices[0] if found.choices else found.place
        assert place is not None
        right_regency = place.regency_code == row["regency"]
        right_district = not row["district"] or place.district_code == row["district"]
        with_district += bool(row["district"])
        if not right_regency:
            regency_wrong.append(row["phrase"])
        if not right_district:
            district_wrong.append(row["phrase"])
        if found.status in {"resolved", "outside"} and not (right_regency and right_district):
            surely_wrong.append(row["phrase"])
    assert len(rows) >= 400
    assert len(regency_wrong) <= 0.03 * len(rows), regency_wrong
    assert len(district_wrong) <= 0.07 * with_district, district_wrong
    assert len(surely_wrong) <= 0.01 * len(rows), surely_wrong


@pytest.mark.parametrize(
    ("phrase", "home", "status", "label"),
    [
        pytest.param(
            "di sangatta utara", "64.08", "resolved", "Kec. Sangatta Utara, Kab. Kutai Timur", id="plain"
        ),
        pytest.param(
            "ds sangatta utara",
            "64.08",
            "resolved",
            "Desa Sangatta Utara, Kec. Sangatta Utara, Kab. Kutai Timur",
            id="desa said",
        ),
        pytest.param(
            "kota bogor", "64.08", "outside", "Kota Bogor, Jawa Barat", id="the city, not the regency"
        ),
        pytest.param(
            "jl sampit no 4 bengalon",
            "64.08",
            "resolved",
            "Kec. Bengalon, Kab. Kutai Timur",
            id="a street is no town",
        ),
    ],
)
def test_how_a_phrase_is_read(
    places: service.Places, phrase: str, home: str, status: str, label: str
) -> None:
    found = places.by_text(phrase, home)
    assert found.place is not None
    assert (found.status, found.place.label) == (status, label)


@pytest.mark.parametrize(
    "phrase",
    ["di depan rumah saya", "gg mawar rt 12", "belakang masjid raya", "sd 004", "", "???", "nggak tahu"],
)
def test_words_that_name_no_area_are_unknown_and_kept(places: service.Places, phrase: str) -> None:
    found = places.by_text(phrase, "64.08")
    assert found.status == "unknown"
    assert found.place is not None
    assert found.place.text == phrase


def test_two_towns_on_one_road_are_asked(places: service.Places) -> None:
    found = places.by_text("km 12 jalan sampit pangkalan bun", "62.02")
    assert found.status == "unsure"
    assert {one.regency_code for one in found.choices} == {"62.01", "62.02"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5031, 117.5342", (0.5031, 117.5342)),
        ("0,5031 117,5342", (0.5031, 117.5342)),
        ("2.5312 LS, 112.9496 BT", (-2.5312, 112.9496)),
        ("https://peta.example/?q=-2.5312,112.9496", (-2.5312, 112.9496)),
        ("lihat https://peta.example/#map=17/0.50310/117.53420", (0.5031, 117.5342)),
        ("6PGVGG3M+6M", (0.5031, 117.5342)),
    ],
)
def test_points_in_text(text: str, expected: tuple[float, float]) -> None:
    point = point_in(text)
    assert point is not None
    assert (point.latitude, point.longitude) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    "text", ["rt 12 no 34", "95.123, 200.456", "tagihan 1.500.000, 2.300.000", "4821 0937 5516 2048 7313"]
)
def test_other_numbers_are_no_points(text: str) -> None:
    assert point_in(text) is None


def test_a_pin_without_polygons_is_unknown_and_keeps_its_point(places: service.Places) -> None:
    found = places.by_point(0.5031, 117.5342, 12.0, "64.08")
    assert found.status == "unknown"
    assert found.place is not None
    assert (found.place.latitude, found.place.accuracy_m) == (0.5031, 12.0)
