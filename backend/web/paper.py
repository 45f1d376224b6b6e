"""Pages for paper: a template becomes a PDF. Nothing is fetched: no link, no picture, no font from anywhere but this machine."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from typing import Any

from backend.cases.safe_cell import without_unwritable
from backend.web.templates import environment

STYLE = Path(__file__).resolve().parent / "static" / "paper.css"
PDF_TYPE = "application/pdf"


class NothingIsFetched(Exception):
    """A page for paper tried to load something."""


async def printed(template: str, **values: Any) -> bytes:
    """The PDF; drawn in a thread, since it takes a second or two of thinking."""
    html = environment().get_template(template).render(style=_style(), **values)
    return await asyncio.to_thread(_drawn, without_unwritable(html))


@cache
def _style() -> str:
    return STYLE.read_text(encoding="utf-8")


def _drawn(html: str) -> bytes:
    from weasyprint import HTML  # type: ignore[import-untyped]  # loads Pango: only whoever prints needs it

    drawn: bytes = HTML(string=html, url_fetcher=_refuse).write_pdf()
    return drawn


def _refuse(url: str, *_: Any, **__: Any) -> Any:
    raise NothingIsFetched(url)
