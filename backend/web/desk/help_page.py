"""`/meja/bantuan`: what this position's day looks like, one question at a time."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.access import Officer
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.ports import Site


@dataclass(frozen=True)
class HelpPage:
    """The page; it changes nothing."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its route."""
        pages = Blueprint("help")
        pages.add_route(self.show, urls.HELP, methods=["GET"], name="show_help")
        return pages

    @needs()
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """Questions and answers for the role that asks."""
        return desk_page("help.html", request, officer)
