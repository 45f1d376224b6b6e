"""A state survives a release: renamed slots and forms, and is refused only where it cannot be understood."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from bot.engine.contract import UnknownSchema
from bot.engine.state import without_codes

pytestmark = pytest.mark.model

FRESH: dict[str, Any] = {"schema": 1, "slots": {}, "active_loop": None, "offered": [], "events": []}


def a_code(eighteen: str) -> str:
    """Twenty digits with the check digits of ISO 7064 MOD 97-10."""
    return eighteen + f"{98 - int(eighteen + '00') % 97:02d}"


async def test_a_state_has_the_schema_and_no_history(talk: Any) -> None:
    one = talk()
    for text in ("halo", "lapor kucing hilang", "kenapa", "depan sd"):
        await one.say(text)
    assert set(one.state) == {"schema", "slots", "active_loop", "offered", "said", "questions", "events"}
    assert (one.state["schema"], one.state["events"]) == (1, [])
    assert "kenapa" not in json.dumps(one.state)


async def test_a_renamed_form_reopens_as_todays_form(talk: Any) -> None:
    one = talk()
    await one.say("lapor kucing hilang")
    one.state["active_loop"] = "form_of_the_previous_release"
    assert await one.say("depan sd") == ["utter_ask_sure"]
    assert one.state["active_loop"] == "complaint_form"
    assert one.state["slots"]["description"] == "lapor kucing hilang"


async def test_a_renamed_slot_costs_one_question(talk: Any) -> None:
    one = talk()
    await one.say("lapor kucing hilang")
    slots = one.state["slots"]
    slots["what_happened"] = slots.pop("description")
    slots["requested_slot"] = "where_it_is"
    said = await one.say("depan sd")
    assert said in (["utter_ask_description"], ["utter_default"])
    assert "what_happened" not in one.state["slots"]
    assert await one.say("kucing hilang") in (["utter_ask_place"], ["utter_ask_sure"])


@pytest.mark.parametrize("moment", range(5))
async def test_every_state_of_a_talk_can_be_replayed_after_renaming(talk: Any, moment: int) -> None:
    one = talk()
    for text in ["halo", "lapor kucing hilang", "kenapa", "depan sd", "ubah lokasi"][: moment + 1]:
        await one.say(text)
    state = copy.deepcopy(one.state)
    if state["active_loop"]:
        state["active_loop"] = "laporan_form"
    state["slots"] = {f"{name}_dulu" if name == "place" else name: v for name, v in state["slots"].items()}
    again = talk(state=state)
    for text in ("kenapa", "depan sd", "samping masjid"):
        await again.say(text)
        assert again.answer["replies"]


@pytest.mark.parametrize(
    "state",
    [
        {**FRESH, "schema": 2},
        {**FRESH, "schema": None},
        {},
        {"schema": 1},
        {**FRESH, "offered": [{"id": "q1-1"}]},
        {**FRESH, "slots": 7},
    ],
)
async def test_a_foreign_state_is_refused(talk: Any, state: dict[str, Any]) -> None:
    with pytest.raises(UnknownSchema):
        await talk(state=state).say("halo")


async def test_a_snapshot_does_not_grow(talk: Any) -> None:
    one = talk()
    await one.say("lapor kucing hilang")
    sizes = []
    for n in range(60):
        await one.say(["kenapa", "halo", "depan sd", "2"][n % 4])
        sizes.append(len(json.dumps(one.state)))
    assert max(sizes[-8:]) <= max(sizes[4:12]) + 10


@pytest.mark.parametrize("pattern", ["{}", "kode {} tolong", "{0:.4} {0:.0}"])
def test_a_typed_code_is_not_kept(pattern: str) -> None:
    code = a_code("482109375516204873")
    spaced = " ".join(code[n : n + 4] for n in range(0, 20, 4))
    for written in (code, spaced, spaced.replace(" ", "-"), spaced.replace(" ", ".")):
        hidden = without_codes({"note": [f"kode {written} tolong"]})["note"][0]
        assert hidden == "kode •••• tolong"


def test_other_long_numbers_stay(talk: Any) -> None:
    wrong = "4" + a_code("482109375516204873")[1:-1] + "0"
    assert without_codes(f"token {wrong}") == f"token {wrong}"
    assert without_codes("1" * 24) == "1" * 24


async def test_a_code_that_was_typed_leaves_no_trace_in_the_state(talk: Any) -> None:
    code = a_code("123456789012345678")
    one = talk()
    await one.say(f"lapor rusak {code}")
    assert code not in json.dumps(one.state)
