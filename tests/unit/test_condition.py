"""What a duty officer is told of each part, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.persistence.host_rows import Host
from backend.persistence.pulse import Queue
from backend.reference.loader import load
from backend.usecases.condition import GIGABYTE, Level, Storing, condition

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
HOST = Host("host-a", NOW, NOW, "0072", "model", 2, 2, 20 * GIGABYTE)
SILENT = replace(HOST, name="host-b", seen_at=NOW - timedelta(minutes=1))
WELL: dict[str, Any] = {
    "hosts": [HOST],
    "inbox": {},
    "outbox": {},
    "dead": {},
    "alarms": (),
    "now": NOW,
    "storing": Storing(0.01),
}
SENTENCES = load().sentences


@pytest.mark.parametrize(
    ("part", "level", "changed"),
    [
        ("database", Level.GOOD, {}),
        ("database", Level.DOUBTFUL, {"storing": Storing(0.8)}),
        ("database", Level.BAD, {"storing": Storing(6.0)}),
        ("database", Level.BAD, {"storing": Storing(None)}),
        ("database", Level.BAD, {"storing": Storing(0.01, n_refused=3)}),
        ("assistant", Level.GOOD, {}),
        ("assistant", Level.DOUBTFUL, {"hosts": [replace(HOST, engines_up=1)]}),
        ("assistant", Level.BAD, {"hosts": [replace(HOST, engines_up=0)]}),
        ("assistant", Level.BAD, {"hosts": [SILENT]}),
        ("hosts", Level.GOOD, {}),
        ("hosts", Level.DOUBTFUL, {"hosts": [HOST, SILENT]}),
        ("hosts", Level.BAD, {"hosts": [SILENT]}),
        ("inbox", Level.GOOD, {"inbox": {"web": Queue(3, 5.0)}}),
        ("inbox", Level.DOUBTFUL, {"inbox": {"web": Queue(30, 25.0)}}),
        ("inbox", Level.BAD, {"inbox": {"web": Queue(1, 1.0), "whatsapp": Queue(300, 90.0)}}),
        ("outbox", Level.BAD, {"outbox": {"whatsapp": Queue(3, 600.0)}}),
        ("room", Level.GOOD, {}),
        ("room", Level.DOUBTFUL, {"hosts": [replace(HOST, free_bytes=3 * GIGABYTE)]}),
        ("room", Level.BAD, {"hosts": [HOST, replace(HOST, name="host-c", free_bytes=GIGABYTE // 2)]}),
        ("given_up", Level.DOUBTFUL, {"dead": {"turn": 2}}),
        ("alarms", Level.DOUBTFUL, {"alarms": ("whatsapp_token",)}),
    ],
)
def test_each_part(part: str, level: Level, changed: dict[str, Any]) -> None:
    lines = {one.part: one for one in condition(**{**WELL, **changed})}
    line = lines[part]
    assert line.level is level
    assert SENTENCES[f"condition_{part}_{level}"].format(**line.values)


def test_every_part_has_its_words() -> None:
    for line in condition(**WELL):
        assert line.level is Level.GOOD
        assert {f"condition_{line.part}", f"condition_{line.part}_todo"} <= set(SENTENCES)
