"""`/metrics`: the figures of `metrics.py` for whoever has the token of the settings."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import BaseHTTPResponse, raw

from backend.persistence.errors import DatabaseUnavailable
from backend.web import urls
from backend.web.hygiene import RequestRefused
from backend.web.metrics import channel_of
from backend.web.ports import Site

log = logging.getLogger(__name__)

DATABASE_S = 5.0


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
        metrics = self.site.metrics
        metrics.reference.set(self.site.services.reference_version)
        parts = {"database": await self._asked_the_database(), **self.site.is_ready()}
        for part, works in parts.items():
            metrics.parts.labels(part).set(int(works))
        return raw(await metrics.text(), content_type=CONTENT_TYPE_LATEST)

    async def _asked_the_database(self) -> bool:
        """Whether it stores and tells; while it does not, the other figures are told all the same, and its own are the last known."""
        metrics, pipeline = self.site.metrics, self.site.pipeline
        try:
            async with asyncio.timeout(DATABASE_S):
                metrics.set_pulse(await pipeline.pulse())
                metrics.set_hosts(await pipeline.hosts())
                metrics.commit.set(await self.site.database.commit_s())
        except (DatabaseUnavailable, TimeoutError) as failure:
            log.warning("figures without the database error=%s", type(failure).__name__)
            return False
        return True

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
