"""The golden talks are well-formed data: known keys, existing responses, sentences of their own, no personal data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TALKS: list[dict[str, Any]] = [
    talk
    for file in sorted((HERE / "talks").glob("*.yml"))
    for talk in yaml.safe_load(file.read_text("utf-8"))
]
RESPONSES = {
    name
    for file in (ROOT / "bot/data/responses").glob("*.yml")
    for name in yaml.safe_load(file.read_text("utf-8"))["responses"]
}
INPUTS = {"user", "choice", "location", "attachment", "silence", "officer"}
OUTCOMES = set(
    "state agency level issue identity_level report_class oversight emergency attachments description place spot pin cases"
    " threads".split()
)
PERSONAL = re.compile(r"\+?\d{10,}")


def test_there_are_enough_talks_each_with_a_name_of_its_own() -> None:
    names = [talk["talk"] for talk in TALKS]
    assert len(set(names)) == len(names) >= 25


@pytest.mark.parametrize("talk", TALKS, ids=lambda t: t["talk"])
def test_a_talk_is_well_formed(talk: dict[str, Any]) -> None:
    assert (
        {"talk", "now", "turns", "then"} <= set(talk) <= {"talk", "now", "turns", "then", "channel", "home"}
    )
    assert talk["then"] is None or set(talk["then"]) <= OUTCOMES
    for turn in talk["turns"]:
        assert INPUTS & set(turn) and set(turn) <= INPUTS | {"bot", "says", "never", "report"}
        for name in turn["bot"]:
            assert (
                any(r.startswith(name[:-1]) for r in RESPONSES) if name.endswith("*") else name in RESPONSES
            )
    assert not PERSONAL.search(str(talk["turns"]))
