"""Plain words out of typed ones: the whitelist, doubling, elongation, glued and split words, and what must stay."""

import pytest

from bot.components.features import dialect, features, terms
from bot.components.normalising import abbreviations, normalised

PLAIN = [
    ("abbreviations", "lampu jln mati dpn rmh sy", "lampu jalan mati depan rumah saya"),
    ("kartu keluarga is no kakak", "KK blm jadi", "kk belum jadi"),
    ("street vendors are no hour", "PKL di trotoar", "pkl di trotoar"),
    ("a school is no until", "smp 2 blm ada guru", "smp 2 belum ada guru"),
    ("the order police is no return trip", "lapor ke satpol PP", "lapor ke satpol pp"),
    ("a kelurahan is no family", "kel teluk lingga", "kel teluk lingga"),
    ("a lane is no no", "gg mawar", "gg mawar"),
    ("rw, th and TL stay", "rw 7 th 2020 mohon TL", "rw 7 th 2020 mohon tl"),
    ("a two that doubles", "anak2 main di jln2", "anak-anak main di jalan-jalan"),
    ("a two that doubles behind a prefix", "berminggu2", "berminggu-minggu"),
    ("a two that is a number", "sma2 dan rt2", "sma 2 dan rt 2"),
    ("long letters", "tolooooong bangettt pakkk", "tolong sangat pak"),
    ("double letters that belong there", "maaf saat ini", "maaf saat ini"),
    ("a glued preposition", "dimana kantornya", "di mana kantor nya"),
    ("a split passive", "blm di perbaiki", "belum diperbaiki"),
    ("numbers and units", "sdh 3bln bayar 50rb", "sudah 3 bulan bayar 50 ribu"),
    ("spelled out", "t o l o n g", "tolong"),
    ("signs once", "kenapa????!!!", "kenapa ? !"),
    ("full width and invisible", "ｌａｍｐｕ ma\u200bti", "lampu mati"),
    ("links say only that they are links", "lihat https://example.org/x?y=1", "lihat tautan"),
    ("only emoji", "😡😡", ""),
]


@pytest.mark.parametrize(("typed", "plain"), [row[1:] for row in PLAIN], ids=[row[0] for row in PLAIN])
def test_plain_words(typed: str, plain: str) -> None:
    assert normalised(typed) == plain


@pytest.mark.parametrize(
    "word", ["kk", "pkl", "smp", "pp", "kel", "gg", "rw", "th", "tl", "sma", "sd", "rt", "km", "pt"]
)
def test_words_of_the_domain_are_not_in_the_whitelist(word: str) -> None:
    assert word not in abbreviations()


def test_expansions_are_plain_themselves() -> None:
    assert {full: normalised(full) for full in abbreviations().values() if normalised(full) != full} == {}


def test_a_long_message_is_read_to_its_limit_only() -> None:
    assert len(normalised("air " * 5000)) <= 4000


def test_a_number_teaches_its_length_only() -> None:
    words, pieces, _ = features(normalised("rt 14"))
    assert "#2" in words and not any("14" in feature for feature in (*words, *pieces))


def test_dialect_words_bring_their_meaning_along() -> None:
    words, _, found = features("banyu pdam kada mangalir")
    assert "tidak" in words and dialect()["kada"] == "tidak"
    assert "=air_bersih" in found


def test_every_term_points_somewhere() -> None:
    assert all(issues for issues in terms().values()) and len(terms()) > 1000
