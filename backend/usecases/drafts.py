"""A draft as the conversation sends it, read into values; what cannot be a draft is refused by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from backend.cases.case import Happened, IdentityLevel, Precision, ReportClass
from backend.cases.errors import DraftInvalid
from backend.cases.place import Place, PlaceSource
from backend.cases.tracking_code import masked as without_codes
from backend.review.masking import masked

LONGEST_TEXT = 10_000
MOST_ATTRIBUTES = 20
_DRAFT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Draft:
    """What is to be filed. Texts hold no tracking code; those of an anonymous draft no identifier either."""

    draft_id: str
    report_class: ReportClass
    issue: str
    description: str
    place: Place
    happened: Happened
    identity_level: IdentityLevel
    attributes: Mapping[str, str]
    objection: str | None
    oversight: bool
    emergency: bool
    sensitive: bool
    attachments: tuple[str, ...]
    language: str


def read_draft(data: Mapping[str, Any]) -> Draft:
    """The draft of `docs/architecture.md`; raises `DraftInvalid` naming the field."""
    draft_id = _text(data, "draft_id")
    if not _DRAFT_ID.fullmatch(draft_id):
        raise DraftInvalid("draft_id", "not 32 hex digits")
    level = _choice(data, "identity_level", IdentityLevel)
    return Draft(
        draft_id=draft_id,
        report_class=_choice(data, "report_class", ReportClass),
        issue=_text(data, "issue"),
        description=kept_text(_text(data, "description"), level),
        place=read_place(data.get("place") or {}, level),
        happened=read_happened(data.get("happened") or {}, level),
        identity_level=level,
        attributes=read_attributes(data.get("attributes") or {}),
        objection=kept_text(_maybe(data, "objection"), level) or None,
        oversight=data.get("oversight") is True,
        emergency=data.get("emergency") is True,
        sensitive=data.get("sensitive") is True,
        attachments=tuple(str(one) for one in data.get("attachments") or ()),
        language=_maybe(data, "language") or "id",
    )


def kept_text(text: str, level: IdentityLevel) -> str:
    """A citizen's words as a case may keep them: never with a tracking code, and without identifiers when anonymous."""
    text = without_codes(text.strip()[:LONGEST_TEXT])
    return masked(text) if level is IdentityLevel.ANONYMOUS else text


def read_place(data: Mapping[str, Any], level: IdentityLevel = IdentityLevel.OPEN) -> Place:
    """A place of the contract; raises `DraftInvalid`."""
    return Place(
        text=kept_text(_maybe(data, "text"), level),
        landmark=kept_text(_maybe(data, "landmark"), level) or None,
        regency_code=_maybe(data, "regency_code") or None,
        district_code=_maybe(data, "district_code") or None,
        village_code=_maybe(data, "village_code") or None,
        label=_maybe(data, "label") or None,
        latitude=_number(data, "latitude"),
        longitude=_number(data, "longitude"),
        accuracy_m=_number(data, "accuracy_m"),
        source=_choice({"source": "unknown", **data}, "source", PlaceSource),
        confidence=_number(data, "confidence") or 0.0,
    )


def read_happened(data: Mapping[str, Any], level: IdentityLevel = IdentityLevel.OPEN) -> Happened:
    """When it happened; raises `DraftInvalid`."""
    on = _maybe(data, "on")
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError as error:
        raise DraftInvalid("happened.on", "not a date") from error
    precision = _choice({"precision": "unknown", **data}, "precision", Precision)
    return Happened(kept_text(_maybe(data, "text"), level), day, precision)


def read_attributes(data: Any) -> Mapping[str, str]:
    """Attribute → value, both plain words."""
    if not isinstance(data, Mapping) or len(data) > MOST_ATTRIBUTES:
        raise DraftInvalid("attributes", "not a small table")
    return MappingProxyType({str(name): str(value) for name, value in data.items() if value is not None})


def place_data(place: Place) -> dict[str, Any]:
    """A place as the contract writes it."""
    return {
        "text": place.text,
        "landmark": place.landmark,
        "regency_code": place.regency_code,
        "district_code": place.district_code,
        "village_code": place.village_code,
        "label": place.label,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "accuracy_m": place.accuracy_m,
        "source": place.source.value,
        "confidence": place.confidence,
    }


def _text(data: Mapping[str, Any], field: str) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not value.strip():
        raise DraftInvalid(field, "is missing")
    return value


def _maybe(data: Mapping[str, Any], field: str) -> str:
    value = data.get(field)
    if value is not None and not isinstance(value, str):
        raise DraftInvalid(field, "is no text")
    return value or ""


def _number(data: Mapping[str, Any], field: str) -> float | None:
    value = data.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DraftInvalid(field, "is no number")
    return float(value)


def _choice[E: StrEnum](data: Mapping[str, Any], field: str, kind: type[E]) -> E:
    value = data.get(field)
    if value not in {one.value for one in kind}:
        raise DraftInvalid(field, f"is none of {', '.join(kind)}")
    return kind(value)
