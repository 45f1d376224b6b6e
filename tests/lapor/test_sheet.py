"""The sheet goes out without a formula and comes back with clear errors."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cases.case import ReportClass
from backend.cases.safe_cell import writable
from backend.cases.submission import Submission
from backend.lapor import sheet
from backend.reference.lapor_fields import lapor_fields
from backend.reference.loader import load

FORM, REFERENCE = lapor_fields(), load()
SENT = Submission(
    reference="TEST-0001",
    report_class=ReportClass.COMPLAINT,
    title="Lampu jalan mati di Sangatta",
    content='lampu "mati"\ntiga malam; gelap, sekali',
    happened_on=date(2026, 11, 20),
    place="depan pasar",
    category="PERHUBUNGAN",
    leaf="",
    agency="Dinas Perhubungan",
    anonymous=False,
    secret=True,
)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@given(st.text(), st.text())
def test_no_cell_is_a_formula_and_no_word_is_lost(content: str, place: str) -> None:
    whole = replace(SENT, content="=" + content, place=place, title="-" + place)
    head, line = rows_of(sheet.written([whole], REFERENCE, FORM))
    assert len(head) == len(line) == len(FORM) + 1
    assert not [cell for cell in line if cell.strip()[:1] in tuple("=+-@|%")]
    assert line[head.index("Isi")].replace("'", "") == writable(whole.content).replace("'", "")


def test_a_sheet_comes_back_with_its_numbers() -> None:
    head, line = rows_of(sheet.written([SENT], REFERENCE, FORM))
    for separator in ",;":
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator)
        writer.writerow(head)
        writer.writerow([*line[:-1], "#7654321"])
        writer.writerow([*line[:-1], ""])
        writer.writerow([*line[:-1], "7654321"])
        writer.writerow([*line[:-1], "tidak tahu"])
        found = [
            (one.row, one.reference, one.number, one.problem) for one in sheet.read(out.getvalue(), FORM)
        ]
        assert found == [
            (2, "TEST-0001", "7654321", None),
            (4, "TEST-0001", "7654321", "lapor_number_taken"),
            (5, "TEST-0001", "tidak tahu", "lapor_number_wrong"),
        ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "lapor_sheet_columns"),
        ("a,b\n1,2\n", "lapor_sheet_columns"),
        ('Nomor kami,Nomor LAPOR!\n"x', "lapor_sheet_broken"),
        ("Nomor kami,Nomor LAPOR!\n" + "a,\n" * 5001, "lapor_sheet_long"),
    ],
)
def test_what_is_no_sheet_of_ours_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(sheet.SheetRefused, match=why):
        sheet.read(text, FORM)
    assert REFERENCE.sentence(why)
