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
    drawn: bytes = _printer().HTML(string=html, url_fetcher=_refuse).write_pdf()
    return drawn


@cache
def _printer() -> Any:
    """WeasyPrint, loaded by whoever prints first: it brings Pango along.

    On being imported it tells Pillow, for the whole process, to take half a picture for a whole one; then a citizen's photo that
    broke off on its way would be kept as if it had arrived. That is taken back.
    """
    import weasyprint  # type: ignore[import-untyped]
    from PIL import ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def _refuse(url: str, *_: Any, **__: Any) -> Any:
    raise NothingIsFetched(url)
