"""Meta's door: the handshake, and webhooks that are answered only when they are kept for certain."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass, field

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, text

from backend.channels.whatsapp.letterbox import Letterbox
from backend.channels.whatsapp.signature import HEADER, challenge, is_genuine
from backend.web.hygiene import RequestRefused, json_of

log = logging.getLogger(__name__)

PATH = "/api/whatsapp/webhook"
BEARER = "Bearer "


@dataclass(frozen=True)
class Webhook:
    """The handlers. `secrets` sign what Meta sends; a provider that does not sign knows `key` instead."""

    letterbox: Letterbox
    verify_token: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    key: str = field(repr=False)

    def blueprint(self) -> Blueprint:
        """One address, two methods."""
        api = Blueprint("whatsapp")
        api.add_route(self.handshake, PATH, methods=["GET"], name="handshake")
        api.add_route(self.webhook, PATH, methods=["POST"], name="webhook")
        return api

    async def handshake(self, request: Request) -> HTTPResponse:
        """The bare challenge for whoever knows the token."""
        arguments = {name: str(request.args.get(name)) for name in request.args}
        answer = challenge(arguments, self.verify_token)
        if answer is None:
            raise RequestRefused("whatsapp_forbidden", 403, "handshake with a wrong token")
        return text(answer)

    async def webhook(self, request: Request) -> HTTPResponse:
        """It is kept when this is answered; otherwise 503, and Meta sends it again. What it says is read later: `sorting.py`."""
        if not self._may(request):
            raise RequestRefused("whatsapp_forbidden", 401, "webhook without a genuine signature")
        json_of(request)
        await self.letterbox.keep(request.body)
        return empty(status=200)

    def _may(self, request: Request) -> bool:
        if self.key:
            told = request.headers.get("authorization", "").removeprefix(BEARER)
            return hmac.compare_digest(told.encode("utf-8", "replace"), self.key.encode())
        return is_genuine(request.body or b"", request.headers.get(HEADER), self.secrets)
