"""Two matters in one message are found by their parts; one matter told at length stays one."""

import pytest

from bot.actions import matters
from bot.actions.reading import Reading
from bot.components.matter_splitting import two_matters

ISSUES = {"lampu": "lampu_jalan", "sampah": "sampah", "bolong": "jalan_rusak"}


def judged(words: str) -> tuple[str, float]:
    """Sure of what is named last; unsure when nothing or two things are."""
    codes = [code for word, code in ISSUES.items() if word in words.lower()]
    return (codes[-1], 0.95 if len(codes) == 1 else 0.5) if codes else ("lainnya", 0.3)


TWO = [
    ("lampu depan gang mati dan sampah numpuk di tps", "sampah numpuk di tps"),
    ("Lampu jalan mati sejak kemarin. Sampah belum diangkut juga", "Sampah belum diangkut juga"),
    ("pak lampu jalan padam, terus juga sampah numpuk depan pasar", "sampah numpuk depan pasar"),
    ("lampu jalan mati semua\nsampah tidak diangkut", "sampah tidak diangkut"),
]


@pytest.mark.parametrize(("text", "other"), TWO)
def test_two_parts_are_found_in_the_order_told(text: str, other: str) -> None:
    found = two_matters(text, judged)
    assert found and [part.code for part in found] == ["lampu_jalan", "sampah"]
    assert found[0].start == 0 and text[found[1].start : found[1].end] == other


ONE = [
    "lampu jalan mati dan gelap sekali kalau malam",  # the same matter again
    "lampu jalan mati, sampah jadi dibuang orang di situ",  # what came of it: a bare comma
    "lampu mati dan sampah",  # too short for two
    "lampu jalan mati dan lampu gang juga belum menyala",
    "",
]


@pytest.mark.parametrize("text", ONE)
def test_one_matter_stays_one(text: str) -> None:
    assert two_matters(text, judged) is None


def test_the_second_matter_that_was_heard_is_taken_as_it_was_told() -> None:
    text = "lampu mati di gang dan sampah  numpuk depan pasar"
    value = {"text": "sampah  numpuk depan pasar", "code": "sampah", "first": "lampu_jalan"}
    heard = ({"entity": "other_matter", "value": value},)
    assert matters.two_in(Reading(text=text, entities=heard)) == matters.Two(
        "lampu_jalan", "sampah numpuk depan pasar", "sampah"
    )
    # What was taken out of the text, as a tracking code is, does not come back by the side.
    assert matters.two_in(Reading(text="lampu mati di gang dan sampah", entities=heard)) is None
