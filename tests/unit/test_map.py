"""Maps as drawings: what is seen, what it is called, where the point lies; and that a place is shown no more exactly than it may be."""

import math
import re

import pytest
import shapely

from backend.cases.access import Officer, Role
from backend.cases.case import Assignment, IdentityLevel, Level
from backend.cases.place import Place, distance_m
from backend.cases.shown_point import point_for, point_for_the_field
from backend.places.atlas import Atlas
from backend.places.drawing import Area, Spot, draw_map
from backend.places.windows import NARROWEST_M, around, closer, most_steps, window_at
from tests.support.builders import a_case

SIZE = (640, 420)
PIN = Place(regency_code="64.08", latitude=0.5, longitude=117.5, accuracy_m=20.0)


def square(code: str, name: str, west: float, south: float, east: float, north: float, **more: str) -> Area:
    return Area(code, name, shapely.box(west, south, east, north), **more)


LAND = [
    square("64.08.01", "Barat", 117.0, 0.0, 117.5, 1.0),
    square("64.08.02", "Timur", 117.5, 0.0, 118.0, 1.0, role="here"),
    square("64.03", "Kabupaten Tetangga", 116.0, 0.0, 117.0, 1.0, role="beside"),
]
WHOLE = around([one.geometry for one in LAND[:2]], SIZE)
assert WHOLE is not None


def corners(path: str) -> list[tuple[float, float]]:
    """Points of a path as the browser reads it."""
    found: list[tuple[float, float]] = []
    for ring in path.split("z")[:-1]:
        start, steps = ring.removeprefix("M").split("l")
        x, y = (float(value) for value in start.split())
        found.append((x, y))
        numbers = [float(value) for value in re.findall(r"-?\d+\.\d", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


def test_areas_points_and_names_stand_where_they_lie() -> None:
    drawn = draw_map(LAND, [Spot(0.5, 117.5, "lubang", 5_000.0)], WHOLE, SIZE)
    assert [shape.role for shape in drawn.shapes] == ["beside", "own", "here"], "what it is about lies on top"
    [mark] = drawn.marks
    assert (mark.x, mark.y) == (320.0, 210.0)
    assert mark.radius == pytest.approx(5_000 * 640 / WHOLE.width_m, abs=0.1)
    west, east = (corners(shape.path) for shape in drawn.shapes[1:])
    assert max(x for x, _ in west) == pytest.approx(320, abs=0.2) == min(x for x, _ in east)
    assert all(0 <= y <= 420 for _, y in west), "north is up and everything fits"
    named = {label.text: label for label in drawn.labels}
    assert named["Barat"].x < 320 < named["Timur"].x and named["Timur"].role == "here"
    assert not named["Timur"].small, "what the map is about is named on the smallest screen too"


def test_neighbours_share_one_edge_after_simplifying() -> None:
    crooked = [(117.5 + 0.004 * math.sin(n), n / 400) for n in range(401)]
    left = shapely.Polygon([(117.0, 0.0), *crooked, (117.0, 1.0)])
    right = shapely.Polygon([(118.0, 0.0), *crooked, (118.0, 1.0)])
    drawn = draw_map([Area("a", "", left), Area("b", "", right)], [], WHOLE, SIZE)
    one, other = (corners(shape.path) for shape in drawn.shapes)
    assert len(one) < 200, "what is too fine to see is not sent"
    border = {point for point in one if 250 < point[0] < 390}
    rounded = {(round(x, 1), round(y, 1)) for x, y in other}
    assert border and all((round(x, 1), round(y, 1)) in rounded for x, y in border)


def test_names_that_would_cover_each_other_are_left_out() -> None:
    many = [square(f"64.08.{n:02}", f"Kecamatan {n}", 117 + n / 50, 0, 117.02 + n / 50, 1) for n in range(50)]
    assert len(draw_map(many, [], WHOLE, SIZE).labels) == 0
    few = [square(f"64.08.{n:02}", f"Kecamatan {n}", 117 + n / 4, 0, 117.25 + n / 4, 1) for n in range(4)]
    labels = draw_map(few, [], WHOLE, SIZE).labels
    assert sorted(label.small for label in labels) == [False, False, True, True], (
        "twice as high they would touch"
    )


def test_steps_halve_towards_the_point_and_stay_inside() -> None:
    last = most_steps(WHOLE)
    assert NARROWEST_M <= WHOLE.width_m / 2**last < 2 * NARROWEST_M
    for step in range(last + 1):
        window = closer(WHOLE, 0.95, 117.98, step, SIZE)
        west, south, east, north = window.degrees
        assert window.width_m == pytest.approx(WHOLE.width_m / 2**step)
        assert west <= 117.98 <= east and south <= 0.95 <= north
        assert north <= WHOLE.degrees[3] + 1e-4 and east <= WHOLE.degrees[2] + 1e-4
    assert around([], SIZE) is None
    assert window_at(0, 0, 1, SIZE).width_m == NARROWEST_M


def test_an_atlas_draws_what_is_installed() -> None:
    shapes = {one.code: one.geometry for one in LAND}
    regencies = {"64.03": shapes["64.03"], "64.08": shapely.box(117, 0, 118, 1)}
    both = Atlas(
        regencies, {code: shapes[code] for code in ("64.08.01", "64.08.02")}, lambda code: f"n{code}"
    )
    assert [(one.code, one.role) for one in both.parts_of("64.08", "64.08.02")] == [
        ("64.08.01", "own"),
        ("64.08.02", "here"),
    ]
    assert [one.code for one in Atlas(regencies, {}).parts_of("64.08")] == ["64.08"]
    assert both.parts_of("62.10") == [] and not Atlas() and both
    assert [one.code for one in both.around("64.08", WHOLE)] == ["64.03"]


def who(role: Role) -> Officer:
    return Officer("p1", "Jabatan", role, "64.08")


SECRET = {"sensitive": {"sensitive": True}, "oversight": {"oversight": True}}
SECRET["conflict"] = {"assignment": Assignment(Level.REGENCY, "a-64.08", "", "r", 1.0, True)}  # type: ignore[dict-item]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.VERIFIER, Role.AGENCY, Role.LIAISON, Role.INSPECTOR])
def test_who_works_on_a_case_gets_the_spot(role: Role) -> None:
    shown = point_for(a_case(place=PIN, sensitive=True), who(role))
    assert shown is not None and shown.is_exact
    assert (shown.latitude, shown.longitude, shown.radius_m) == (0.5, 117.5, 20.0)


@pytest.mark.parametrize(("level", "least"), [(IdentityLevel.OPEN, 100), (IdentityLevel.ANONYMOUS, 500)])
def test_an_onlooker_gets_a_rounded_one_that_is_always_the_same(level: IdentityLevel, least: int) -> None:
    near = [Place(latitude=0.5 + n * 1e-4, longitude=117.5, accuracy_m=20.0) for n in range(5)]
    shown = [point_for(a_case(place=place, identity_level=level), who(Role.LEADER)) for place in near]
    for place, point in zip(near, shown, strict=True):
        assert point is not None and not point.is_exact and point.radius_m >= least
        off = distance_m(place, Place(latitude=point.latitude, longitude=point.longitude))
        assert off is not None and off <= point.radius_m, "the circle holds the spot"
    assert len({point.latitude for point in shown if point}) <= 2


@pytest.mark.parametrize("secret", SECRET.values(), ids=SECRET.keys())
def test_of_a_secret_matter_no_spot_is_shown_to_onlookers_or_on_paper(secret: dict[str, object]) -> None:
    case = a_case(place=PIN, **secret)
    assert point_for(case, who(Role.LEADER)) is None
    assert point_for_the_field(case) is None


def test_the_field_gets_the_spot_only_of_who_is_named_openly() -> None:
    exact = point_for_the_field(a_case(place=PIN))
    rounded = point_for_the_field(a_case(place=PIN, identity_level=IdentityLevel.CONFIDENTIAL))
    assert exact is not None and exact.is_exact
    assert rounded is not None and not rounded.is_exact and rounded.radius_m > 20
    assert point_for_the_field(a_case()) is None
