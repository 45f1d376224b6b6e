"""Field copies: what is covered is gone from the bytes, and who is shown the whole photo, its copy or nothing."""

import io
import random

import pytest
from PIL import Image

from backend.cases.access import Officer, Role
from backend.cases.case import Case, IdentityLevel
from backend.cases.errors import BoxesInvalid
from backend.cases.field_copy import MOST_BOXES, Box, Checked, Sight, read_boxes, sight_of, written
from backend.web.covering import COVER, CannotBeCovered, covered
from tests.support.builders import a_case

SIZE = (403, 307)
BOXES = (
    Box(0.1, 0.1, 0.2, 0.3),
    Box(0.55, 0.62, 0.31, 0.07),
    Box(0.9, 0.9, 0.1, 0.1),
    Box(0.1, 0.1, 0.2, 0.3),
)


def noise(seed: int) -> Image.Image:
    return Image.frombytes("RGB", SIZE, random.Random(seed).randbytes(3 * SIZE[0] * SIZE[1]))


def png(picture: Image.Image, **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", **more)
    return out.getvalue()


def differing_only_under(boxes: tuple[Box, ...], seed: int, other: int) -> tuple[bytes, bytes]:
    """Two photos that are alike wherever nothing is covered."""
    one, under = noise(seed), noise(other)
    two = one.copy()
    for box in boxes:
        area = box.in_pixels(*SIZE)
        two.paste(under.crop(area), area)
    return png(one), png(two)


def test_nothing_of_what_was_covered_is_in_the_copy() -> None:
    """Photos that differ only under the boxes make the same bytes: so no byte depends on what is covered."""
    for seed in range(5):
        one, two = differing_only_under(BOXES, seed, seed + 100)
        assert one != two and covered(one, BOXES) == covered(two, BOXES)
    assert covered(one, ()) != covered(two, ()), "without boxes they differ"


def test_the_boxes_are_where_they_were_drawn() -> None:
    with Image.open(io.BytesIO(covered(png(Image.new("RGB", SIZE, "white")), BOXES[:1]))) as copy:
        assert copy.format == "JPEG" and copy.size == SIZE
        left, top, right, bottom = BOXES[0].in_pixels(*SIZE)
        middle = copy.getpixel(((left + right) // 2, (top + bottom) // 2))
        assert isinstance(middle, tuple)
        assert all(abs(one - other) <= 4 for one, other in zip(middle, COVER, strict=True))
        outside = copy.getpixel((right + 40, bottom + 40))
        assert isinstance(outside, tuple) and min(outside) > 240


def test_the_copy_carries_no_metadata() -> None:
    exif = Image.Exif()
    exif[0x013B] = "KANARI-7731"
    out = io.BytesIO()
    noise(1).save(out, "JPEG", exif=exif, comment=b"KANARI-7731")
    assert b"KANARI-7731" in out.getvalue()
    copy = covered(out.getvalue(), ())
    assert b"KANARI" not in copy and b"Exif" not in copy


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"foto", png(noise(1))[:400]])
def test_what_is_no_picture_makes_no_copy(content: bytes) -> None:
    with pytest.raises(CannotBeCovered):
        covered(content, ())


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (2560, 1)])
def test_a_box_covers_at_least_what_was_drawn(size: tuple[int, int]) -> None:
    chance = random.Random(size[0])
    for _ in range(200):
        left, top = chance.random() * 0.9, chance.random() * 0.9
        box = Box(left, top, chance.uniform(0.005, 1 - left), chance.uniform(0.005, 1 - top))
        x, y, right, bottom = box.in_pixels(*size)
        assert 0 <= x <= left * size[0] and (left + box.width) * size[0] <= right + 1e-9 <= size[0] + 1
        assert 0 <= y <= top * size[1] and (top + box.height) * size[1] <= bottom + 1e-9 <= size[1] + 1


def test_boxes_come_back_as_they_were_written() -> None:
    assert read_boxes("") == read_boxes("[]") == ()
    boxes = read_boxes("[[0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1]]")
    assert boxes == (Box(0.1, 0.2, 0.3, 0.4), Box(0.0, 0.0, 1.0, 1.0))
    assert read_boxes(str(written(boxes))) == boxes


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        "null",
        "[1]",
        "[[0,0,1]]",
        "[[0,0,1,1,1]]",
        '[["0",0,1,1]]',
        "[[true,0,1,1]]",
        "[[-0.1,0,1,1]]",
        "[[0,0,2,1]]",
        "[[0,0,NaN,1]]",
        "[[0,0,Infinity,1]]",
        "[[0,0,0,1]]",
        "[[1,0,0.5,1]]",
        "[" * 3000,
        "[" + "[0,0,1,1]," * MOST_BOXES + "[0,0,1,1]]",
        "[[0,0,1,1]" + " " * 9000 + "]",
    ],
)
def test_boxes_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BoxesInvalid):
        read_boxes(text)


def sight(role: Role, case: Case, checked: Checked = Checked.NOT_YET, **more: object) -> Sight:
    officer = Officer("p1", "Jabatan", role, "64.08")
    assigned = frozenset({"p1"}) if more.pop("named", False) else frozenset()
    return sight_of(officer, case, assigned, checked=checked, **more)  # type: ignore[arg-type]


OPEN, SEALED = a_case(), a_case(identity_level=IdentityLevel.ANONYMOUS)
SECRET = a_case(sensitive=True)
DESK, OFFICE = (Role.ADMIN, Role.VERIFIER, Role.INSPECTOR), (Role.AGENCY, Role.LIAISON)


@pytest.mark.parametrize("case", [OPEN, SEALED, SECRET], ids=["open", "sealed", "secret"])
def test_once_a_copy_exists_everybody_is_shown_the_copy(case: Case) -> None:
    assert {sight(role, case, Checked.COVERED, named=True) for role in Role} == {Sight.COPY}


@pytest.mark.parametrize("checked", [Checked.NOT_YET, Checked.REOPENED])
def test_before_it_exists_the_desk_sees_the_whole_and_offices_only_of_open_matters(checked: Checked) -> None:
    for case in (OPEN, SEALED, SECRET):
        assert {sight(role, case, checked) for role in DESK} == {Sight.WHOLE}
        assert sight(Role.LEADER, case, checked) is Sight.CLOSED
        for role in OFFICE:
            is_open = case is OPEN and checked is Checked.NOT_YET
            assert sight(role, case, checked) is (Sight.WHOLE if is_open else Sight.CLOSED)


def test_a_name_on_the_case_opens_it_to_who_handles_cases_and_evidence_is_no_secret_of_its_office() -> None:
    assert {sight(role, SECRET, named=True) for role in OFFICE} == {Sight.WHOLE}
    assert sight(Role.LEADER, SECRET, named=True) is Sight.CLOSED
    assert {sight(role, SECRET, is_ours=True) for role in OFFICE} == {Sight.WHOLE}
