"""The districts of the overview, each with the list behind its count."""

from __future__ import annotations

from collections.abc import Mapping

from backend.web.desk.sight_view import SightView
from backend.web.drawing.marks import number
from backend.web.drawing.shaded_map import ShadedMap, nowhere, shaded_map
from backend.web.ports import Site


def sight_map(
    site: Site, view: SightView, districts: Mapping[str, int], *, linked: bool = True
) -> ShadedMap | None:
    """None when the operator has installed no boundaries."""
    unit = site.services.reference.sentence("unit_cases")
    listed = view.district_list if linked else nowhere
    return shaded_map(site.atlas, view.desk, districts, lambda n: f"{number(n)} {unit}", listed)
