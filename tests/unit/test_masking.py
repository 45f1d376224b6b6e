"""Identifiers are masked, ordinary numbers stay. Patterns are made at run time: no number here is anybody's."""

import random

import pytest

from backend.review.masking import has_identifier, masked

CHANCE = random.Random(7)


def digits(n: int) -> str:
    return "".join(CHANCE.choices("123456789", k=n))


PHONE = "08" + digits(10)
NIK = digits(16)
HIDDEN = {
    "a NIK": (f"nik saya {NIK} ya", "nik saya [NIK] ya"),
    "a NIK in groups": (f"nik {NIK[:4]} {NIK[4:8]} {NIK[8:12]} {NIK[12:]}", "nik [NIK]"),
    "a tracking code": (f"kode {digits(20)}", "kode [KODE]"),
    "a mobile number": (f"wa {PHONE} min", "wa [TELEPON] min"),
    "with dashes": (f"wa {PHONE[:4]}-{PHONE[4:8]}-{PHONE[8:]}", "wa [TELEPON]"),
    "with +62": (f"wa +62 {PHONE[1:4]} {PHONE[4:8]} {PHONE[8:]}", "wa [TELEPON]"),
    "with 62": (f"wa 62{PHONE[1:]}", "wa [TELEPON]"),
    "a landline": (f"telp (0549) {digits(6)}", "telp [TELEPON]"),
    "full-width digits": ("wa " + "".join(chr(ord(one) + 0xFEE0) for one in PHONE), "wa [TELEPON]"),
    "an e-mail address": ("surel warga.desa+1@contoh.co.id ok", "surel [EMAIL] ok"),
    "a handle": ("ig @warga_desa ya", "ig [AKUN] ya"),
    "a link": ("lihat https://contoh.id/foto?a=1 ya", "lihat [TAUTAN] ya"),
    "a plate": ("truk KT 1234 XY", "truk [PLAT]"),
    "a bank account": (f"rek {digits(12)}", "rek [NOMOR]"),
}


@pytest.mark.parametrize(("text", "hidden"), HIDDEN.values(), ids=HIDDEN)
def test_an_identifier_is_masked(text: str, hidden: str) -> None:
    assert masked(text) == hidden
    assert has_identifier(text)
    assert not has_identifier(masked(text))


KEPT = [
    "lampu mati di km 12 depan SD 004, tiang nomor 14",
    "RT 005 RW 02, Gg. Melati No. 7",
    "kejadian 23-11-2026 jam 09.30",
    "bayar Rp 1.500.000 untuk 2 orang",
    "tahun 2024 sampai 2026",
    "panjangnya 1200 meter, rusak 3 titik",
]


@pytest.mark.parametrize("text", KEPT)
def test_ordinary_numbers_stay(text: str) -> None:
    assert masked(text) == text
