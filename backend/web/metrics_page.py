"""`/metrics`: the figures of `metrics.py` for whoever has the token of the settings."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import BaseHTTPResponse, raw

from backend.web import urls
from backend.web.hygiene import RequestRefused
from backend.web.metrics import channel_of
from backend.web.ports import Site


@dataclass(frozen=True)
class MetricsPage:
    """Without a token in the settings the page does not exist."""

    site: Site

    def blueprint(self) -> Blueprint:
        """The route."""
        blueprint = Blueprint("metrics")
        blueprint.add_route(self.show, urls.METRICS, methods=["GET"], name="show_metrics")
        return blueprint

    async def show(self, request: Request) -> HTTPResponse:
        """All figures in Prometheus' text format; 404 for strangers."""
        token = self.site.settings.metrics_token
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token is None or not hmac.compare_digest(given.encode(), token.get_secret_value().encode()):
            raise RequestRefused("web_not_found", 404, "metrics asked without their token")
        self.site.metrics.set_pulse(await self.site.pipeline.pulse())
        self.site.metrics.reference.set(self.site.services.reference_version)
        self.site.metrics.set_hosts(await self.site.pipeline.hosts())
        for part, works in self.site.is_ready().items():
            self.site.metrics.parts.labels(part).set(int(works))
        return raw(await self.site.metrics.text(), content_type=CONTENT_TYPE_LATEST)

    async def began(self, request: Request) -> None:
        """Before a request."""
        request.ctx.began = time.perf_counter()
        self.site.metrics.answering += 1

    async def ended(self, request: Request, response: BaseHTTPResponse) -> None:
        """After it; a path that is no route counts as one."""
        began = getattr(request.ctx, "began", None)
        if began is None:  # refused before it was read
            return
        self.site.metrics.answering -= 1
        route = request.route.path if request.route else "-"
        self.site.metrics.requests.labels(
            channel_of(route), route, request.method, str(response.status)
        ).observe(time.perf_counter() - began)
