"""Who may review: an officer whose role it is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from sanic import HTTPResponse, Request

from backend.cases.access import Act, Officer
from backend.web.desk.guard import csrf_token, needs

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


@dataclass(frozen=True)
class Reviewer:
    """Somebody who may review: a name for the records (the position's id), and the token that every form of theirs carries."""

    name: str
    csrf: str


def reviewers_only(handler: Handler) -> Handler:
    """For a handler `async def show(self, request, reviewer, …)`: an officer who may review is in, and an unsafe request carries the
    token."""

    @needs(Act.REVIEW_LANGUAGE)
    async def checked(self: Any, request: Request, officer: Officer, **parts: Any) -> HTTPResponse:
        return await handler(self, request, Reviewer(officer.id, csrf_token(request)), **parts)

    functools.update_wrapper(checked, handler, updated=())
    return checked
