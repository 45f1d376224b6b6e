"""Pages for everybody: the chat, privacy, health."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from backend.web import urls
from backend.web.ports import Site
from backend.web.templates import page

DATABASE_S = 2.0


@dataclass(frozen=True)
class PublicPages:
    """The handlers."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes of the public pages."""
        public = Blueprint("public")
        public.add_route(self.home, urls.HOME, methods=["GET"])
        public.add_route(self.privacy, urls.PRIVACY, methods=["GET"])
        public.add_route(self.healthz, urls.HEALTH, methods=["GET"])
        public.add_route(self.readyz, urls.READY, methods=["GET"])
        return public

    async def home(self, request: Request) -> HTTPResponse:
        """The chat, beside what it promises."""
        reference, home = self.site.services.reference, self.site.services.home
        facts = reference.facts("emergency", home)
        numbers = [
            (facts[f"{name}_label"].value, one.value)
            for name, one in facts.items()
            if f"{name}_label" in facts
        ]
        return page("home.html", request, desk=reference.regencies[home].name, emergency=numbers)

    async def privacy(self, request: Request) -> HTTPResponse:
        """Who reads what."""
        return page("privacy.html", request)

    async def healthz(self, request: Request) -> HTTPResponse:
        """The process lives."""
        return json({"alive": True})

    async def readyz(self, request: Request) -> HTTPResponse:
        """Whether people may be sent here: what they write is stored, and we are not about to stop. That engines are away turns nobody
        away: with `?all=1`, for a start, every part must work."""
        parts = {"database": await self._database_answers(), **self.site.is_ready()}
        wanted = all(parts.values()) if request.args.get("all") else parts["database"]
        leaving = self.site.leaving.is_set()
        told = {
            "ready": all(parts.values()),
            "leaving": leaving,
            "parts": parts,
            "reference_version": self.site.services.reference_version,
        }
        return json(told, status=200 if wanted and not leaving else 503)

    async def _database_answers(self) -> bool:
        """Soon; one that takes longer does not answer."""
        try:
            async with asyncio.timeout(DATABASE_S):
                return await self.site.database.is_answering()
        except TimeoutError:
            return False
