"""Flags beside the meaning: help at once, oversight, discretion; and the words that look like them."""

import pytest

from bot.components.flags import flags_of
from bot.components.normalising import normalised

EMERGENCIES = [
    "kebakaran pak!! rumah tetangga",
    "ada orang tenggelam di sungai tolong",
    "kecelakaan barusan di km 12 korban berdarah tolong ambulans",
    "tolong ada maling masuk rumah",
    "banjir bandang!! warga terjebak",
    "longsor di belakang rumah tolong ada yang tertimbun",
    "suami saya memukul saya sekarang tolong",
    "air naik sudah sedada nenek masih di dalam",
    "kebanjiran kami di atap tolong evakuasi",
    "rasanya pengen mati aja",
    "aku ga mau hidup lagi",
    "mending mati daripada begini",
]
NO_EMERGENCIES = [
    "lampu jalan mati tolong segera diperbaiki!!",
    "mati lampu dari tadi",
    "air pdam mati tolong cepat",
    "jalan berlubang sering kecelakaan",
    "kebakaran hutan bulan lalu",
    "longsor menutup jalan sejak kemarin",
    "bagaimana cara lapor kebakaran",
    "takut tenggelam kalau banjir",
    "ikan mati di sungai",
    "nomor pemadam kebakaran berapa",
    "lampu jalan tidak mau hidup",
    "pompa banjir ga mau hidup tolong",
    "mending mati lampu daripada bayar mahal",
    "banjir tiap tahun, pasar becek di dalam",
]


@pytest.mark.parametrize("typed", EMERGENCIES)
def test_emergency(typed: str) -> None:
    assert flags_of(normalised(typed))["emergency"]


@pytest.mark.parametrize("typed", NO_EMERGENCIES)
def test_no_emergency(typed: str) -> None:
    assert not flags_of(normalised(typed))["emergency"]


@pytest.mark.parametrize("typed", ["lampu mati", "lampu jalan mati total", "mati listrik", "pju mati semua"])
def test_a_dead_lamp_is_no_emergency_however_sure_the_classifier_is(typed: str) -> None:
    assert not flags_of(normalised(typed), emergency_share=0.99)["emergency"]


OVERSIGHT = [
    "petugas kelurahan minta uang 50rb urus kk",
    "ada oknum polisi minta duit",
    "dana desa dikorupsi kades",
    "pungli di samsat",
    "dimintai uang sama petugas ukur",
    "kepala sekolah menyalahgunakan dana bos, fiktif semua",
    "bendahara pake uang sekolah buat jalan2",
    "dana bumdes untuk bangun kolam pribadi",
    "disuruh bayar 200rb tanpa kuitansi",
]


@pytest.mark.parametrize("typed", OVERSIGHT)
def test_oversight_is_sensitive_too(typed: str) -> None:
    flags = flags_of(normalised(typed))
    assert flags["oversight"] and flags["sensitive"]


@pytest.mark.parametrize(
    "typed",
    [
        "pengemis minta uang di lampu merah",
        "tukang parkir minta uang",
        "petugas tidak datang",
        "jalan rusak",
        "kades diminta menggunakan dana desa untuk jalan",
    ],
)
def test_no_oversight(typed: str) -> None:
    assert not flags_of(normalised(typed))["oversight"]


@pytest.mark.parametrize(
    "typed", ["anak saya dibully di sekolah", "istri saya dipukuli tetangga", "pelecehan di bus"]
)
def test_sensitive(typed: str) -> None:
    assert flags_of(normalised(typed))["sensitive"]


@pytest.mark.parametrize(
    ("typed", "own_life"),
    [
        ("pgn mati aj rasanya", True),
        ("udah ga kuat, mau bunuh diri aja", True),
        ("gak pengen hidup lagi", True),
        ("anak saya mau bunuh diri", True),
        ("hp mau mati aja susah sinyal", False),
        ("mending mati lampu daripada bayar mahal", False),
        ("rumah kebakaran tolong", False),
    ],
)
def test_who_speaks_of_ending_a_life(typed: str, own_life: bool) -> None:
    found = flags_of(normalised(typed))
    assert found["own_life"] is own_life
    assert found["sensitive"] is own_life
