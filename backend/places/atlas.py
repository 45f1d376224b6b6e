"""The installed boundaries by area, with their names: what maps are drawn from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from backend.places.drawing import Area
from backend.places.polygons import Boundary
from backend.places.windows import Window


@dataclass(frozen=True)
class Atlas:
    """Shapes by Kemendagri code, one table a level; both empty when the operator has installed none. `name` tells an area's own name."""

    regencies: Mapping[str, BaseGeometry] = field(default_factory=dict)
    districts: Mapping[str, BaseGeometry] = field(default_factory=dict)
    name: Callable[[str], str] = str

    def __bool__(self) -> bool:
        return bool(self.regencies or self.districts)

    def parts_of(self, regency: str, here: str | None = None) -> list[Area]:
        """The districts of a regency, `here` marked; the regency itself when its districts are not installed; else nothing."""
        inside = [
            Area(code, self.name(code), shape, "here" if code == here else "own")
            for code, shape in self.districts.items()
            if code.startswith(f"{regency}.")
        ]
        if inside or regency not in self.regencies:
            return inside
        return [Area(regency, self.name(regency), self.regencies[regency])]

    def around(self, regency: str, window: Window) -> list[Area]:
        """Other regencies that reach into the window."""
        view = shapely.box(*window.degrees)
        return [
            Area(code, self.name(code), shape, "beside")
            for code, shape in self.regencies.items()
            if code != regency and shapely.box(*shape.bounds).intersects(view)
        ]


def atlas_of(
    regencies: Iterable[Boundary], districts: Iterable[Boundary], name: Callable[[str], str]
) -> Atlas:
    """An atlas of what is installed."""
    return Atlas(
        {one.code: one.geometry for one in regencies}, {one.code: one.geometry for one in districts}, name
    )
