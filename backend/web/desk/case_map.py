"""The map of a case: which part of the installed boundaries is drawn, with the point as exactly as this officer may have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sanic import Request

from backend.cases.case import Case
from backend.cases.shown_point import ShownPoint
from backend.places.atlas import Atlas
from backend.places.drawing import Area, Drawing, Spot, draw_map
from backend.places.windows import Window, around, closer, most_steps, window_at

SIZE = (640, 420)
ALONE_M = 40_000.0
FIRST_STEP = 3

Missing = Literal["boundaries", "place", "area"]


@dataclass(frozen=True)
class CaseMap:
    """What `case_map.html` shows. `drawing` is None when `missing` says why; `step` counts halvings from the whole regency, 0 … `last`."""

    drawing: Drawing | None
    point: ShownPoint | None
    hidden: bool
    source: str
    missing: Missing | None
    step: int = 0
    last: int = 0


def case_map(case: Case, point: ShownPoint | None, atlas: Atlas, step: int | None) -> CaseMap:
    """The map at that step; None starts near the point, or with the whole when there is no point."""
    place = case.place
    hidden = point is None and place.latitude is not None
    if not atlas:
        return CaseMap(None, point, hidden, place.source, "boundaries")
    regency = place.regency_code or (case.desk if point else None)
    if regency is None:
        return CaseMap(None, point, hidden, place.source, "place")
    parts = atlas.parts_of(regency, place.district_code)
    whole = around([one.geometry for one in parts], SIZE)
    if whole is None and point is not None:
        whole = window_at(point.latitude, point.longitude, ALONE_M, SIZE)
    if whole is None:
        return CaseMap(None, point, hidden, place.source, "area")
    last = most_steps(whole)
    chosen = min(max(step if step is not None else FIRST_STEP if point else 0, 0), last)
    window = _window(whole, point, parts, chosen)
    spots = [Spot(point.latitude, point.longitude, "", point.radius_m)] if point else []
    drawing = draw_map([*atlas.around(regency, window), *parts], spots, window, SIZE)
    return CaseMap(drawing, point, hidden, place.source, None, chosen, last)


def _window(whole: Window, point: ShownPoint | None, parts: Sequence[Area], step: int) -> Window:
    """Towards the point, else towards the area the case is about."""
    if step == 0:
        return whole
    if point is not None:
        return closer(whole, point.latitude, point.longitude, step, SIZE)
    here = next((one for one in parts if one.role == "here"), None)
    middle = here.geometry.centroid if here else None
    if middle is None:
        return closer(whole, whole.latitude, whole.longitude, step, SIZE)
    return closer(whole, middle.y, middle.x, step, SIZE)


def step_asked(request: Request) -> int | None:
    """The step in the address; None when there is none that is a number."""
    asked = str(request.args.get("peta") or "")
    return int(asked) if asked.isdecimal() and len(asked) < 3 else None
