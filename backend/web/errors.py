"""The only place that turns an error into a status and the person's sentence."""

from __future__ import annotations

import logging
import math
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import json, redirect

from backend.cases.errors import CaseNotFound, CodeMistyped, DomainError
from backend.conversations.identity import NoRoom
from backend.persistence.errors import DatabaseUnavailable, KeyDestroyed
from backend.reference.loader import Reference
from backend.web import urls
from backend.web.desk.guard import SignInNeeded
from backend.web.hygiene import RequestRefused, drain
from backend.web.templates import page
from backend.web.traces import trace_of
from backend.web.uploads import UploadRefused

log = logging.getLogger(__name__)

STATUS_OF: dict[type[Exception], int] = {CaseNotFound: 404, CodeMistyped: 422}
PROTOCOL_KEYS = {413: "web_too_large", 404: "web_not_found", 405: "web_not_found", 400: "web_malformed"}


@dataclass(frozen=True)
class Problem:
    """What an error means outside: a status, the key of the person's sentence, and when trying again makes sense."""

    status: int
    key: str
    retry_after_s: float | None = None
    log_id: str | None = None


def problem_of(error: Exception) -> Problem:
    """Every error has one; an unexpected one gets a number that the person can name and the log knows."""
    if isinstance(error, RequestRefused):
        return Problem(error.status, error.key, error.wait_s)
    if isinstance(error, UploadRefused):
        return Problem(413 if error.key == "web_upload_too_large" else 415, error.key)
    if isinstance(error, NoRoom):
        return Problem(507, "web_upload_no_room")
    if isinstance(error, DomainError):
        return Problem(STATUS_OF.get(type(error), 409), error.sentence)
    if isinstance(error, DatabaseUnavailable | KeyDestroyed):
        return Problem(503, "web_not_stored", 3.0)
    if isinstance(error, SanicException):
        return Problem(error.status_code, PROTOCOL_KEYS.get(error.status_code, "web_failed"))
    return Problem(500, "web_failed", log_id=uuid.uuid4().hex[:8])


def register(
    app: Sanic[Any, Any], reference: Reference, not_stored: Callable[[str], None] = lambda why: None
) -> None:
    """Answer every error of this app: JSON under /api, a page elsewhere, never a detail of ours. `not_stored` is told why the database
    took nothing."""

    @app.exception(Exception)
    async def answer(request: Request, error: Exception) -> HTTPResponse:
        problem = problem_of(error)
        route = request.route.path if request.route else "-"
        if problem.log_id:
            log.error("request failed route=%s log_id=%s at %s", route, problem.log_id, trace_of(error))
        else:
            log.info("request refused route=%s key=%s why=%s", route, problem.key, type(error).__name__)
        if isinstance(error, DatabaseUnavailable):
            not_stored(str(error))
        if problem.status == 413:
            drain(request)
        if isinstance(error, SignInNeeded) and request.method in {"GET", "HEAD"}:
            return redirect(f"{urls.SIGN_IN}?lanjut={quote(request.path)}", status=303)
        response = _response(request, problem, reference.sentence(problem.key))
        if problem.retry_after_s is not None:
            response.headers["Retry-After"] = str(math.ceil(problem.retry_after_s))
        return response


def _response(request: Request, problem: Problem, sentence: str) -> HTTPResponse:
    if request.path.startswith("/api/"):
        # RFC 9457; `detail` is for the person, `code` and `log_id` are extension members.
        told = {
            "type": "about:blank",
            "title": HTTPStatus(problem.status).phrase,
            "status": problem.status,
            "detail": sentence,
            "code": problem.key,
            "log_id": problem.log_id,
        }
        return json(told, status=problem.status, content_type="application/problem+json")
    return page("error.html", request, status=problem.status, sentence=sentence, log_id=problem.log_id)
