"""Which reports are offered as the same: a labelled table, a sentence per row."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from backend.cases.place import Place, distance_m
from backend.cases.similar import Sighting, compare, text_likeness

DAY = date(2026, 11, 20)
MARKET = "depan pasar lama"


def seen(
    text: str = "lampu jalan mati total, gelap",
    landmark: str = MARKET,
    *,
    issue: str = "lampu_jalan",
    on: date = DAY,
    told: date | None = None,
    at: tuple[float, float] | None = None,
    district: str | None = "64.08.04",
    village: str | None = None,
) -> Sighting:
    latitude, longitude = at or (None, None)
    place = Place(
        landmark=landmark,
        regency_code="64.08",
        district_code=district,
        village_code=village,
        latitude=latitude,
        longitude=longitude,
    )
    return Sighting(issue, place, on, text, told)


PAIRS = [
    ("the same words and spot", seen(), seen(), True),
    (
        "other words, same spot",
        seen(),
        seen("penerangan jalan padam, lampu mati", "pas depan pasar lama"),
        True,
    ),
    ("50 m apart by pin", seen(at=(0.5, 117.5)), seen("lampu padam", at=(0.50045, 117.5)), True),
    ("spelling differs", seen(), seen("lampu jln mati, gelap bgt", "dpn pasar lama"), True),
    ("two kilometres apart by pin", seen(at=(0.5, 117.5)), seen(at=(0.52, 117.5)), False),
    ("another issue at the same spot", seen(), seen(issue="sampah"), False),
    ("another district", seen(), seen(district="64.08.12"), False),
    ("another village", seen(village="64.08.04.2001"), seen(village="64.08.04.2002"), False),
    ("same district, another landmark", seen(), seen(landmark="simpang tiga bukit pelangi"), False),
    ("no landmark on either side", seen(landmark=""), seen(landmark=""), False),
    ("a month old, told last week", seen(), seen(on=date(2026, 10, 20), told=date(2026, 11, 12)), True),
    ("a month old, told then", seen(), seen(on=date(2026, 10, 20), told=date(2026, 10, 21)), False),
    ("another number of the same kind of spot", seen(landmark="rt 5"), seen(landmark="rt 17"), False),
    ("the same number, spelt otherwise", seen(landmark="depan SDN 004"), seen(landmark="dpn sd 4"), True),
    ("another name of the same kind", seen(landmark="jembatan merah"), seen(landmark="jembatan biru"), False),
    (
        "three weeks apart, other words",
        seen(),
        seen("tolong pasang lampu baru", "pasar", on=date(2026, 10, 28)),
        False,
    ),
]


@pytest.mark.parametrize(("one", "other", "same"), [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS])
def test_what_is_offered(one: Sighting, other: Sighting, same: bool) -> None:
    assert compare(one, other).is_suggested is same
    assert compare(one, other).score == pytest.approx(compare(other, one).score)


def test_texts_are_alike_by_letters_not_by_spelling() -> None:
    assert text_likeness("jalan rusak parah", "jalan rusak parah") == 1.0
    assert text_likeness("jalan rusak parah", "jln rusak prh") > 0.35
    assert text_likeness("jalan rusak", "ktp belum jadi") < 0.1
    assert text_likeness("", "") == 0.0


def test_distance_needs_two_points() -> None:
    assert distance_m(Place(), Place(latitude=0.0, longitude=117.0)) is None
    metres = distance_m(Place(latitude=0.0, longitude=117.0), Place(latitude=0.0, longitude=118.0))
    assert metres == pytest.approx(111_195, rel=1e-3)


LABELLED = Path(__file__).parent / "similar_pairs.csv"
METRES_PER_DEGREE = 111_195.0
PRECISION, RECALL = 0.80, 0.70


def sightings(row: dict[str, str]) -> tuple[Sighting, Sighting]:
    """Two reports of a labelled row; `metres` puts both on a map, that far apart."""
    north = float(row["metres"] or 0) / METRES_PER_DEGREE
    at = [(0.5, 117.5), (0.5 + north, 117.5)] if row["metres"] else [None, None]
    sides = ("", DAY), ("other_", DAY - timedelta(days=int(row["days"])))
    first, second = (
        seen(
            row[f"{side}text"],
            row[f"{side}landmark"],
            issue=row["issue"],
            on=on,
            at=point,
            district=row[f"{side}district"],
            village=row[f"{side}village"] or None,
        )
        for (side, on), point in zip(sides, at, strict=True)
    )
    return first, second


def test_suggestions_on_the_labelled_pairs() -> None:
    rows = list(csv.DictReader(LABELLED.open(encoding="utf-8")))
    assert len(rows) >= 200
    judged = [(compare(*sightings(row)).is_suggested, row["same"] == "yes", row) for row in rows]
    right = sum(offered and same for offered, same, _ in judged)
    n_offered, n_same = (sum(one[n] for one in judged) for n in (0, 1))
    figures = f"{len(rows)} pairs: precision {right / n_offered:.3f}, recall {right / n_same:.3f}"
    wrong = [row for offered, same, row in judged if offered != same]
    print("\n".join([figures, *(" · ".join(row.values()) for row in wrong)]))
    assert right / n_offered >= PRECISION, figures
    assert right / n_same >= RECALL, figures
