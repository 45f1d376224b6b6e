"""What a message amounts to beside what NLU makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.heard import Heard, parse_data

CODE = {"entity": "tracking_code", "value": "48210937551620487313", "confidence": 1.0}
SHORT = {**CODE, "value": "4821093755162048731", "confidence": 0.5}


@pytest.mark.parametrize(
    ("read_as", "entity", "meant"),
    [
        ("terima_kasih", CODE, "cek_status"),
        ("salam", CODE, "cek_status"),
        ("nlu_fallback", CODE, "cek_status"),
        ("tambah_info", CODE, "tambah_info"),
        ("terima_kasih", SHORT, "terima_kasih"),
        ("terima_kasih", {"entity": "time", "value": "kemarin"}, "terima_kasih"),
    ],
)
def test_a_courtesy_with_a_code_asks_for_its_status(read_as: str, entity: dict[str, Any], meant: str) -> None:
    read = {"text": "…", "intent": {"name": read_as, "confidence": 0.99}, "entities": [entity]}
    assert parse_data(Heard("m1", "…", None), read)["intent"]["name"] == meant
