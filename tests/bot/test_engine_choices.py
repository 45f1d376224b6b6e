"""A short answer to an open question is recognised before NLU; anything that could mean something else is not."""

from __future__ import annotations

import pytest

from bot.engine.choices import Choice, PayloadWrong, meant_choice, parse_payload

LABELS = ["Terbuka", "Rahasia identitas", "Anonim (tanpa nama)", "Ubah lokasi", "Ubah waktu"]
OFFERED = [Choice(f"q1-{n}", label, f"/pilih{n}") for n, label in enumerate(LABELS, start=1)]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1", 1),
        ("1.", 1),
        ("(2)", 2),
        ("2️⃣", 2),
        ("satu", 1),
        ("no 1", 1),
        ("No. 3", 3),
        ("nomor tiga", 3),
        ("yg pertama", 1),
        ("yang kedua aja kak", 2),
        ("pilih 4", 4),
        ("terbuka", 1),
        ("RAHASIA IDENTITAS", 2),
        ("anonim", 3),
        ("anonim aja", 3),
        ("tanpa nama", 3),
        ("rahasia", 2),
        ("lokasi", 4),
        ("ubah waktu", 5),
        ("terbuka!!", 1),
    ],
)
def test_an_answer_is_recognised(typed: str, number: int) -> None:
    assert meant_choice(typed, OFFERED) == OFFERED[number - 1]


@pytest.mark.parametrize(
    "typed",
    [
        "6",
        "0",
        "ubah",
        "jangan terbuka",
        "tidak anonim",
        "apa itu anonim",
        "rahasia dan anonim",
        "saya mau anonim karena takut sama pak rt",
        "ini",
        "ya",
        "1 minggu lalu",
        "08",
        "",
        "🙏",
    ],
)
def test_anything_else_is_left_to_nlu(typed: str) -> None:
    assert meant_choice(typed, OFFERED) is None


def test_without_an_open_question_a_number_is_just_text() -> None:
    assert meant_choice("1", []) is None


def test_payloads_are_our_own_markup() -> None:
    intent, entities = parse_payload('/pilih{"level": "anonymous", "tags": ["a", "b"]}')
    assert intent == "pilih"
    assert [(one["entity"], one["value"]) for one in entities] == [
        ("level", "anonymous"),
        ("tags", "a"),
        ("tags", "b"),
    ]
    assert parse_payload("/tanya/biaya") == ("tanya/biaya", [])


@pytest.mark.parametrize("payload", ["pilih", "/pilih@0.3", "/pilih{", '/pilih{"a": }', "/pilih[1]", ""])
def test_a_wrong_payload_is_refused(payload: str) -> None:
    with pytest.raises(PayloadWrong):
        parse_payload(payload)
