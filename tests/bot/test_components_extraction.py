"""Facts in words, by tables: time, place, code, identity, field, yes and no, amounts, the affected, attributes."""

import csv
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.components.extraction import (
    affected,
    amount,
    attributes,
    changed_field,
    identity_level,
    place,
    rating,
    when,
)
from bot.components.extraction import tracking_code as code
from bot.components.extraction.facts import facts_of
from bot.components.extraction.reading import laid
from bot.components.extraction.yes_no import yes_or_no

ROOT = Path(__file__).resolve().parents[2]
MONDAY_MORNING = datetime(2026, 11, 23, 9, 12, tzinfo=timezone(timedelta(hours=8)))

TIMES = [
    ("tadi mlm", "2026-11-22", "day"),
    ("dr kmrn", "2026-11-22", "day"),
    ("barusan", "2026-11-23", "day"),
    ("3 hr yg lalu", "2026-11-20", "day"),
    ("dua hari lalu", "2026-11-21", "day"),
    ("kemarin lusa", "2026-11-21", "day"),
    ("udh seminggu", "2026-11-16", "week"),
    ("berminggu2", "2026-11-09", "week"),
    ("hampir 2 thn", "2024-11-23", "month"),
    ("udah 3 bulan", "2026-08-23", "month"),
    ("bulan lalu", "2026-10-23", "month"),
    ("sejak bulan agustus", "2026-08-01", "month"),
    ("bulan juni 2025", "2025-06-01", "month"),
    ("dari 2024", "2024-01-01", "month"),
    ("senin lalu", "2026-11-16", "day"),
    ("sabtu kemarin", "2026-11-21", "day"),
    ("hari minggu", "2026-11-22", "day"),
    ("minggu kemarin", "2026-11-16", "week"),
    ("tgl 12 nov", "2026-11-12", "day"),
    ("25 november", "2025-11-25", "day"),
    ("12/11/2026", "2026-11-12", "day"),
    ("tanggal 30", "2026-10-30", "day"),
    ("tiap ujan", None, "recurring"),
    ("setiap hari", None, "recurring"),
    ("kalau hujan", None, "recurring"),
    ("dari lama", None, "unknown"),
]
NO_TIMES = [
    "umur 3 tahun",
    "dijanjikan 3 hari jadi",
    "jl mawar no 12",
    "rt 05/02",
    "sd 004",
    "lampu mati",
    "km 18",
    "31/02",
    "puskesmas 24 jam",
]


RATINGS = [
    ("sy kasih bintang 5", 5),
    ("bintang lima buat petugasnya", 5),
    ("⭐⭐⭐⭐ mantap", 4),
    ("★ ★", 2),
    ("nilai 9 dari 10", 5),
    ("nilainya 3 aja", 3),
    ("rating: 1", 1),
    ("skor 7", 4),
    ("4/5", 4),
    ("puas, 5 dari 5", 5),
    ("5", None),
    ("rt 05/02", None),
    ("3 dari 5 lampu mati", None),
    ("hotel bintang 7", None),
    ("12/11/2026", None),
    ("⭐⭐⭐⭐⭐⭐⭐", None),
]


@pytest.mark.parametrize(("said", "stars"), RATINGS, ids=[row[0] for row in RATINGS])
def test_rating(said: str, stars: int | None) -> None:
    assert [one.value for one in rating.find(laid(said))] == ([stars] if stars else [])


@pytest.mark.parametrize(("said", "on", "precision"), TIMES, ids=[row[0] for row in TIMES])
def test_time(said: str, on: str | None, precision: str) -> None:
    typed = f"lampu mati {said} min"
    (found,) = when.find(laid(typed), MONDAY_MORNING)
    assert found.value == {"text": said, "on": on, "precision": precision}
    assert typed[found.start : found.end] == said


@pytest.mark.parametrize("said", NO_TIMES)
def test_no_time(said: str) -> None:
    assert when.find(laid(said), MONDAY_MORNING) == []


@pytest.mark.parametrize(
    ("typed", "on"),
    [
        ("listrik akan padam tanggal 3 desember", "2026-12-03"),
        ("acaranya 5 januari nanti", "2027-01-05"),
        ("rusak sejak 3 maret, akan saya foto", "2026-03-03"),
    ],
)
def test_a_date_that_has_not_come_yet_is_one_to_come(typed: str, on: str) -> None:
    assert [one.value["on"] for one in when.find(laid(typed), MONDAY_MORNING)] == [on]


def test_a_definite_day_comes_before_what_recurs() -> None:
    found = when.find(laid("tiap hujan banjir, terakhir kemarin sore"), MONDAY_MORNING)
    assert [one.value["precision"] for one in found] == ["day", "recurring"]


def test_last_night_said_late_at_night_is_this_night() -> None:
    late = MONDAY_MORNING.replace(hour=23)
    assert when.find(laid("tadi malam"), late)[0].value["on"] == "2026-11-23"


PLACES = [
    ("lampu jln depan sd 004 sangatta utara mati udh seminggu", ["depan sd 004 sangatta utara"]),
    ("dpn SD 004 gg mawar rt 12 sangatta utara", ["dpn SD 004 gg mawar rt 12 sangatta utara"]),
    ("km 18 poros bengalon", ["km 18 poros bengalon"]),
    ("jalan rusak di km 12 poros sangatta-bengalon sudah lama", ["km 12 poros sangatta-bengalon"]),
    ("bukan, itu di bengalon", ["bengalon"]),
    ("eh slh bukan sangatta utara, di bengalon", ["bengalon"]),
    ("bukan di kaubun di kaliorang", ["kaliorang"]),
    (
        "jl. yos sudarso 2 no 15 rt 05/02 kel. teluk lingga mati",
        ["jl. yos sudarso 2 no 15 rt 05/02 kel. teluk lingga"],
    ),
    ("sampah dekat masjid al ikhlas gang melati", ["dekat masjid al ikhlas gang melati"]),
    ("kantor desa swarga bara pelayanannya lambat", ["kantor desa swarga bara"]),
    ("di sangata utara dkt simpang 4", ["sangata utara dkt simpang 4"]),
    ("kreteg ning ngarep balai desa wis ambrol", ["kreteg ning ngarep balai desa"]),
    ("rt 14 bukan rt 12", ["rt 14"]),
    ("saya tinggal di jakarta, kejadian di muara wahau", ["muara wahau"]),
    ("di kutim", ["kutim"]),
    ("depan rumah saya gelap", []),
    ("lampu mati", []),
    ("jalan berlubang", []),
    ("anak saya ditolak puskesmas", []),
    ("lampu jalan lima tiang mati", []),
    ("got mampet di erte dua belas", ["erte dua belas"]),
    ("anak sekolah pada jatuh", []),
    # Words that tell, kinds of places, sayings: nothing that could be found on a map.
    ("tps numpuk ga diangkut", []),
    ("blasting bikin rumah retak", []),
    ("guru smp jarang masuk", []),
    ("limbah pabrik sawit dibuang ke sungai", []),
    ("bayar dua kali lipat", []),
    ("pajak masih atas nama almarhum", []),
    ("laporan ke kelurahan. Empat kali saya datang", []),
    ("jalan hauling km 9", ["jalan hauling km 9"]),
    ("asap di pabrik daur ulang", ["pabrik daur ulang"]),
    ("simpang tiga dekat bundaran", ["simpang tiga"]),
    ("kampung laut", ["kampung laut"]),
    ("lubang di Jl. Ir. Sutami dalam", ["Jl. Ir. Sutami dalam"]),
    ("baut jembatan sungai segah bunyi keras", ["jembatan sungai segah"]),
]


@pytest.mark.parametrize(("typed", "places"), PLACES, ids=[row[0][:40] for row in PLACES])
def test_place(typed: str, places: list[str]) -> None:
    found = place.find(laid(typed))
    assert [one.value for one in found] == places
    assert all(typed[one.start : one.end] == one.value for one in found)


DIGITS = "31415926535897932384"
CODES = [
    DIGITS,
    " ".join(DIGITS[n : n + 4] for n in range(0, 20, 4)),
    "-".join(DIGITS[n : n + 4] for n in range(0, 20, 4)),
    ".".join(DIGITS[n : n + 5] for n in range(0, 20, 5)),
    "".join(chr(ord(digit) + 0xFEE0) for digit in DIGITS),
    " ".join(
        "nol satu dua tiga empat lima enam tujuh delapan sembilan".split()[int(digit)] for digit in DIGITS
    ),
    "3l4I 5926 5358 9793 2384",
]


@pytest.mark.parametrize("typed", CODES)
def test_tracking_code(typed: str) -> None:
    (found,) = code.find(f"cek laporan {typed} dong")
    assert (found.value, found.confidence) == (DIGITS, 1.0)


def test_a_nearly_complete_code_counts_only_when_it_is_called_one() -> None:
    assert code.find(f"kode saya {DIGITS[:18]}")[0].confidence < 1
    assert code.find(f"sudah {DIGITS[:18]}") == []


def test_groups_of_four_and_nothing_else_are_a_torn_code_unless_they_are_a_phone() -> None:
    assert [(one.value, one.confidence) for one in code.find("3141 5926-5358")] == [("314159265358", 0.5)]
    assert code.find("0812 0000 1111") == []
    assert code.find("rapat 2025 2026") == []


def test_digits_of_a_code_are_nothing_else() -> None:
    assert [one.entity for one in facts_of(f"kode {CODES[1]}", MONDAY_MORNING)] == ["tracking_code"]


LEVELS = [
    ("jgn sebut nama saya", "confidential"),
    ("nama sy jgn disebut ya", "confidential"),
    ("anonim aja", "anonymous"),
    ("takut ketahuan", "anonymous"),
    ("rahasiakan", "confidential"),
    ("tolong dirahasiakan identitas saya", "confidential"),
    ("pakai nama asli gpp", "open"),
    ("tdk usah anonim", "open"),
    ("ga usah dirahasiakan", "open"),
    ("nama saya boleh disebut", "open"),
    ("lampu mati", None),
]


@pytest.mark.parametrize(("typed", "level"), LEVELS, ids=[row[0] for row in LEVELS])
def test_identity_level(typed: str, level: str | None) -> None:
    assert [one.value for one in identity_level.find(laid(typed))] == ([level] if level else [])


FIELDS = [
    ("ubah lokasi", "where"),
    ("alamatnya keliru", "where"),
    ("salah tanggal", "when"),
    ("ganti fotonya", "proof"),
    ("mau edit isi laporan", "what"),
    ("ganti jadi anonim", "identity"),
    ("lampu mati", None),
]


@pytest.mark.parametrize(("typed", "field"), FIELDS, ids=[row[0] for row in FIELDS])
def test_changed_field(typed: str, field: str | None) -> None:
    assert [one.value for one in changed_field.find(laid(typed))] == ([field] if field else [])


@pytest.mark.parametrize(
    "typed", ["iya", "y", "Ya pak", "inggih", "oke siap", "bener", "👍", "nggih leres", "muhun", "hi'ih"]
)
def test_yes(typed: str) -> None:
    assert yes_or_no(laid(typed)) == "yes"


@pytest.mark.parametrize(
    "typed", ["gak", "tdk", "bukan", "kada", "nggak usah", "mboten", "belum", "👎", "henteu", "ndak pak"]
)
def test_no(typed: str) -> None:
    assert yes_or_no(laid(typed)) == "no"


@pytest.mark.parametrize("typed", ["", "jalan rusak", "saya tidak tahu alamatnya di mana", "3"])
def test_neither_yes_nor_no(typed: str) -> None:
    assert yes_or_no(laid(typed)) is None


AMOUNTS = [
    ("ada 3 titik", (3, "titik")),
    ("dua belas rumah", (12, "rumah")),
    ("diminta 50rb", (50_000, "rupiah")),
    ("Rp 150.000 per orang", (150_000, "rupiah")),
    ("1,5 juta", (1_500_000, "rupiah")),
    ("km 18 rt 5", None),
]


@pytest.mark.parametrize(("typed", "wanted"), AMOUNTS, ids=[row[0] for row in AMOUNTS])
def test_amount(typed: str, wanted: tuple[int, str] | None) -> None:
    found = [(one.value["number"], one.value["unit"]) for one in amount.find(laid(typed))]
    assert found == ([wanted] if wanted else [])


def test_who_is_affected() -> None:
    typed = "20 KK terdampak, anak sekolah ga bisa lewat"
    assert [one.value for one in affected.find(laid(typed))] == ["20 KK", "anak sekolah"]


def test_attributes_are_taken_when_said_and_left_when_denied() -> None:
    assert {(one.entity, one.value) for one in attributes.find(laid("jalan provinsi depan SMA 1"))} == {
        ("road_status", "provinsi"),
        ("school_level", "sma_smk_slb"),
    }
    assert attributes.find(laid("bukan jalan provinsi")) == []


def test_attribute_values_are_those_of_the_reference_data() -> None:
    with (ROOT / "backend/reference/options.csv").open(encoding="utf-8", newline="") as rows:
        known = {(row["attribute"], row["value"]) for row in csv.DictReader(rows)}
    with (ROOT / "bot/data/words/attributes.csv").open(encoding="utf-8", newline="") as rows:
        assert {(row["attribute"], row["value"]) for row in csv.DictReader(rows)} <= known


def test_spans_lead_back_to_the_typed_words() -> None:
    typed = "  Lampu  DPN sd 004,,  mati\nudh   seminggu 😡"
    assert all(0 <= one.start < one.end <= len(typed) for one in facts_of(typed, MONDAY_MORNING))
    assert {typed[one.start : one.end] for one in facts_of(typed, MONDAY_MORNING)} >= {
        "DPN sd 004",
        "udh   seminggu",
    }


@pytest.mark.parametrize("typed", ["", " ", "?", "😡", "(((", "2", "²", "/", "-" * 50, "9" * 500, "a" * 5000])
def test_nothing_breaks(typed: str) -> None:
    assert isinstance(facts_of(typed, MONDAY_MORNING), list)
