"""Templates: values in, HTML out, everything escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import HTTPResponse, Request
from sanic.response import html

from backend.web import urls

FOLDER = Path(__file__).resolve().parent / "templates"


@cache
def environment() -> Environment:
    """The one environment; a name that a page was not given is an error, not an empty string."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["urls"] = urls
    return made


def page(template: str, request: Request, *, status: int = 200, **values: Any) -> HTTPResponse:
    """A rendered page."""
    return html(environment().get_template(template).render(path=request.path, **values), status=status)
