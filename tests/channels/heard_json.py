"""What a webhook told, as JSON: the name of each value and whatever is not empty in it."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any


def as_json(value: Any) -> Any:
    """Dataclasses become objects with their name under `is`; moments are written out; empty fields are left away."""
    if dataclasses.is_dataclass(value):
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        full = {name: as_json(found) for name, found in fields.items() if found not in (None, "", ())}
        return {"is": type(value).__name__, **full}
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
