"""`python -m backend locate` and `boundaries`: the place finder from outside."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from backend.cases.place import Place
from backend.places import polygons, service
from backend.usecases.ports import FoundPlace

_POINT = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*,\s*([+-]?\d+(?:\.\d+)?)\s*")
SERVED = ("64.08", "62.10", "62.02")


def locate(data: Path, home: str, lines: TextIO, out: TextIO) -> int:
    """Answer each line with `{text, status, regency, district, village, codes, confidence, choices, landmark}`."""
    places = service.load({home, *SERVED}, data)
    for line in lines:
        text = line.strip()
        if not text:
            continue
        if point := _POINT.fullmatch(text):
            found = places.by_point(float(point[1]), float(point[2]), None, home)
        else:
            found = places.by_text(text, home)
        out.write(json.dumps(answer(text, found, places), ensure_ascii=False) + "\n")
        out.flush()
    return 0


def answer(text: str, found: FoundPlace, places: service.Places) -> dict[str, Any]:
    """The answer of one line; names are null where nothing was found, choices filled when unsure."""
    place = found.place or Place()
    if found.choices and (place.latitude is not None or place.regency_code is None):
        place = found.choices[0]  # a question in a talk, the best answer here
    return {
        "text": text,
        "status": found.status,
        **_names(place, places),
        "confidence": place.confidence,
        "choices": [
            {"label": one.label, **_names(one, places), "confidence": one.confidence} for one in found.choices
        ],
        "landmark": place.landmark,
    }


def _names(place: Place, places: service.Places) -> Mapping[str, Any]:
    codes = {"regency": place.regency_code, "district": place.district_code, "village": place.village_code}
    names = {name: places.name(code) if code else None for name, code in codes.items()}
    return {**names, "codes": {name: code for name, code in codes.items() if code}}


def install_boundaries(data: Path, file: Path) -> int:
    """Install polygons; prints how many of each level, or what is wrong with the file."""
    try:
        counts = polygons.install(file, data)
    except polygons.BoundariesRefused as refusal:
        print(f"Nothing was installed: {refusal}", file=sys.stderr)
        return 1
    print(
        ", ".join(f"{n} {level} polygons" for level, n in counts.items())
        + f" installed in {data / polygons.FOLDER}"
    )
    return 0
