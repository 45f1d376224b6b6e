"""The internal listener: the engine's actions ask their questions here. Unix socket or loopback only, shared secret.

The bodies hold what citizens wrote, so nothing of a request is logged.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import json

from backend.cases.errors import DomainError
from backend.usecases.ports import UnitOfWorkFactory
from backend.usecases.questions import UnknownQuestion, answer
from backend.usecases.services import Services
from backend.web.hygiene import RequestRefused, json_of
from backend.web.traces import trace_of

log = logging.getLogger(__name__)

LARGEST_QUESTION = 256 * 1024


def internal_app(name: str, open_uow: UnitOfWorkFactory, services: Services, secret: str) -> Sanic[Any, Any]:
    """A Sanic app with `POST /internal/questions/<name>`; nothing else is answered."""
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_QUESTION
    app.config.ACCESS_LOG = False
    app.config.TOUCHUP = False  # it rewrites the class, so a second app of the process would not start
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.register_middleware(partial(only_with, f"Bearer {secret}".encode()), "request")
    app.add_route(Questions(open_uow, services).ask, "/internal/questions/<question:str>", methods=["POST"])
    app.exception(Exception)(failed)
    return app


@dataclass(frozen=True)
class Questions:
    """The one handler."""

    open_uow: UnitOfWorkFactory
    services: Services

    async def ask(self, request: Request, question: str) -> HTTPResponse:
        """Answer one question; a failed look-up is counted, so the unit of work is committed. Rehearsals count for nothing."""
        try:
            data = json_of(request)
            asked_at = _time_of(data)
            async with self.open_uow() as uow:
                conversation = str(data.get("conversation", ""))
                found = await answer(question, data, conversation, asked_at, uow, self.services)
                if data.get("rehearsal") is not True:
                    await uow.commit()
        except RequestRefused as refusal:
            return refused(400, "malformed", str(refusal))
        except UnknownQuestion:
            return refused(404, "unknown_question", question)
        except DomainError as refusal:
            log.warning("question refused question=%s code=%s", question, refusal.code)
            return refused(422, refusal.code, str(refusal))
        return json(found)


async def only_with(expected: bytes, request: Request) -> HTTPResponse | None:
    """Whoever does not show the secret gets nothing."""
    if hmac.compare_digest(request.headers.get("authorization", "").encode(), expected):
        return None
    return refused(401, "not_one_of_us", "the secret of the caller is not ours")


async def failed(request: Request, error: Exception) -> HTTPResponse:
    """Nothing of the request is logged or sent back: it holds what citizens wrote."""
    if isinstance(error, SanicException):
        return refused(error.status_code, "not_answered", type(error).__name__)
    log.error("question failed route=%s at %s", request.route and request.route.path, trace_of(error))
    return refused(500, "question_failed", "see the log")


def _time_of(data: Mapping[str, Any]) -> datetime:
    try:
        asked_at = datetime.fromisoformat(str(data.get("now")))
    except ValueError as failure:
        raise RequestRefused("web_malformed", 400, "`now` is no ISO time") from failure
    if asked_at.tzinfo is None:
        raise RequestRefused("web_malformed", 400, "`now` has no offset")
    return asked_at


def refused(status: int, code: str, sentence: str) -> HTTPResponse:
    """An error as our own processes read it."""
    return json({"error": {"code": code, "log": sentence}}, status=status)
