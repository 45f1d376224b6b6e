"""Every situation a webhook can tell of, one file each in `tests/payloads/whatsapp`; and whatever nobody has thought of."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.channels.whatsapp.kinds import KINDS
from backend.channels.whatsapp.translation import translate
from tests.channels.heard_json import as_json
from tests.fake_meta.graph import NUMBER_ID

FOLDER = Path(__file__).resolve().parent.parent / "payloads" / "whatsapp"
SITUATIONS = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))
}
ODD: list[Any] = [
    None,
    True,
    -1,
    1e300,
    "",
    "x" * 5000,
    "\x00",
    "\ud800",
    [],
    [[]],
    {},
    {"id": {}},
    [None, 7, "x"],
]


@pytest.mark.parametrize("name", SITUATIONS)
def test_situation(name: str) -> None:
    one = SITUATIONS[name]
    assert [as_json(heard) for heard in translate(one["webhook"], NUMBER_ID)] == one["heard"], one[
        "situation"
    ]


def test_every_kind_has_its_file() -> None:
    kinds = {
        message["type"]
        for one in SITUATIONS.values()
        for message in _all(one["webhook"], "messages")
        if isinstance(message, dict) and "type" in message
    }
    assert set(KINDS) <= kinds


@pytest.mark.parametrize("seed", range(20))
def test_nothing_it_is_given_raises(seed: int) -> None:
    """Each file with one to three of its parts replaced by something else: an answer, never an error."""
    chance = random.Random(seed)  # noqa: S311
    for one in SITUATIONS.values():
        webhook = copy.deepcopy(one["webhook"])
        for _ in range(chance.randint(1, 3)):
            holder, key = chance.choice(list(_places(webhook)))
            holder[key] = copy.deepcopy(chance.choice(ODD))
        assert isinstance(translate(webhook, NUMBER_ID), tuple)


def _all(value: Any, name: str) -> Iterator[Any]:
    """Every element of every list under that name, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == name and isinstance(inner, list):
                yield from inner
            yield from _all(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _all(inner, name)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place inside that something stands in: its holder and its key."""
    pairs = list(
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in pairs:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)
