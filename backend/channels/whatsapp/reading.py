"""Reading JSON that may hold anything: the wrong shape reads as nothing, never as an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def at(value: Any, name: str) -> Mapping[str, Any]:
    """The object under that name, or an empty one."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def items(value: Any, name: str) -> list[Mapping[str, Any]]:
    """The objects of the list under that name; what is no object is left out."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def text(value: Any, name: str) -> str:
    r"""The string under that name, or an empty one. What neither UTF-8 nor PostgreSQL can hold is taken out here: answered
    with an error, such a webhook would come again for a week.

    >>> text({"id": "a\x00\ud800"}, "id")
    'a\ufffd'
    """
    found = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(found, str):
        return ""
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")


def whole(value: Any, name: str) -> int | None:
    """The whole number under that name, also when it is written as digits.

    >>> whole({"code": "131047"}, "code")
    131047
    """
    found = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 16:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def degrees(value: Any, name: str, most: float) -> float | None:
    """A number between -most and most."""
    found = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if abs(found) <= most else None
