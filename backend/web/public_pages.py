"""Pages for everybody: the chat, privacy, health."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from backend.web import urls
from backend.web.ports import Site
from backend.web.templates import page


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
        """Whether the parts work; 503 until all do."""
        parts = self.site.is_ready()
        version = self.site.services.reference_version
        told = {"ready": all(parts.values()), "parts": parts, "reference_version": version}
        return json(told, status=200 if told["ready"] else 503)
