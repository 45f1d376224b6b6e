"""The barometer's map: the table of districts as shades. It knows nothing but what is published in that table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from backend.cases.suppression import LEAST
from backend.places.atlas import Atlas
from backend.usecases.barometer import Line
from backend.web.drawing.marks import number
from backend.web.drawing.shaded_map import ShadedMap, shaded_map


def barometer_map(
    atlas: Atlas,
    regency: str,
    lines: Sequence[Line],
    name_of: Callable[[str], str],
    unit: str,
    unnamed: str,
) -> ShadedMap | None:
    """`name_of` tells a district as the table does. A district that has no line of its own is drawn and told as `unnamed`, whether it is poured
    together with others or empty: which of the two is nobody's to know. None without boundaries or without a line."""
    published = {line.name: line.n for line in lines if line.name is not None}
    names = {part.code: name_of(part.code) for part in atlas.parts_of(regency)}
    counts = {code: published[name] for code, name in names.items() if name in published}
    if not counts:
        return None
    found = shaded_map(atlas, regency, counts, lambda n: f"{number(n)} {unit}" if n else unnamed)
    if found is None:
        return None
    steps = [(shade, max(low, LEAST), high) for shade, low, high in found.steps if high >= LEAST]
    return replace(found, steps=tuple(steps))
