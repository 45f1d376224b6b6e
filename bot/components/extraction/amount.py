"""How many, how much: counted things and money. Times and addresses are other modules' business."""

from __future__ import annotations

import re

from bot.components.extraction.numbers import NUMBER, SCALES, number_of
from bot.components.extraction.reading import Found, Laid, without_overlaps

_UNITS = (
    r"titik|lubang|tiang|lampu|rumah|orang|warga|kk|keluarga|unit|buah|ekor|batang|pohon|truk|mobil|motor|kali|meter|m|km|"
    r"cm|hektare|hektar|ha|liter|kg|kilo|ton|karung|sak|tabung|bungkus|anak|siswa|murid|kelas|ruang|kamar|sekolah|jembatan|"
    r"gang|persen|korban|pegawai|karyawan|guru|kios|lapak|sapi|ayam|bulan gaji|lembar|foto|video|x"
)
_SCALE = "|".join(SCALES)
_MONEY = re.compile(
    rf"(?<!\w)(?:(?P<rp>rp|rupiah) ?\.? ?)?(?P<number>{NUMBER})(?: (?P<scale>{_SCALE}))?(?: (?P<unit>rupiah|perak))?(?!\w)"
)
_COUNTED = re.compile(rf"(?<!\w)(?P<number>{NUMBER}) (?P<unit>{_UNITS})(?!\w)")
_ADDRESS = re.compile(
    r"(?:\b(?:rt|rw|km|no|nomor|gg|gang|blok|sd|sdn|smp|smpn|sma|sman|smk|jalan|simpang|tanggal|jam|pukul|sp) ?[.:/]? ?)$"
)


def find(text: Laid) -> list[Found]:
    """Amounts in the order they were said; the value is `{"number", "unit", "text"}`."""
    found = [_as_found(text, match, money=True) for match in _MONEY.finditer(text.plain) if _is_money(match)]
    found += [
        _as_found(text, match, money=False)
        for match in _COUNTED.finditer(text.plain)
        if not _ADDRESS.search(text.plain[: match.start()])
    ]
    return sorted(without_overlaps([one for one in found if one]), key=lambda one: one.start)


def _is_money(match: re.Match[str]) -> bool:
    return bool(match["rp"] or match["unit"] or match["scale"])


def _as_found(text: Laid, match: re.Match[str], *, money: bool) -> Found:
    number = number_of(match["number"]) or 0.0
    if money:
        number *= SCALES.get(match["scale"] or "", 1)
    start, end = text.typed_span(*match.span())
    unit = "rupiah" if money else match["unit"]
    value = {
        "number": int(number) if number == int(number) else number,
        "unit": unit,
        "text": text.typed[start:end],
    }
    return Found("amount", value, start, end)
