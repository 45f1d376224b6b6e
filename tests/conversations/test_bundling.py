"""Windows, markers and merged replies: values in, values out."""

from datetime import timedelta
from typing import Any

import pytest

from backend.conversations import bundling, inbox, outbox
from backend.conversations.bundling import Bundling, words_that
from backend.conversations.engine_client import EngineFailed
from backend.conversations.turn_protocol import Answer, Reply, read_answer, spaced
from backend.persistence.turn_rows import FrozenTurn
from tests.support.builders import NOW

RULES = Bundling(words=words_that("closes"), urgent_words=words_that("urgent"))
TURN = FrozenTurn("t1", "p1", "web", NOW.isoformat(), "0" * 32, "m", 2, 0)


@pytest.mark.parametrize(
    ("content", "closes"),
    [
        ({"text": "lampu jalan mati"}, False),
        ({"text": "KIRIM"}, True),
        ({"text": "ya sudah, batal saja"}, True),
        ({"text": "tolong ada kebakaran!!"}, True),
        ({"text": "sungai banjir bandang di sini"}, True),
        ({"text": "pengiriman barang terlambat"}, False),
        ({"choice": "q1-2"}, True),
        ({"event": "silence_reminder"}, True),
        ({"location": {"latitude": 0.5, "longitude": 117.5}}, False),
        ({"attachments": [{"id": "a", "kind": "photo"}]}, False),
    ],
)
def test_what_closes_a_window(content: dict[str, Any], closes: bool) -> None:
    assert RULES.closes(content) is closes


def test_the_web_has_no_window_and_an_unknown_channel_neither() -> None:
    assert RULES.ready_at("web", NOW) == RULES.ready_at("sms", NOW) == NOW
    assert RULES.ready_at("whatsapp", NOW) == NOW + timedelta(seconds=1.5)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/restart", "restart"),
        (" \u200b/inform{}", "inform{}"),
        ("／nlu_fallback", "nlu_fallback"),
        ("//ulang", "ulang"),
        ("RT 04/RW 02", "RT 04/RW 02"),
        ("jalan  rusak ", "jalan  rusak "),
    ],
)
def test_markup_is_taken_away_and_nothing_else(text: str, read: str) -> None:
    assert inbox.without_markup(text) == read


def answer(*replies: dict[str, Any]) -> Answer:
    return Answer(list(replies), {}, [], [], {})


def test_the_steps_of_a_turn_are_one_message_with_the_code_in_every_place() -> None:
    reply = Reply()
    reply.add(answer({"text": "Sebentar.", "choices": [{"id": "a", "label": "A"}]}))
    card = {"kind": "receipt", "rows": [{"label": "Kode", "value": "⟦code⟧", "field": "code"}]}
    reply.add(answer({"text": "Kode: ⟦code⟧", "choices": [], "card": card}))
    body = reply.body(spaced("12345678901234567890"))
    assert body is not None
    assert body["text"] == "Sebentar.\n\nKode: 1234 5678 9012 3456 7890"
    assert body["card"]["rows"][0]["value"] == body["code"] == "1234 5678 9012 3456 7890"
    assert body["choices"] == []


def test_a_turn_may_say_nothing() -> None:
    reply = Reply()
    reply.add(answer())
    assert reply.body(None) is None


@pytest.mark.parametrize("change", [{"turn": "t2"}, {"attempt": 1}])
def test_an_answer_to_something_else_is_refused(change: dict[str, Any]) -> None:
    told = {"turn": "t1", "attempt": 2, "replies": [], "state": None, "effects": []}
    assert read_answer(told, TURN).replies == []
    with pytest.raises(EngineFailed, match="another_turn"):
        read_answer({**told, **change}, TURN)


@pytest.mark.parametrize("missing", ["replies", "state", "effects"])
def test_an_answer_without_its_parts_is_refused(missing: str) -> None:
    told = {"turn": "t1", "attempt": 2, "replies": [], "state": None, "effects": []}
    del told[missing]
    with pytest.raises(EngineFailed, match="malformed"):
        read_answer(told, TURN)


def test_the_examples_in_the_docstrings_are_true() -> None:
    import doctest

    assert [doctest.testmod(module).failed for module in (bundling, inbox, outbox)] == [0, 0, 0]
