"""What a simulated citizen knows: one complaint, its place and time, and how the clarifying questions are answered."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

COMPLAINTS = Path(__file__).parent / "complaints"
ISSUES = Path(__file__).parents[2] / "backend" / "reference" / "issues.csv"
HOME = "64.08"
LANGUAGES = ("bjn", "jv", "su", "en")


@dataclass(frozen=True)
class Facts:
    """`issues` are the codes an officer would accept, the best first. `area` is a district, `district` its code, `wrong` the
    name of another one; `answers` begin as the labels of the right choices; `versions` tell the matter in other languages."""

    id: str
    issues: tuple[str, ...]
    told: str
    short: str
    spot: str
    area: str
    district: str
    wrong: str
    when: str = ""
    home: str = HOME
    sensitive: bool = False
    maybe_sensitive: bool = False
    answers: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        return f"{self.spot} {self.area}"


@lru_cache(maxsize=1)
def all_facts() -> tuple[Facts, ...]:
    """Every complaint of the folder, ordered by id."""
    rows = [
        row for file in COMPLAINTS.glob("*.yml") for row in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]
    return tuple(sorted((_facts(row) for row in rows), key=lambda one: one.id))


def _facts(row: dict[str, object]) -> Facts:
    values = dict(row)
    versions = {name: str(values.pop(name)) for name in LANGUAGES if name in values}
    answers = values.pop("answers", {})
    assert isinstance(answers, dict)
    issues = values.pop("issues")
    assert isinstance(issues, list)
    return Facts(
        **values,  # type: ignore[arg-type]
        issues=tuple(issues),
        answers=tuple(str(one) for one in answers.values()),
        versions=versions,
    )


@lru_cache(maxsize=1)
def issue_labels() -> Mapping[str, str]:
    """Indonesian label of every issue code."""
    with ISSUES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["label_id"] for row in csv.DictReader(file)}
