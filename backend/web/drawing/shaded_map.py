"""The districts of a regency, shaded by a count: on the desk's overview, on paper, and on the public barometer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from backend.places.atlas import Atlas
from backend.places.drawing import Drawing, draw_map
from backend.places.windows import around
from backend.web.drawing.marks import top_of

SIZE = (640, 460)
SHADES = 5


@dataclass(frozen=True)
class ShadedMap:
    """The drawing, and what its shades mean: (shade, from, to)."""

    drawing: Drawing
    steps: tuple[tuple[int, int, int], ...]


def nowhere(code: str) -> str:
    """A district that leads to no list."""
    return ""


def shaded_map(
    atlas: Atlas,
    regency: str,
    counts: Mapping[str, int],
    told: Callable[[int], str],
    listed: Callable[[str], str] = nowhere,
) -> ShadedMap | None:
    """`counts` by the code of a district; `told` says a count in words, `listed` is the address behind a district with one. None when the
    operator has installed no boundaries."""
    parts = atlas.parts_of(regency)
    whole = around([one.geometry for one in parts], SIZE)
    if whole is None:
        return None
    top = int(top_of(list(counts.values())))
    shaded = [
        replace(
            part,
            shade=shade_of(counts.get(part.code, 0), top),
            note=told(counts.get(part.code, 0)),
            href=listed(part.code) if counts.get(part.code) else "",
        )
        for part in parts
    ]
    return ShadedMap(draw_map([*atlas.around(regency, whole), *shaded], [], whole, SIZE), steps_of(top))


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
