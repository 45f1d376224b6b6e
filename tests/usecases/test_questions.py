"""The six questions of the engine's actions: their shape is the contract of `docs/architecture.md`."""

import re
from pathlib import Path

import pytest

from backend.cases.errors import DraftInvalid
from backend.cases.place import Place, PlaceSource
from backend.usecases import effects, questions
from backend.usecases.ports import FoundPlace
from tests.support.builders import SANGATTA, draft_data
from tests.usecases.conftest import Town

CONTRACT = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")


def documented(section: str) -> set[str]:
    text = CONTRACT.split(f"## {section}", 1)[1].split("\n##", 1)[0]
    rows = re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_every_question_and_effect_of_the_contract_is_answered_and_no_other() -> None:
    assert documented("Questions the actions may ask") == questions.NAMES
    assert documented("Effects") == effects.KINDS


async def test_a_place_by_text(town: Town) -> None:
    town.places.known["depan pasar lama sangatta utara"] = FoundPlace("resolved", SANGATTA)
    found = await town.ask("place", {"text": "depan pasar lama sangatta utara", "home": "64.08"})
    assert found["status"] == "resolved"
    assert found["place"] == draft_data()["place"]
    assert found["choices"] == []


async def test_a_place_by_pin_with_choices(town: Town) -> None:
    inside = Place(
        regency_code="64.08", latitude=0.5, longitude=117.5, source=PlaceSource.PIN, label="Kab. Kutai Timur"
    )
    town.places.known["0.5,117.5"] = FoundPlace("unsure", inside, (SANGATTA,))
    found = await town.ask("place", {"latitude": 0.5, "longitude": 117.5, "accuracy_m": 20})
    assert found["status"] == "unsure"
    assert found["place"]["latitude"] == 0.5
    assert [choice["label"] for choice in found["choices"]] == ["Kec. Sangatta Utara, Kab. Kutai Timur"]


@pytest.mark.parametrize(
    "pin", [{"latitude": 91, "longitude": 0}, {"latitude": "x", "longitude": 1}, {"latitude": 1}]
)
async def test_an_impossible_pin_is_malformed(town: Town, pin: dict[str, object]) -> None:
    with pytest.raises(DraftInvalid):
        await town.ask("place", pin)


async def test_an_assignment_says_who_why_and_until_when(town: Town) -> None:
    asked = {"issue": "lampu_jalan", "place": draft_data()["place"], "attributes": {}, "text": "lampu mati"}
    assert await town.ask("assignment", asked) == {
        "level": "kabupaten",
        "level_label": "kewenangan kabupaten",
        "agency": "dishub-64.08",
        "agency_name": "Dinas Perhubungan Kabupaten Kutai Timur",
        "reason": "Lampu jalan mati: biasanya ditangani Dinas Perhubungan Kabupaten Kutai Timur.",
        "rule": "default_lampu_jalan",
        "confidence": 0.8,
        "due_on": "2026-12-11",
        "due_label": "Jumat, 11 Desember 2026",
        "question": None,
    }


async def test_an_assignment_asks_at_most_one_question_with_options(town: Town) -> None:
    asked = {"issue": "jalan_rusak", "place": draft_data()["place"], "text": "jalan berlubang"}
    question = (await town.ask("assignment", asked))["question"]
    assert question["attribute"] == "road_status"
    assert question["ask"].endswith("?") or question["ask"].endswith(".")
    assert {"value": "provinsi", "label": "Jalan provinsi"} in question["options"]
    answered = await town.ask("assignment", {**asked, "attributes": {"road_status": "provinsi"}})
    assert (answered["agency"], answered["question"]) == ("dpupr_prov-64", None)


async def test_what_is_shown_before_sending_is_what_is_filed(town: Town) -> None:
    draft = draft_data(issue="jalan_rusak", objection="itu jalan provinsi")
    asked = {
        **{key: draft[key] for key in ("issue", "place", "attributes", "objection")},
        "text": draft["description"],
    }
    shown = await town.ask("assignment", asked)
    receipt = (await town.effect("file_complaint", draft)).data
    for key in ("level", "level_label", "agency_name", "reason", "due_on", "due_label"):
        assert shown[key] == receipt[key]


async def test_facts_come_with_their_source(town: Town) -> None:
    found = await town.ask("facts", {"topic": "emergency", "regency_code": "62.10"})
    assert found["facts"]["police"] == "110"
    assert found["source"]
    assert await town.ask("facts", {"topic": "weather"}) == {"facts": {}, "source": ""}


async def test_an_unknown_question_is_named(town: Town) -> None:
    with pytest.raises(questions.UnknownQuestion):
        await town.ask("secrets", {})


@pytest.mark.parametrize(
    "data", [{"issue": 7}, {"report_class": "gossip"}, {"place": {"regency_code": "Kutim"}}]
)
async def test_malformed_data_is_refused(town: Town, data: dict[str, object]) -> None:
    with pytest.raises(DraftInvalid):
        await town.ask("assignment", data)
