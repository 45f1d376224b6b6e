"""Sheets and bundles that are written while they are sent: no file on a disk, no page of it kept in memory.

A workbook is written here and not by a library because libraries keep the sheet, or a plain copy of it on the disk, until it is whole.
Its cells are strings or numbers; there is no way to write a formula or a link.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Protocol
from xml.sax.saxutils import escape

from backend.cases.safe_cell import begins_like_a_formula, safe_cell, writable

Value = str | int | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP_TYPE = "application/zip"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets><sheet name="Laporan" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    # 0: as it is · 1: a heading · 2: a text that looks like a formula and stays a text when somebody edits it
    "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/><xf quotePrefix="1" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


class Sheet(Protocol):
    """Bytes that follow each other: the beginning with the headings, rows, the end."""

    def begin(self, headings: Sequence[str]) -> bytes: ...

    def rows(self, rows: Sequence[Sequence[Value]]) -> bytes: ...

    def end(self) -> bytes: ...


class CsvSheet:
    """Every cell quoted, none a formula."""

    def begin(self, headings: Sequence[str]) -> bytes:
        return b"\xef\xbb\xbf" + self.rows([headings])

    def rows(self, rows: Sequence[Sequence[Value]]) -> bytes:
        out = io.StringIO()
        written = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        for row in rows:
            written.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
        return out.getvalue().encode("utf-8", "replace")

    def end(self) -> bytes:
        return b""


class _Sink(io.RawIOBase):
    """Takes what a zip writes and gives it away; it cannot go back, so the zip does not try."""

    def __init__(self) -> None:
        self._taken = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        block = bytes(data)  # type: ignore[call-overload]
        self._taken += block
        return len(block)

    def take(self) -> bytes:
        block = bytes(self._taken)
        self._taken.clear()
        return block


class Bundle:
    """A zip of members written one after the other."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)
        self._member: io.BufferedIOBase | None = None

    def member(self, name: str) -> bytes:
        """Begin a member; the one before is closed."""
        self._close()
        self._member = self._zip.open(name, "w", force_zip64=True)  # type: ignore[assignment]
        return self._sink.take()

    def write(self, block: bytes) -> bytes:
        """Go on with it; what can be sent already."""
        if self._member is None:
            raise ValueError("no member was begun")
        self._member.write(block)
        return self._sink.take()

    def end(self) -> bytes:
        self._close()
        self._zip.close()
        return self._sink.take()

    def _close(self) -> None:
        if self._member is not None:
            self._member.close()
            self._member = None


class XlsxSheet:
    """A workbook with one sheet."""

    def __init__(self) -> None:
        self._bundle = Bundle()

    def begin(self, headings: Sequence[str]) -> bytes:
        out = b""
        for name, text in _PARTS.items():
            out += self._bundle.member(name) + self._bundle.write(text.encode())
        out += self._bundle.member("xl/worksheets/sheet1.xml")
        columns = f'<cols><col min="1" max="{len(headings)}" width="24" customWidth="1"/></cols>'
        pane = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        start = f'{_HEAD}<worksheet xmlns="{_MAIN}">{pane}{columns}<sheetData>'
        cells = "".join(_text_cell(one, style=1) for one in headings)
        return out + self._bundle.write(f"{start}<row>{cells}</row>".encode())

    def rows(self, rows: Sequence[Sequence[Value]]) -> bytes:
        written = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        return self._bundle.write(written.encode())

    def end(self) -> bytes:
        return self._bundle.write(b"</sheetData></worksheet>") + self._bundle.end()


def _cell(value: Value) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return _text_cell(value, style=2 if begins_like_a_formula(value) else 0)


def _text_cell(text: str, style: int) -> str:
    kept = escape(writable(text).replace("\r\n", "\n").replace("\r", "\n"))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{kept}</t></is></c>'


SHEETS: dict[str, tuple[type[CsvSheet] | type[XlsxSheet], str]] = {
    "csv": (CsvSheet, CSV_TYPE),
    "xlsx": (XlsxSheet, XLSX_TYPE),
}
