"""The field copy of a photo: boxes over faces and plates, and who is shown the copy, the whole file or nothing (F20, F30).

A photo that was looked at leaves the desk only as its copy. Before that, an office that only handles the matter sees it when the reporter
is named openly and the matter is not secret; files that cannot be covered in part (documents, sound, video) follow the same rule for good.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum

from backend.cases.access import Act, Officer, has
from backend.cases.case import Case
from backend.cases.errors import BoxesInvalid

FIELD_COPY_TYPE = "image/jpeg"
MOST_BOXES = 60
SMALLEST_SIDE = 0.005
LONGEST_TEXT = 8_000


@dataclass(frozen=True)
class Box:
    """A rectangle in parts of the picture: `left`, `top`, `width`, `height`, each 0 … 1."""

    left: float
    top: float
    width: float
    height: float

    def in_pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in whole pixels, never less than was drawn; right and bottom are not covered any more.

        >>> Box(0.1, 0.1, 0.25, 0.5).in_pixels(101, 11)
        (10, 1, 36, 7)
        """
        right, bottom = self.left + self.width, self.top + self.height
        return (
            int(self.left * width),
            int(self.top * height),
            min(width, -int(-right * width // 1)),
            min(height, -int(-bottom * height // 1)),
        )


class Checked(StrEnum):
    """Where a photo stands: nobody looked yet · covered, its copy exists · reopened, the copy was withdrawn to draw it anew."""

    NOT_YET = "not_yet"
    COVERED = "covered"
    REOPENED = "reopened"


class Sight(StrEnum):
    """What an officer is shown of a file."""

    WHOLE = "whole"
    COPY = "copy"
    CLOSED = "closed"


def read_boxes(text: str) -> tuple[Box, ...]:
    """The boxes of a form: a JSON list of `[left, top, width, height]`; cut to the picture.

    >>> read_boxes("[[0.5, 0.5, 0.9, 0.1]]")
    (Box(left=0.5, top=0.5, width=0.5, height=0.1),)

    Raises:
        BoxesInvalid: no such list, too many, or one too small to cover anything.
    """
    try:
        given = json.loads(text or "[]") if len(text) <= LONGEST_TEXT else None
    except (ValueError, RecursionError) as failure:
        raise BoxesInvalid("no JSON") from failure
    if not isinstance(given, list) or len(given) > MOST_BOXES:
        raise BoxesInvalid("no list, or too many boxes")
    return tuple(_box(one) for one in given)


def _box(given: object) -> Box:
    if not (isinstance(given, list) and len(given) == 4):
        raise BoxesInvalid("a box is four numbers")
    numbers = [float(one) for one in given if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) != 4 or not all(0 <= one <= 1 for one in numbers):
        raise BoxesInvalid("a box is four numbers from 0 to 1")
    left, top, width, height = numbers
    box = Box(left, top, round(min(width, 1 - left), 6), round(min(height, 1 - top), 6))
    if min(box.width, box.height) < SMALLEST_SIDE:
        raise BoxesInvalid("a box too small to cover anything")
    return box


def written(boxes: Sequence[Box]) -> list[list[float]]:
    """Boxes as a form and the database keep them."""
    return [list(astuple(one)) for one in boxes]


def sight_of(
    officer: Officer,
    case: Case,
    assigned: frozenset[str],
    *,
    checked: Checked = Checked.NOT_YET,
    is_ours: bool = False,
) -> Sight:
    """What this officer is shown of a file of a case in view; a name on the case opens it to those who handle cases. `is_ours`: an officer
    attached it as evidence."""
    if checked is Checked.COVERED:
        return Sight.COPY
    works = has(officer, Act.REDACT)
    if is_ours or has(officer, Act.OPEN_ORIGINAL) or (works and officer.seat in assigned):
        return Sight.WHOLE
    if checked is Checked.REOPENED or not works:
        return Sight.CLOSED
    secret = case.sensitive or case.oversight or case.assignment.oversight_lane
    return Sight.CLOSED if case.is_sealed or secret else Sight.WHOLE
