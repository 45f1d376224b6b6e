"""The public map says what its table says, and nothing that tells a poured district from an empty one: whatever can be worked out from
both is what can be worked out from the table, which `test_suppression.py` looks after."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.cases.suppression import LEAST
from backend.places.atlas import Atlas
from backend.usecases.barometer import Barometer, Line, barometer
from backend.web.barometer_map import barometer_map
from backend.web.drawing.shaded_map import ShadedMap
from tests.support.invented_map import CORNERS, invented_map
from tests.unit.test_suppression import Filed

ATLAS = invented_map()
UNNAMED = "digabung atau kosong"
DISTRICTS = sorted(CORNERS)
CASES = st.lists(
    st.builds(
        Filed,
        issue=st.sampled_from(["jalan", "air"]),
        district_code=st.sampled_from([*DISTRICTS, None]),
        days=st.none() | st.integers(0, 30),
        done=st.booleans(),
        rating=st.none(),
        hidden=st.integers(0, 9).map(lambda one: one == 0),
        n=st.integers(1, 25),
    ),
    max_size=20,
)


def name_of(code: str | None) -> str:
    return CORNERS[code][0] if code else "tidak diketahui"


def published(filed: Sequence[Filed]) -> Barometer:
    return barometer(filed, str, name_of)


def drawn(lines: Sequence[Line], atlas: Atlas = ATLAS) -> ShadedMap | None:
    return barometer_map(atlas, "64.08", lines, name_of, "laporan", UNNAMED)


@settings(max_examples=400, deadline=None)
@given(CASES)
def test_the_map_holds_the_cells_of_the_table_and_no_other_number(filed: list[Filed]) -> None:
    lines = published(filed).by_district
    found = drawn(lines)
    named = {line.name: line.n for line in lines if line.name in {name for name, _ in CORNERS.values()}}
    if not named:
        assert found is None
        return
    assert found is not None
    told = {shape.name: shape.note for shape in found.drawing.shapes}
    assert told == {name: f"{named[name]} laporan" if name in named else UNNAMED for name in told}
    assert all(int(n) >= LEAST for note in told.values() for n in re.findall(r"\d+", note))
    assert {shape.shade for shape in found.drawing.shapes if shape.name not in named} <= {"0"}
    assert all(low >= LEAST for _, low, _ in found.steps), "no shade speaks of fewer"
    assert not any(shape.href for shape in found.drawing.shapes)


@settings(max_examples=400, deadline=None)
@given(CASES, CASES)
def test_two_months_of_one_table_have_one_map(one: list[Filed], other: list[Filed]) -> None:
    """Cases moved between districts that are not named, or out of them all into another one: the map does not move."""
    lines = published(one).by_district
    shown = {line.name for line in lines}
    hidden = [code for code in DISTRICTS if name_of(code) not in shown]
    extra = [Filed("jalan", hidden[0], None, False, None, False, case.n) for case in other if hidden]
    changed = published([*one, *extra]).by_district
    same = {(line.name, line.n) for line in lines if line.name} == {
        (line.name, line.n) for line in changed if line.name
    }
    if same:
        assert drawn(lines) == drawn(changed)


def test_a_poured_district_looks_like_an_empty_one() -> None:
    many = Filed("jalan", DISTRICTS[0], None, False, None, False, 40)
    few = [Filed("jalan", code, None, False, None, False, 3) for code in DISTRICTS[1:3]]
    lines = published([many, *few]).by_district
    assert [line.name for line in lines] == [name_of(DISTRICTS[0]), None]
    found = drawn(lines)
    assert found is not None
    looks = {(shape.shade, shape.note) for shape in found.drawing.shapes if shape.name != lines[0].name}
    assert looks == {("0", UNNAMED)}


def test_without_boundaries_there_is_no_map() -> None:
    lines = published([Filed("jalan", DISTRICTS[0], None, False, None, False, 40)]).by_district
    assert drawn(lines, Atlas()) is None
