"""Who may review: an officer whose role it is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from sanic import HTTPResponse, Request

from backend.cases.access import Act, Officer
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


@dataclass(frozen=True)
class Reviewer:
    """Somebody who may review."""

    officer: Officer

    @property
    def name(self) -> str:
        """What stands in the records: the position's id."""
        return self.officer.id

    def page(self, template: str, request: Request, **values: Any) -> HTTPResponse:
        """A page in the frame of the desk."""
        return desk_page(template, request, self.officer, **values)


def reviewers_only(handler: Handler) -> Handler:
    """For a handler `async def show(self, request, reviewer, …)`: an officer who may review is in, and an unsafe request carries the
    token."""

    @needs(Act.REVIEW_LANGUAGE)
    async def checked(self: Any, request: Request, officer: Officer, **parts: Any) -> HTTPResponse:
        return await handler(self, request, Reviewer(officer), **parts)

    functools.update_wrapper(checked, handler, updated=())
    return checked
