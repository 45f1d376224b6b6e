"""Meta's door: the handshake, and webhooks that are answered only when everything in them is committed."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass, field

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, text

from backend.channels.whatsapp.intake import Intake
from backend.channels.whatsapp.signature import HEADER, challenge, is_genuine
from backend.channels.whatsapp.translation import translate
from backend.web.hygiene import RequestRefused, json_of

log = logging.getLogger(__name__)

PATH = "/api/whatsapp/webhook"
BEARER = "Bearer "


@dataclass(frozen=True)
class Webhook:
    """The handlers. `secrets` sign what Meta sends; a provider that does not sign knows `key` instead."""

    intake: Intake
    number: str
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
        """Everything in it is stored when this is answered; otherwise 503, and Meta sends it again."""
        if not self._may(request):
            raise RequestRefused("whatsapp_forbidden", 401, "webhook without a genuine signature")
        for heard in translate(json_of(request), self.number):
            await self.intake.take(heard)
        return empty(status=200)

    def _may(self, request: Request) -> bool:
        if self.key:
            told = request.headers.get("authorization", "").removeprefix(BEARER)
            return hmac.compare_digest(told.encode("utf-8", "replace"), self.key.encode())
        return is_genuine(request.body or b"", request.headers.get(HEADER), self.secrets)
