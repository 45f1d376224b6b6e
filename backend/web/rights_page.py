"""`/status/hak`: who has just opened a report by its code corrects, restricts or erases it, and gets a receipt to keep."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.errors import DraftInvalid
from backend.usecases.rights import RECTIFIABLE
from backend.usecases.rights_by_code import RIGHTS, use_right
from backend.web import urls
from backend.web.hygiene import form_text
from backend.web.ports import Site
from backend.web.status_page import page_key
from backend.web.templates import page

LONGEST_TEXT = 4_000


@dataclass(frozen=True)
class RightsPage:
    """The questions, and the receipt. Works without JavaScript."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its routes."""
        rights = Blueprint("rights")
        rights.add_route(self.ask, urls.STATUS_RIGHTS, methods=["POST"], name="ask_rights")
        rights.add_route(self.use, urls.STATUS_RIGHT, methods=["POST"], name="use_right")
        return rights

    async def ask(self, request: Request) -> HTTPResponse:
        """What may be done with the report that the token opens; an unknown token finds nothing only when a right is used."""
        return _questions(request, form_text(request, "token"))

    async def use(self, request: Request) -> HTTPResponse:
        """One right, done at once."""
        token, what = form_text(request, "token"), form_text(request, "right")
        text, field = form_text(request, "text").strip(), form_text(request, "field")
        problem = _problem(what, field, text, form_text(request, "sure"))
        if problem:
            said = self.site.services.reference.sentence(problem)
            return _questions(request, token, said, what, text)
        async with self.site.open_uow() as uow:
            receipt = await use_right(
                what,
                page_key(self.site),
                token,
                uow,
                self.site.services,
                self.site.clock(),
                field=field,
                text=text,
            )
            await uow.commit()
        return page("right_receipt.html", request, receipt=receipt, what=what)


def _questions(
    request: Request, token: str, problem: str = "", problem_of: str = "", text: str = ""
) -> HTTPResponse:
    return page(
        "rights.html",
        request,
        status=422 if problem else 200,
        token=token,
        problem=problem,
        problem_of=problem_of,
        text=text,
    )


def _problem(what: str, field: str, text: str, sure: str) -> str | None:
    """The key of the sentence that says what is missing."""
    if what not in RIGHTS:
        raise DraftInvalid("right", "is none of ours")
    if what == "erased" and sure != "ya":
        return "right_not_sure"
    if what == "rectified" and not (field in RECTIFIABLE and 0 < len(text) <= LONGEST_TEXT):
        return "right_words_missing"
    return None
