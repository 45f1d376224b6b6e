"""Which report an addition is about, and what of a place still holds: tables."""

from __future__ import annotations

from typing import Any

import pytest

from bot.actions import follow_up, spots
from bot.actions.reading import Reading

LAMP = {"case_ref": "lampu", "label": "Lampu jalan mati, November 2026"}
WASTE = {"case_ref": "sampah", "label": "Sampah & TPS, November 2026"}
ASKING = {**WASTE, "open_question": True}
NAMES_THE_LAMP = Reading(text="yang lampu jalan", issue_ranking=({"code": "lampu_jalan", "confidence": 0.9},))


@pytest.mark.parametrize(
    ("cases", "reading", "wanted", "last", "found"),
    [
        ([LAMP, WASTE], NAMES_THE_LAMP, "add", "sampah", "lampu"),
        ([LAMP, ASKING], NAMES_THE_LAMP, "add", None, "lampu"),
        ([LAMP, ASKING], Reading(), "add", "lampu", "sampah"),
        ([LAMP, ASKING], Reading(), "contest", "lampu", "lampu"),
        ([LAMP, WASTE], Reading(), "add", "lampu", "lampu"),
        ([LAMP, WASTE], Reading(), "add", None, None),
        ([{**LAMP, "open_question": True}, ASKING], Reading(), "add", "lampu", None),
        ([LAMP, WASTE], Reading(), "withdraw", "lampu", None),
        ([LAMP], Reading(), "withdraw", None, "lampu"),
        ([], Reading(), "add", "anonim", "anonim"),
    ],
    ids="named asked-but-named asked contested looked-at several two-ask withdrawn only-one by-code".split(),
)
def test_the_report_that_is_meant(
    cases: list[dict[str, Any]], reading: Reading, wanted: str, last: str | None, found: str | None
) -> None:
    assert follow_up.meant(cases, reading, wanted, last) == found


def test_only_reports_with_a_question_are_offered_for_an_answer() -> None:
    assert follow_up.offered([LAMP, ASKING], "add") == [ASKING]
    assert follow_up.offered([LAMP, ASKING], "withdraw") == [LAMP, ASKING]


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("tambah info: tiangnya juga miring", "tiangnya juga miring"),
        ("mau nambah info", None),
        ("tambah info: ya", None),
    ],
)
def test_an_addition_told_at_once(said: str, note: str | None) -> None:
    assert follow_up.said_besides(Reading(text=said)) == note


OLD = {
    "landmark": "dpn sd 004 sangatta utara",
    "label": "Kec. Sangatta Utara, Kab. Kutai Timur",
    "district_code": "64.08.04",
    "latitude": 0.5,
    "longitude": 117.5,
}
NEW = {"landmark": "bengalon", "label": "Kec. Bengalon, Kab. Kutai Timur", "district_code": "64.08.09"}


@pytest.mark.parametrize(
    ("said", "message", "landmark"),
    [
        ("bengalon", "bukan sangatta tapi bengalon", "dpn sd 004, bengalon"),
        ("bengalon", "bukan di situ, di bengalon", "bengalon"),
        ("bengalon", "bukan dpn sd 004, di bengalon", "bengalon"),
        ("bengalon, dpn kantor pos", "salah, di bengalon, dpn kantor pos", "bengalon"),
    ],
    ids=["the area is wrong", "the spot is wrong", "the spot is named as wrong", "another spot"],
)
def test_a_corrected_district_keeps_the_spot(said: str, message: str, landmark: str) -> None:
    place = spots.carried(OLD, NEW, said, message, corrects=True)
    assert (place["landmark"], place.get("latitude")) == (landmark, None)


def test_a_detail_in_the_same_district_joins_spot_and_pin() -> None:
    new = {**OLD, "landmark": "rt 5 sangatta utara", "latitude": None, "longitude": None}
    place = spots.carried(OLD, new, "rt 5 sangatta utara", "rt 5 sangatta utara", corrects=False)
    assert place["landmark"] == "dpn sd 004, rt 5 sangatta utara"
    assert place["latitude"] == 0.5
