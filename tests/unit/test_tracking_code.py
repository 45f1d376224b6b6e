"""The code: minted from injected chance, read however people write or say it, wrong digits found without a database."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cases.errors import CodeMistyped
from backend.cases.tracking_code import contains_code, grouped, is_valid, masked, mint, parse

CODE = mint(lambda _: 482109375516204873)
SPOKEN = "nol satu dua tiga empat lima enam tujuh delapan sembilan".split()
codes = st.integers(0, 10**18 - 1).map(lambda body: mint(lambda _: body))


def test_the_check_is_iso_7064_mod_97_10() -> None:
    assert len(CODE) == 20
    assert int(CODE) % 97 == 1


@given(codes)
def test_every_minted_code_is_valid_and_survives_grouping(code: str) -> None:
    assert is_valid(code)
    assert parse(grouped(code)) == code


@given(codes, st.integers(0, 19), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(code: str, position: int, shift: int) -> None:
    wrong = str((int(code[position]) + shift) % 10)
    assert not is_valid(code[:position] + wrong + code[position + 1 :])


@given(codes, st.integers(0, 18))
def test_two_swapped_neighbours_are_always_noticed(code: str, position: int) -> None:
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]
    assert swapped == code or not is_valid(swapped)


WRITTEN = {
    "twenty digits in a row": CODE,
    "groups of four": grouped(CODE),
    "dots": grouped(CODE).replace(" ", "."),
    "dashes": grouped(CODE).replace(" ", "-"),
    "long dashes with spaces": grouped(CODE).replace(" ", " – "),  # noqa: RUF001
    "two lines": grouped(CODE)[:24] + "\n" + grouped(CODE)[25:],
    "full-width digits": "".join(chr(ord(digit) + 0xFEE0) for digit in CODE),
    "letters for zero and one": CODE.replace("0", "O").replace("1", "l"),
    "words around it": f"min tolong cek kode {grouped(CODE)} ya, makasih",
    "another number first": f"laporan ke 2, kodenya {grouped(CODE)}",
    "dictated digit by digit": " ".join(SPOKEN[int(digit)] for digit in CODE),
    "dictated with kosong": " ".join(SPOKEN[int(digit)] for digit in CODE).replace("nol", "kosong"),
    "dictated with commas": ", ".join(SPOKEN[int(digit)] for digit in CODE),
    "half typed, half spoken": CODE[:10] + " " + " ".join(SPOKEN[int(digit)] for digit in CODE[10:]),
    "in brackets": f"({grouped(CODE)})",
}


@pytest.mark.parametrize("typed", WRITTEN.values(), ids=WRITTEN)
def test_a_code_is_read_however_it_is_written(typed: str) -> None:
    assert parse(typed) == CODE


NO_CODE = {
    "nothing": "",
    "words only": "cek status laporan saya dong",
    "a digit short": CODE[:-1],
    "a digit too many": CODE + "7",
    "the last digit wrong": CODE[:-1] + str((int(CODE[-1]) + 1) % 10),
    "sixteen digits, a NIK": "".join(random.Random(4).choices("123456789", k=16)),
    "a phone number": "0" + "8" * 11,
    "two halves with words between": f"{CODE[:10]} lalu {CODE[10:]}",
    "Arabic digits": "".join(chr(0x0660 + int(digit)) for digit in CODE),
    "ten thousand digits": "1" * 10_000,
}


@pytest.mark.parametrize("typed", NO_CODE.values(), ids=NO_CODE)
def test_what_is_no_code_is_a_typing_error(typed: str) -> None:
    with pytest.raises(CodeMistyped):
        parse(typed)


def test_a_code_is_taken_out_of_a_text_and_other_numbers_stay() -> None:
    text = f"lampu mati di km 12, kode lama {grouped(CODE)}, tiang 14"
    assert contains_code(text)
    assert masked(text) == "lampu mati di km 12, kode lama [KODE], tiang 14"
    assert not contains_code(masked(text))


def test_the_error_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(CodeMistyped) as caught:
        parse(CODE[:-1])
    assert CODE[:5] not in str(caught.value)
