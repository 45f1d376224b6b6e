"""Words on their way out: what is pointed at, what is left alone, and that every template is good to send."""

import pytest

from backend.cases.case import IdentityLevel
from backend.reference.loader import load
from backend.reference.reply_templates import VARIABLES, ReplyTemplate
from backend.review.outgoing import findings, hints
from backend.usecases.fill_words import fill_words
from tests.support.builders import NOW, a_case

REFERENCE = load()
NOTE = "kontraktor lama belum dibayar sejak bulan Maret, jangan disebut dulu"
TABLE = [
    ("Terima kasih, sudah kami perbaiki kemarin.", []),
    ("Hubungi 0812-3456-7890 ya.", ["identifier"]),
    ("NIK 6408041203900001 sudah kami catat.", ["identifier"]),
    ("Surel ke budi@contoh.id.", ["identifier"]),
    ("Mobil KT 1234 AB itu milik siapa?", ["identifier"]),
    ("Temui Pak Budi Santoso di loket.", ["identifier"]),
    ("Selesai pada [tulis tanggal], paling lambat {batas}.", ["unfilled", "unfilled"]),
    ("Maaf, kontraktor lama BELUM dibayar; sejak bulan maret kami tunggu.", ["note"]),
    ("Kontraktor lama sudah diganti.", []),
]


@pytest.mark.parametrize(("text", "kinds"), TABLE, ids=[text for text, _ in TABLE])
def test_what_is_found(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in findings(text, [NOTE])] == kinds


def test_the_number_of_an_office_is_nobodys() -> None:
    assert findings("Telepon kantor kami 0549-123456.", (), ["(0549) 123456"]) == ()


def test_hard_words_and_long_sentences_are_named() -> None:
    long = "Kami " + "sangat " * 30 + "menyesal."
    found = hints(f"{long} Sehubungan dengan itu akan ditindaklanjuti OPD.", REFERENCE.jargon)
    assert found[0].n == 32
    assert [one.text for one in found[1:]] == ["sehubungan dengan", "ditindaklanjuti", "opd"]


@pytest.mark.parametrize("one", REFERENCE.reply_templates, ids=lambda one: one.code)
def test_a_template_is_plain_and_filled_for_any_case(one: ReplyTemplate) -> None:
    assert hints(one.text, REFERENCE.jargon) == ()
    for case in (a_case(), a_case(identity_level=IdentityLevel.ANONYMOUS, issue="lainnya")):
        filled = fill_words(one.text, case, REFERENCE, NOW)
        assert "{" not in filled
        left = [found.kind for found in findings(filled, (), REFERENCE.public_contacts())]
        assert set(left) <= {"unfilled"}, filled


def test_every_variable_has_a_value_and_strange_ones_stay() -> None:
    text = " ".join(f"{{{name}}}" for name in sorted(VARIABLES))
    assert "{" not in fill_words(text, a_case(), REFERENCE, NOW)
    assert fill_words("{nama} {nomor}", a_case(), REFERENCE, NOW) == "{nama} TEST-0001"
