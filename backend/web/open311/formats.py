"""JSON and XML of GeoReport v2 from the same rows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from sanic import HTTPResponse
from sanic.response import raw

JSON_TYPE, XML_TYPE = "application/json; charset=utf-8", "text/xml; charset=utf-8"
# What XML 1.0 cannot hold even escaped: control characters, lone surrogates, two noncharacters.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Row = Mapping[str, Any]


def answer(fmt: str, root: str, item: str, rows: Sequence[Row], status: int = 200) -> HTTPResponse:
    """A list of rows; in XML `<root><item>…</item></root>`. `fmt` is `json` or `xml`."""
    if fmt == "xml":
        return raw(as_xml(root, item, rows), status=status, content_type=XML_TYPE)
    return raw(json.dumps(list(rows), ensure_ascii=False).encode(), status=status, content_type=JSON_TYPE)


def single(fmt: str, root: str, row: Row, status: int = 200) -> HTTPResponse:
    """One object: service definition and discovery are no lists."""
    if fmt == "xml":
        element = ElementTree.Element(root)
        _fill(element, row)
        return raw(_written(element), status=status, content_type=XML_TYPE)
    return raw(json.dumps(row, ensure_ascii=False).encode(), status=status, content_type=JSON_TYPE)


def problem(fmt: str, code: int, description: str) -> HTTPResponse:
    """An error of the specification: a list of `code` and `description`, with the HTTP status of the code."""
    return answer(fmt, "errors", "error", [{"code": code, "description": description}], status=code)


def as_xml(root: str, item: str, rows: Sequence[Row]) -> bytes:
    """One element per row, one child per field; None is an empty element.

    >>> as_xml("a", "b", [{"c": "<d>"}]).decode().splitlines()[-1]
    '<a><b><c>&lt;d&gt;</c></b></a>'
    """
    top = ElementTree.Element(root)
    for row in rows:
        _fill(ElementTree.SubElement(top, item), row)
    return _written(top)


def _fill(element: ElementTree.Element, row: Row) -> None:
    for name, value in row.items():
        child = ElementTree.SubElement(element, name)
        if isinstance(value, Mapping):
            _fill(child, value)
        elif isinstance(value, list):
            for one in value:
                part = ElementTree.SubElement(child, name.removesuffix("s"))
                _fill(part, one) if isinstance(one, Mapping) else _write(part, one)
        elif value is not None:
            _write(child, value)


def _write(element: ElementTree.Element, value: object) -> None:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    element.text = UNWRITABLE.sub("\ufffd", text)


def _written(element: ElementTree.Element) -> bytes:
    written: bytes = ElementTree.tostring(element, encoding="utf-8", xml_declaration=True)
    return written
