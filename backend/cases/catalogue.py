"""What can be reported: the issues, with what belongs to each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend.cases.case import Level

CATCH_ALL_ISSUE = "lainnya"


class AsksWhen(StrEnum):
    """When the issue's clarifying question may be asked: `always` while unknown, `hint` only when the text gives cause."""

    NEVER = "never"
    HINT = "hint"
    ALWAYS = "always"


@dataclass(frozen=True)
class Issue:
    """One of the 63. `asks` names the attribute whose value may change the office; `lapor_category` and `lapor_leaf` are
    LAPOR!'s own words; `is_sensitive` makes confidential the default, `is_oversight` sends it to the Inspektorat."""

    code: str
    label: str
    group: str
    level: Level
    role: str
    asks: str | None
    asks_when: AsksWhen
    is_sensitive: bool
    is_oversight: bool
    lapor_category: str
    lapor_leaf: str
