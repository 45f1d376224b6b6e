"""The districts of the regency, shaded by how many cases came in; dots only for whoever may see the places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backend.places.drawing import Drawing, draw_map
from backend.places.windows import around
from backend.web.desk.sight_view import SightView
from backend.web.drawing.marks import number, top_of
from backend.web.ports import Site

SIZE = (640, 460)
SHADES = 5


@dataclass(frozen=True)
class ShadedMap:
    """The drawing, and what its shades mean: (shade, from, to)."""

    drawing: Drawing
    steps: tuple[tuple[int, int, int], ...]


def sight_map(
    site: Site, view: SightView, districts: Mapping[str, int], *, linked: bool = True
) -> ShadedMap | None:
    """None when the operator has installed no boundaries."""
    parts = site.atlas.parts_of(view.desk)
    whole = around([one.geometry for one in parts], SIZE)
    if whole is None:
        return None
    top = int(top_of(list(districts.values())))
    unit = site.services.reference.sentence("unit_cases")
    shaded = [
        replace(
            part,
            shade=shade_of(districts.get(part.code, 0), top),
            note=f"{number(districts.get(part.code, 0))} {unit}",
            href=view.district_list(part.code) if linked and districts.get(part.code) else "",
        )
        for part in parts
    ]
    return ShadedMap(
        draw_map([*site.atlas.around(view.desk, whole), *shaded], [], whole, SIZE), steps_of(top)
    )


def shade_of(n: int, top: int) -> int:
    """0 for none, then four equal steps up to `top`.

    >>> [shade_of(n, 40) for n in (0, 1, 10, 11, 40)]
    [0, 1, 1, 2, 4]
    """
    return min(SHADES - 1, -(-n * (SHADES - 1) // top)) if n else 0


def steps_of(top: int) -> tuple[tuple[int, int, int], ...]:
    """What each shade stands for.

    >>> steps_of(40)
    ((1, 1, 10), (2, 11, 20), (3, 21, 30), (4, 31, 40))
    """
    found = []
    for shade in range(1, SHADES):
        fitting = [n for n in range(1, top + 1) if shade_of(n, top) == shade] if top <= 10_000 else []
        low, high = (fitting[0], fitting[-1]) if fitting else ((shade - 1) * top // 4 + 1, shade * top // 4)
        if fitting or top > 10_000:
            found.append((shade, low, high))
    return tuple(found)
