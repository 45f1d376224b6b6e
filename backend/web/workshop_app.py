"""What the door asks the workshop, on a socket of their own: how the engines are, figures of turns, another model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from sanic import HTTPResponse, Request, Sanic
from sanic.response import json, raw

from backend.engine_crew import ModelNotServed
from backend.web.hygiene import json_of
from backend.web.internal import failed, only_with, refused

STATE, FIGURES, MODEL = "/workshop/state", "/workshop/figures", "/workshop/model"


class Asked(Protocol):
    """Who answers: the workshop."""

    @property
    def model(self) -> str | None: ...
    @property
    def serving(self) -> Path | None: ...
    async def change(self, archive: Path) -> float: ...
    async def turn_figures(self) -> bytes: ...


def workshop_app(name: str, workshop: Asked, secret: str) -> Sanic[Any, Any]:
    """The app; whoever does not know `secret` gets nothing."""
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.ACCESS_LOG = False
    app.config.TOUCHUP = False  # it rewrites the class, so a second app of the process would not start
    app.config.RESPONSE_TIMEOUT = 120
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.register_middleware(partial(only_with, f"Bearer {secret}".encode()), "request")
    answers = Answers(workshop)
    app.add_route(answers.state, STATE, methods=["GET"])
    app.add_route(answers.figures, FIGURES, methods=["GET"])
    app.add_route(answers.change_model, MODEL, methods=["POST"])
    app.exception(Exception)(failed)
    return app


@dataclass(frozen=True)
class Answers:
    """The handlers."""

    workshop: Asked

    async def state(self, request: Request) -> HTTPResponse:
        """Which model answers turns, and the archive it comes from."""
        serving = self.workshop.serving
        return json({"model": self.workshop.model, "serving": str(serving) if serving else None})

    async def figures(self, request: Request) -> HTTPResponse:
        """Figures of turns in Prometheus' text format."""
        return raw(await self.workshop.turn_figures(), content_type="text/plain; charset=utf-8")

    async def change_model(self, request: Request) -> HTTPResponse:
        """Serve another archive; answers when new turns see it."""
        try:
            took_s = await self.workshop.change(Path(str(json_of(request)["archive"])))
        except ModelNotServed as refusal:
            return refused(409, "model_not_served", str(refusal))
        return json({"took_s": took_s})
