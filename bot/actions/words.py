"""Short words that sentences are composed of (labels of fields, issues, levels), read from `bot/data/responses`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import yaml

LABELS = Path(__file__).parent.parent / "data" / "responses" / "labels.yml"


@lru_cache(maxsize=1)
def _labels() -> dict[str, dict[str, str]]:
    document: dict[str, Any] = yaml.safe_load(LABELS.read_text(encoding="utf-8"))
    return cast("dict[str, dict[str, str]]", document["responses"]["utter_labels"][0]["custom"])


def label(family: str, key: str | None) -> str:
    """The word for `key` in a family such as `issue` or `identity_level`; the family's `unknown` when there is none."""
    family_words = _labels()[family]
    return family_words.get(key or "unknown") or family_words["unknown"]


def has_label(family: str, key: str | None) -> bool:
    """Whether the family has a word of its own for `key`."""
    return key in _labels()[family]


def button(family: str, key: str, payload: str) -> dict[str, str]:
    """A choice with a title of the copy deck."""
    return {"title": label(family, key), "payload": payload}
